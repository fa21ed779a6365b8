import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { inCheckout } from "./checkout";
import { shellQuote } from "./shellQuote";

export interface LoansLoaderArgs {
  /** Shell words that start the loader. */
  readonly command: string;
  /** What it connects by, over the engine's environment. */
  readonly connection?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Database and schema of the table, and its name. */
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  readonly table: string;
  /** Differs where the schema was made anew. The table went with the old one, so it is loaded again. */
  readonly schemaIncarnation: pulumi.Input<string>;
  /** URL or path of a csv or csv.gz file, `public` or `sample`. */
  readonly source: string;
  /** Digest of the source where it is a file, of the loader's code, and of what else asks for a new load when it changes. */
  readonly contentDigest: string;
  /** Codes of the states to load; none for all. */
  readonly states: readonly string[];
  /** Role that loads, and so owns the table. Left out: the connecting role. */
  readonly role?: pulumi.Input<string>;
  /** Warehouse for COPY INTO. */
  readonly warehouse: pulumi.Input<string>;
  /** How often the table was put right that somebody had dropped or replaced; it is loaded again where this differs. */
  readonly repairs: pulumi.Input<number>;
}

/**
 * The raw loans table, filled by the loader.
 *
 * The load runs again, as an update, when an input changes: the source, its options, the loader's code, the schema. It is
 * never a replacement, since the loader replaces the rows itself, at once, and keeps the table. Rows that somebody loads
 * by hand afterwards stay; they are data, not a change of the stack.
 */
export class LoansLoader extends pulumi.ComponentResource {
  /** Name of the table, known once it is loaded. */
  readonly table: pulumi.Output<string>;
  /** Differs where the load ran on other inputs. Who reads the loaded rows compares it. */
  readonly loadDigest: pulumi.Output<string>;

  constructor(name: string, args: LoansLoaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:LoansLoader", name, args, opts);
    const options = pulumi
      .all([args.database, args.schema])
      .apply(([database, schema]) => [
        "--source",
        args.source,
        ...(args.states.length > 0 ? ["--states", args.states.join(",")] : []),
        "--database",
        database,
        "--schema",
        schema,
        "--table",
        args.table,
      ]);
    const load = new command.local.Command(
      `${name}-load`,
      {
        create: options.apply((words) => inCheckout(`${args.command} ${words.map(shellQuote).join(" ")}`)),
        interpreter: ["/bin/sh", "-c"],
        environment: {
          ...args.connection,
          ...(args.role === undefined ? {} : { SNOWFLAKE_ROLE: args.role }),
          SNOWFLAKE_WAREHOUSE: args.warehouse,
          WORKSHOP_CONTENT: args.contentDigest,
          WORKSHOP_SCHEMA_INCARNATION: args.schemaIncarnation,
          WORKSHOP_REPAIR: pulumi.output(args.repairs).apply(String),
        },
        // The outputs of the run before are of no use to the next, and large.
        addPreviousOutputInEnv: false,
      },
      // Parentage is no order: the command itself comes after what the component comes after.
      { parent: this, dependsOn: opts?.dependsOn },
    );
    this.table = load.id.apply(() => args.table);
    this.loadDigest = pulumi
      .all([options, args.schemaIncarnation, args.repairs])
      .apply((inputs) => digestOf([...inputs.flat().map(String), args.contentDigest]));
    this.registerOutputs({ table: this.table, loadDigest: this.loadDigest });
  }
}

function digestOf(inputs: readonly string[]): string {
  return createHash("sha256").update(inputs.join("\0")).digest("hex").slice(0, 16);
}

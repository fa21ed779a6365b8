import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { inCheckout } from "./checkout";

export interface DbtBuildArgs {
  /** Shell words that start dbt. */
  readonly command: string;
  /** Environment of dbt, from dbtEnvironment; with what it connects by where that is not the engine's environment. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** The dbt project's files with their digests: models, macros, seeds and settings. */
  readonly content: string;
  /** Differs where the raw loans were loaded on other inputs. */
  readonly loadDigest: pulumi.Input<string>;
  /** Differs where the attendee's schema was made anew, so that all must be built again. */
  readonly schemaIncarnation: pulumi.Input<string>;
  /** How often it was put right what somebody had changed by hand; dbt runs again where this differs. */
  readonly repairs: pulumi.Input<number>;
}

/**
 * What `dbt build` makes of the project balboa, its data tests kept alive in a view. It judges what was loaded last: the
 * staging table is refreshed first.
 *
 * dbt runs again, as an update, when an input changes: the project, its settings, the load, the schema. It is never a
 * replacement, as there is nothing to delete: what dbt built goes with the database. A data test that fails, fails the
 * update; dbt's own summary is in the output.
 */
export class DbtBuild extends pulumi.ComponentResource {
  /** What dbt printed, known once the build was green. */
  readonly stdout: pulumi.Output<string>;

  constructor(name: string, args: DbtBuildArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:DbtBuild", name, args, opts);
    // Where no role is given, the connecting one's variable may be unset; the profile's default would then name a role
    // that the account does not have.
    const role = args.environment.SNOWFLAKE_ROLE === undefined ? 'SNOWFLAKE_ROLE="${SNOWFLAKE_ROLE-}" ' : "";
    const build = new command.local.Command(
      `${name}-build`,
      {
        create: inCheckout(
          `${role}${args.command} --no-use-colors build --project-dir dbt --profiles-dir dbt ` +
            `--vars '{"persist_tests": "true", "refresh_first": "true"}'`,
        ),
        interpreter: ["/bin/sh", "-c"],
        environment: {
          ...args.environment,
          WORKSHOP_CONTENT: args.content,
          WORKSHOP_LOAD: args.loadDigest,
          WORKSHOP_SCHEMA_INCARNATION: args.schemaIncarnation,
          WORKSHOP_REPAIR: pulumi.output(args.repairs).apply(String),
        },
        addPreviousOutputInEnv: false,
      },
      // Parentage is no order: the command itself comes after what the component comes after.
      { parent: this, dependsOn: opts?.dependsOn },
    );
    this.stdout = build.stdout;
    this.registerOutputs({});
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { presentRows, sameRows, type Repairs, type StateRow } from "./repairs";

export interface CheckedExecuteArgs {
  /** Statement that brings the state about. A change replaces the resource: `revert` of before, then this. */
  readonly execute: pulumi.Input<string>;
  /** Statement that takes it away; must succeed where there is nothing to take away. */
  readonly revert: pulumi.Input<string>;
  /** Query that shows the state, in text columns that nothing but a change by hand alters. */
  readonly query: pulumi.Input<string>;
  /** What the query answers where all is as it should be. */
  readonly expected: pulumi.Input<StateRow[]>;
  /** Where this differs from the last time, the statement runs again, `revert` before. */
  readonly runsAgainWith?: pulumi.Input<unknown>;
  /** Counts how often the state was put right. */
  readonly repairs: Repairs;
  /** Resource with which the state goes by itself: its schema. */
  readonly deletedWith?: pulumi.Resource;
}

/**
 * A statement for what no resource of the provider declares, with a look at whether it still holds.
 *
 * Drift: each preview and update asks for the state. Where somebody changed it by hand, the resource is replaced, so the
 * next plain `up` puts it right. A refresh shows it as well, as a change of `queryResults`.
 */
export class CheckedExecute extends pulumi.ComponentResource {
  /** What the query answered when it was last asked. */
  readonly queryResults: pulumi.Output<Record<string, string>[]>;
  /** What it answers where all is as it should be. */
  readonly expectedQueryResults: pulumi.Output<StateRow[]>;
  /** The resource that ran the statement. */
  readonly executeUrn: pulumi.Output<string>;
  /** Another one each time the statement ran. */
  readonly run: pulumi.Output<string>;

  constructor(name: string, args: CheckedExecuteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:CheckedExecute", name, args, opts);
    const expected = pulumi.output(args.expected);
    const repairs = args.repairs.count(name, () =>
      pulumi
        .all([presentRows(`${name}-present`, args.query, { parent: this }), expected])
        .apply(([rows, wanted]) => !sameRows(rows, wanted)),
    );
    const execute = new snowflake.Execute(
      `${name}-execute`,
      { execute: args.execute, revert: args.revert, query: args.query },
      {
        parent: this,
        dependsOn: opts?.dependsOn,
        deletedWith: args.deletedWith,
        replacementTrigger: pulumi.output([args.runsAgainWith ?? "", repairs]),
        // The old one's revert must not come after the new one's execute.
        deleteBeforeReplace: true,
      },
    );
    this.queryResults = execute.queryResults;
    this.expectedQueryResults = expected;
    this.executeUrn = execute.urn;
    this.run = execute.id;
    this.registerOutputs({
      queryResults: this.queryResults,
      expectedQueryResults: this.expectedQueryResults,
      executeUrn: this.executeUrn,
    });
  }
}

/** The parts of a stack's exported deployment that {@link driftedExecutes} reads. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * The statements whose state is another one than expected, as a refresh has read it; by URN.
 *
 * @param resources `deployment.resources` of the exported stack
 */
export function driftedExecutes(resources: readonly DeployedResource[]): string[] {
  return resources
    .filter((resource) => resource.type === "workshop:index:CheckedExecute")
    .flatMap(({ outputs }) => {
      const execute = resources.find((resource) => resource.urn === outputs?.executeUrn);
      return execute && !sameRows(rowsOf(execute.outputs?.queryResults), rowsOf(outputs?.expectedQueryResults))
        ? [execute.urn]
        : [];
    });
}

function rowsOf(value: unknown): StateRow[] {
  return Array.isArray(value) ? (value as StateRow[]) : [];
}

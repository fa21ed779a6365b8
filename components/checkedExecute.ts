import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

/** A row of the query that shows the state. */
export type StateRow = Readonly<Record<string, string>>;

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
}

/**
 * A statement for what no resource of the provider declares, with a look at whether it still holds.
 *
 * Drift: a refresh asks for the state anew, so what somebody changed by hand shows as a change of `queryResults`. The
 * provider does not compare that with anything, so an `up` alone leaves it; to mend it the Execute resource must be
 * replaced: `pulumi up --replace URN`. {@link driftedExecutes} finds its URN.
 */
export class CheckedExecute extends pulumi.ComponentResource {
  /** What the query answered when it was last asked. */
  readonly queryResults: pulumi.Output<Record<string, string>[]>;
  /** What it answers where all is as it should be. */
  readonly expectedQueryResults: pulumi.Output<StateRow[]>;
  /** Resource to replace where the two differ. */
  readonly executeUrn: pulumi.Output<string>;
  /** Another one each time the statement ran. */
  readonly run: pulumi.Output<string>;

  constructor(name: string, args: CheckedExecuteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:CheckedExecute", name, args, opts);
    const execute = new snowflake.Execute(
      `${name}-execute`,
      { execute: args.execute, revert: args.revert, query: args.query },
      {
        parent: this,
        dependsOn: opts?.dependsOn,
        replacementTrigger: args.runsAgainWith,
        // The old one's revert must not come after the new one's execute.
        deleteBeforeReplace: true,
      },
    );
    this.queryResults = execute.queryResults;
    this.expectedQueryResults = pulumi.output(args.expected);
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
 * The resources that `up` must replace so that what their statements brought about holds again, as URNs. Read them from
 * the exported state after a refresh.
 *
 * @param resources `deployment.resources` of the exported stack
 */
export function driftedExecutes(resources: readonly DeployedResource[]): string[] {
  return resources
    .filter((resource) => resource.type === "workshop:index:CheckedExecute")
    .flatMap(({ outputs }) => {
      const execute = resources.find((resource) => resource.urn === outputs?.executeUrn);
      const expected = JSON.stringify(sorted(outputs?.expectedQueryResults));
      return execute && JSON.stringify(sorted(execute.outputs?.queryResults)) !== expected ? [execute.urn] : [];
    });
}

/** Rows with their columns in one order, since the state does not keep any. */
function sorted(rows: unknown): unknown {
  if (!Array.isArray(rows)) return [];
  return (rows as StateRow[]).map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

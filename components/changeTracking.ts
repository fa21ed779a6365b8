import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

export interface ChangeTrackingArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  /** Name of a table that exists. The deploying role owns it, or has the role that does. */
  readonly table: pulumi.Input<string>;
  /** Differs where the schema, and with it the table, was made anew: tracking is then switched on again. */
  readonly schemaIncarnation: pulumi.Input<string>;
}

/** A row of the query that shows the state. */
export interface ChangeTrackingRow {
  readonly name: string;
  readonly change_tracking: string;
}

/**
 * Change tracking of a table, without which a dynamic table that another role owns cannot be refreshed incrementally.
 * Snowflake documentation: "ALTER TABLE", CHANGE_TRACKING; "SHOW TABLES"; "CHANGES".
 *
 * Drift: a refresh asks for the state anew, so tracking that somebody switched off shows as a change of `queryResults`.
 * The provider does not compare that with anything, so an `up` alone leaves it; to mend it the Execute resource must be
 * replaced: `pulumi up --replace URN`. {@link driftedChangeTracking} finds its URN.
 */
export class ChangeTracking extends pulumi.ComponentResource {
  /** What the query answered when it was last asked. */
  readonly queryResults: pulumi.Output<Record<string, string>[]>;
  /** What it answers where tracking is on. */
  readonly expectedQueryResults: pulumi.Output<ChangeTrackingRow[]>;
  /** Resource to replace where the two differ. */
  readonly executeUrn: pulumi.Output<string>;

  constructor(name: string, args: ChangeTrackingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:ChangeTracking", name, args, opts);
    const names = pulumi.output({ database: args.database, schema: args.schema, table: args.table });
    const qualified = names.apply(({ database, schema, table }) => `"${database}"."${schema}"."${table}"`);
    const execute = new snowflake.Execute(
      `${name}-execute`,
      {
        execute: pulumi.interpolate`ALTER TABLE ${qualified} SET CHANGE_TRACKING = TRUE`,
        revert: pulumi.interpolate`ALTER TABLE IF EXISTS ${qualified} SET CHANGE_TRACKING = FALSE`,
        // Only these two columns: row counts and times of SHOW TABLES change with every load.
        query: names.apply(
          ({ database, schema, table }) =>
            `SHOW TABLES LIKE '${table}' IN SCHEMA "${database}"."${schema}" ` +
            `->> SELECT "name", "change_tracking" FROM $1 WHERE "name" = '${table}'`,
        ),
      },
      {
        parent: this,
        replacementTrigger: args.schemaIncarnation,
        // The old one's revert must not come after the new one's execute.
        deleteBeforeReplace: true,
      },
    );
    this.queryResults = execute.queryResults;
    this.expectedQueryResults = names.apply(({ table }) => [{ name: table, change_tracking: "ON" }]);
    this.executeUrn = execute.urn;
    this.registerOutputs({
      queryResults: this.queryResults,
      expectedQueryResults: this.expectedQueryResults,
      executeUrn: this.executeUrn,
    });
  }
}

/** The parts of a stack's exported deployment that {@link driftedChangeTracking} reads. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * The resources that `up` must replace so that change tracking is on again, as URNs. Read them from the exported state
 * after a refresh.
 *
 * @param resources `deployment.resources` of the exported stack
 */
export function driftedChangeTracking(resources: readonly DeployedResource[]): string[] {
  return resources
    .filter((resource) => resource.type === "workshop:index:ChangeTracking")
    .flatMap(({ outputs }) => {
      const execute = resources.find((resource) => resource.urn === outputs?.executeUrn);
      const expected = JSON.stringify(sorted(outputs?.expectedQueryResults));
      return execute && JSON.stringify(sorted(execute.outputs?.queryResults)) !== expected ? [execute.urn] : [];
    });
}

/** Rows with their columns in one order, since the state does not keep any. */
function sorted(rows: unknown): unknown {
  if (!Array.isArray(rows)) return [];
  return (rows as Record<string, string>[]).map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import * as pulumi from "@pulumi/pulumi";
import { CheckedExecute } from "./checkedExecute";

export interface ChangeTrackingArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  /** Name of a table that exists. The deploying role owns it, or has the role that does. */
  readonly table: pulumi.Input<string>;
  /** Differs where the schema, and with it the table, was made anew: tracking is then switched on again. */
  readonly schemaIncarnation: pulumi.Input<string>;
}

/**
 * Change tracking of a table, without which a dynamic table that another role owns cannot be refreshed incrementally.
 * A refresh finds that somebody switched it off, and the next `up` mends it ({@link CheckedExecute}).
 *
 * Snowflake documentation: "ALTER TABLE", CHANGE_TRACKING; "SHOW TABLES"; "CHANGES".
 */
export class ChangeTracking extends pulumi.ComponentResource {
  constructor(name: string, args: ChangeTrackingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:ChangeTracking", name, args, opts);
    const names = pulumi.output({ database: args.database, schema: args.schema, table: args.table });
    const qualified = names.apply(({ database, schema, table }) => `"${database}"."${schema}"."${table}"`);
    new CheckedExecute(
      name,
      {
        execute: pulumi.interpolate`ALTER TABLE ${qualified} SET CHANGE_TRACKING = TRUE`,
        revert: pulumi.interpolate`ALTER TABLE IF EXISTS ${qualified} SET CHANGE_TRACKING = FALSE`,
        // Only these two columns: row counts and times of SHOW TABLES change with every load.
        query: names.apply(
          ({ database, schema, table }) =>
            `SHOW TABLES LIKE '${table}' IN SCHEMA "${database}"."${schema}" ` +
            `->> SELECT "name", "change_tracking" FROM $1 WHERE "name" = '${table}'`,
        ),
        expected: names.apply(({ table }) => [{ name: table, change_tracking: "ON" }]),
        runsAgainWith: args.schemaIncarnation,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

import * as pulumi from "@pulumi/pulumi";
import { CheckedExecute } from "./checkedExecute";
import { showOne } from "./monitoringSql";
import type { Repairs } from "./repairs";

export interface ChangeTrackingArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  /** Name of a table that exists. The deploying role owns it, or has the role that does. */
  readonly table: pulumi.Input<string>;
  /** Differs where the schema, and with it the table, was made anew: tracking is then switched on again. */
  readonly schemaIncarnation: pulumi.Input<string>;
  /** Schema of the table, with which it goes. */
  readonly schemaResource: pulumi.Resource;
  readonly repairs: Repairs;
}

/**
 * Change tracking of a table, without which a dynamic table that another role owns cannot be refreshed incrementally.
 * Where somebody switched it off, the next `up` switches it on again ({@link CheckedExecute}).
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
        query: names.apply(({ table, ...where }) => showOne("TABLES", table, ["name", "change_tracking"], where)),
        expected: names.apply(({ table }) => [{ name: table, change_tracking: "ON" }]),
        runsAgainWith: args.schemaIncarnation,
        repairs: args.repairs,
        deletedWith: args.schemaResource,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

export interface WarehouseArgs {
  /** Name of the warehouse. A change replaces it. */
  readonly name: pulumi.Input<string>;
}

/**
 * The warehouse on which dbt builds and dynamic tables refresh: the smallest size, asleep a minute after the last
 * statement, and asleep at first. Snowflake documentation: "CREATE WAREHOUSE".
 */
export class Warehouse extends pulumi.ComponentResource {
  /** Name of the warehouse, known once it exists. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:Warehouse", name, args, opts);
    const warehouse = new snowflake.Warehouse(
      `${name}-warehouse`,
      {
        name: args.name,
        warehouseSize: "XSMALL",
        /** Seconds. */
        autoSuspend: 60,
        autoResume: "true",
        initiallySuspended: true,
        comment: "Workshop: dbt and the refreshes of dynamic tables",
      },
      { parent: this, replaceOnChanges: ["name"] },
    );
    this.name = warehouse.name;
    this.registerOutputs({ name: this.name });
  }
}

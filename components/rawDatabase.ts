import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { schemaIncarnation } from "./schemaIncarnation";

export interface RawDatabaseArgs {
  /** Name of the database. A change replaces it, and all that lies in it. */
  readonly database: pulumi.Input<string>;
  /** Name of the schema for the loans. */
  readonly schema: pulumi.Input<string>;
}

/**
 * The database for data as it comes in, with the loans' schema. The loader makes the table itself.
 * Snowflake documentation: "CREATE DATABASE", "CREATE SCHEMA".
 */
export class RawDatabase extends pulumi.ComponentResource {
  /** Name of the database, known once it exists. */
  readonly database: pulumi.Output<string>;
  /** Name of the schema, known once it exists. */
  readonly schema: pulumi.Output<string>;
  /** Differs where the schema was made anew and so lost its tables. */
  readonly incarnation: pulumi.Output<string>;

  /** The schema, with which all that is made in it goes. */
  readonly schemaResource: snowflake.Schema;

  constructor(name: string, args: RawDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:RawDatabase", name, args, opts);
    const database = new snowflake.Database(
      `${name}-database`,
      { name: args.database, comment: "Workshop: raw data" },
      // A renamed database would keep what lies in it, made by other names.
      { parent: this, replaceOnChanges: ["name"] },
    );
    const schema = new snowflake.Schema(
      `${name}-schema`,
      { database: database.name, name: args.schema, comment: "Workshop: personal loans" },
      // Goes with its database: where somebody dropped that by hand, there is nothing left to drop. In another database
      // the new one comes first, so that what lies in the old one can still be taken away in order.
      { parent: this, deletedWith: database, replaceOnChanges: ["name"], deleteBeforeReplace: false },
    );
    this.schemaResource = schema;
    this.database = database.name;
    this.schema = schema.name;
    this.incarnation = schemaIncarnation(schema);
    this.registerOutputs({ database: this.database, schema: this.schema, incarnation: this.incarnation });
  }
}

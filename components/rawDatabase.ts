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

  constructor(name: string, args: RawDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:RawDatabase", name, args, opts);
    const database = new snowflake.Database(
      `${name}-database`,
      { name: args.database, comment: "Workshop: raw data" },
      { parent: this },
    );
    const schema = new snowflake.Schema(
      `${name}-schema`,
      { database: database.name, name: args.schema, comment: "Workshop: personal loans" },
      { parent: this },
    );
    this.database = database.name;
    this.schema = schema.name;
    this.incarnation = schemaIncarnation(schema);
    this.registerOutputs({ database: this.database, schema: this.schema, incarnation: this.incarnation });
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { schemaIncarnation } from "./schemaIncarnation";

export interface AnalyticsDatabaseArgs {
  /** Name of the database. A change replaces it, and all that lies in it. */
  readonly database: pulumi.Input<string>;
  /** Name of the attendee's schema, dbt's default one. */
  readonly schema: pulumi.Input<string>;
}

/**
 * The database into which dbt builds, with the attendee's schema. In production dbt adds the layers' schemas itself.
 * Snowflake documentation: "CREATE DATABASE", "CREATE SCHEMA".
 */
export class AnalyticsDatabase extends pulumi.ComponentResource {
  /** Name of the database, known once it exists. */
  readonly database: pulumi.Output<string>;
  /** Name of the schema, known once it exists. */
  readonly schema: pulumi.Output<string>;
  /** Differs where the schema was made anew and so lost what dbt built. */
  readonly incarnation: pulumi.Output<string>;

  /** The schema, with which all that is made in it goes. */
  readonly schemaResource: snowflake.Schema;

  constructor(name: string, args: AnalyticsDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:AnalyticsDatabase", name, args, opts);
    const database = new snowflake.Database(
      `${name}-database`,
      { name: args.database, comment: "Workshop: what the dbt project balboa builds" },
      // A renamed database would keep what lies in it, made by other names.
      { parent: this, replaceOnChanges: ["name"] },
    );
    const schema = new snowflake.Schema(
      `${name}-schema`,
      { database: database.name, name: args.schema, comment: "Workshop: an attendee's own schema" },
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

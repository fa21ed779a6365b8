import type * as pulumi from "@pulumi/pulumi";
import type * as snowflake from "@pulumi/snowflake";

/**
 * What tells a schema from a later one of the same name: when it was made. Who filled the schema compares it and starts
 * again where it differs, for example after somebody dropped the database by hand and it was declared again.
 */
export function schemaIncarnation(schema: snowflake.Schema): pulumi.Output<string> {
  return schema.showOutputs.apply((rows) => rows[0]?.createdOn ?? "");
}

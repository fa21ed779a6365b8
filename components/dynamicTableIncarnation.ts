import type * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

/**
 * What tells a dynamic table from a later one of the same name: when it was made. It is looked up anew by every preview
 * and update, so it shows that `dbt build --full-refresh` has replaced the table, also by hand.
 *
 * @param opts `dependsOn`: what makes the table; the look comes after that
 * @returns empty where there is no such table
 */
export function dynamicTableIncarnation(
  table: { readonly database: string; readonly schema: string; readonly name: string },
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string> {
  // In the whole account, since a look into a database that is not there would be an error.
  const found = snowflake.getDynamicTablesOutput({ like: { pattern: table.name }, in: { account: true } }, opts);
  return found.records.apply(
    (records) =>
      records.find(
        (record) =>
          record.name === table.name && record.databaseName === table.database && record.schemaName === table.schema,
      )?.createdOn ?? "",
  );
}

import { INTEGER, rows, TEXT, type ColumnSpec } from "../../execution/outcome";
import { scopeOf, type ShowHandler } from "../../execution/listing";
import { StatementType } from "../../account/statementType";

/** Listings of what this server does not have, by the columns that clients read. */
const COLUMNS: Readonly<Record<string, readonly ColumnSpec[]>> = {
  // Nothing is replicated: there is one account.
  "REPLICATION DATABASES": [
    ["region_group", TEXT],
    ["snowflake_region", TEXT],
    ["created_on", TEXT],
    ["account_name", TEXT],
    ["name", TEXT],
    ["comment", TEXT],
    ["is_primary", TEXT],
    ["primary", TEXT],
    ["replication_allowed_to_accounts", TEXT],
    ["failover_allowed_to_accounts", TEXT],
    ["organization_name", TEXT],
    ["account_locator", TEXT],
  ],
  "USER FUNCTIONS": functionColumns(),
  "USER PROCEDURES": functionColumns(),
};

function functionColumns(): readonly ColumnSpec[] {
  return [
    ["created_on", TEXT],
    ["name", TEXT],
    ["schema_name", TEXT],
    ["is_builtin", TEXT],
    ["is_aggregate", TEXT],
    ["is_ansi", TEXT],
    ["min_num_arguments", INTEGER],
    ["max_num_arguments", INTEGER],
    ["arguments", TEXT],
    ["description", TEXT],
    ["catalog_name", TEXT],
  ];
}

/** User functions and procedures cannot be made here (CREATE FUNCTION is refused), so none is listed. */
export const showEmpty: ShowHandler = async (statement, context) => {
  if (statement.objects !== "REPLICATION DATABASES") scopeOf(statement, context, "TABLE");
  return rows(COLUMNS[statement.objects]!, [], StatementType.SHOW);
};

import { rows, TEXT, type ColumnSpec } from "../../execution/outcome";
import type { ShowHandler } from "../../execution/listing";
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
};

/** Nothing of the kind can be there. */
export const showEmpty: ShowHandler = async (statement) => rows(COLUMNS[statement.objects]!, [], StatementType.SHOW);

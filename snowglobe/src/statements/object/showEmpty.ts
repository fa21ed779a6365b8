import { TERSE, scopeOf, type ShowHandler } from "../../execution/listing";
import { rows, TEXT, type ColumnSpec } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import type { Show } from "../../sql/ast/statements/metadata";

/** Kinds of objects that cannot be made here, and the columns that their listings have. Sources: their SHOW pages. */
const OF_SCHEMAS = {
  "EXTERNAL TABLES": [
    ...["created_on", "name", "database_name", "schema_name", "invalid", "invalid_reason", "owner", "comment", "stage"],
    ...["location", "file_format_name", "file_format_type", "cloud", "region", "notification_channel"],
    ...["last_refreshed_on", "table_format", "last_refresh_details", "owner_role_type"],
  ],
  "MATERIALIZED VIEWS": [
    ...["created_on", "name", "reserved", "database_name", "schema_name", "cluster_by", "rows", "bytes"],
    ...["source_database_name", "source_schema_name", "source_table_name", "refreshed_on", "compacted_on", "owner"],
    ...["invalid", "invalid_reason", "behind_by", "comment", "text", "is_secure", "automatic_clustering"],
    "owner_role_type",
  ],
  PIPES: [
    ...["created_on", "name", "database_name", "schema_name", "definition", "owner", "notification_channel", "comment"],
    ...["integration", "pattern", "error_integration", "owner_role_type", "invalid_reason", "kind"],
  ],
  STREAMLITS: [
    ...["created_on", "name", "database_name", "schema_name", "title", "comment", "owner", "query_warehouse", "url_id"],
    "owner_role_type",
  ],
} as const;

const OF_ACCOUNT = {
  "NETWORK POLICIES": [
    ...["created_on", "name", "comment", "entries_in_allowed_ip_list", "entries_in_blocked_ip_list"],
    ...["entries_in_allowed_network_rules", "entries_in_blocked_network_rules"],
  ],
  // Nothing is replicated: there is one account.
  "REPLICATION DATABASES": [
    ...["region_group", "snowflake_region", "created_on", "account_name", "name", "comment", "is_primary", "primary"],
    ...["replication_allowed_to_accounts", "failover_allowed_to_accounts", "organization_name", "account_locator"],
  ],
  "RESOURCE MONITORS": [
    ...["name", "credit_quota", "used_credits", "remaining_credits", "level", "frequency", "start_time", "end_time"],
    ...["notify_at", "suspend_at", "suspend_immediately_at", "created_on", "owner", "comment", "notify_users"],
  ],
} as const;

function empty(names: readonly string[], inSchemas: boolean): ShowHandler {
  const columns = names.map((name): ColumnSpec => [name, TEXT]);
  return async (statement: Show, context) => {
    // The place must be there all the same.
    if (inSchemas) scopeOf(statement, context, "TABLE");
    return rows(
      statement.terse ? TERSE.map(([name, type]): ColumnSpec => [name, type]) : columns,
      [],
      StatementType.SHOW,
    );
  };
}

/** Listings of what there cannot be: they have their columns, and no rows. */
export const EMPTY_LISTINGS: Readonly<Record<string, ShowHandler>> = {
  ...Object.fromEntries(Object.entries(OF_SCHEMAS).map(([kind, names]) => [kind, empty(names, true)])),
  ...Object.fromEntries(Object.entries(OF_ACCOUNT).map(([kind, names]) => [kind, empty(names, false)])),
};

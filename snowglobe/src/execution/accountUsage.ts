import type { BaseObject, CatalogObject, ObjectKind, ObjectOf } from "../catalog/objects";
import { ACCOUNT, IMPORTED_PRIVILEGES } from "../catalog/privileges";
import { qualified } from "../quoting";
import { doesNotExist, unsupported } from "../errors";
import type { ObjectName } from "../sql/ast/identifier";
import type { SqlRelation } from "../translate/environment";
import { holds, isAccountAdministrator } from "./authorize";
import type { StatementContext } from "./context";
import { INTEGER, TEXT, TIMESTAMP } from "./outcome";
import { shownRelation, type ShownColumn } from "./shownColumn";

/** The database that every account has from Snowflake. */
export const SNOWFLAKE = "SNOWFLAKE";
const ACCOUNT_USAGE = "ACCOUNT_USAGE";

/** Makes a view of SNOWFLAKE.ACCOUNT_USAGE. @param counts row counts by storage id */
export type UsageView = (
  path: readonly string[],
  context: StatementContext,
  counts: ReadonlyMap<number, number>,
) => SqlRelation;

/** A view by its rows and columns. */
export function usageView<Row>(
  rows: (context: StatementContext, counts: ReadonlyMap<number, number>) => readonly Row[],
  columns: readonly ShownColumn<Row>[],
): UsageView {
  return (path, context, counts) => shownRelation(path, columns, rows(context, counts), context);
}

/** All objects of the kinds, the dropped ones that can still come back among them. */
export function everyObject<K extends ObjectKind & CatalogObject["kind"]>(
  { instance: { catalog } }: StatementContext,
  ...kinds: readonly K[]
): ObjectOf<K>[] {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return [...catalog.all()].filter((object): object is ObjectOf<K> => wanted.has(object.kind));
}

/** Name and id of an object with those of its schema and database. */
export function identity<Row>(
  prefix: string,
  objectOf: (row: Row) => CatalogObject,
  database: "CATALOG" | "DATABASE" = "CATALOG",
): ShownColumn<Row>[] {
  const schema = (row: Row, { instance }: StatementContext): CatalogObject | undefined =>
    instance.catalog.object(objectOf(row).parentId);
  const container = (row: Row, context: StatementContext): CatalogObject | undefined => {
    const own = schema(row, context);
    return own && context.instance.catalog.object(own.parentId);
  };
  return [
    [`${prefix}_ID`, INTEGER, (row) => objectOf(row).id],
    [`${prefix}_NAME`, TEXT, (row) => objectOf(row).name],
    [`${prefix}_SCHEMA_ID`, INTEGER, (row, context) => schema(row, context)?.id],
    [`${prefix}_SCHEMA`, TEXT, (row, context) => schema(row, context)?.name],
    [`${prefix}_${database}_ID`, INTEGER, (row, context) => container(row, context)?.id],
    [`${prefix}_${database}`, TEXT, (row, context) => container(row, context)?.name],
  ];
}

type Dated = Pick<BaseObject, "createdOn" | "droppedOn" | "owner">;

export const CREATED: ShownColumn<Dated> = ["CREATED", TIMESTAMP, ({ createdOn }) => createdOn];
export const DELETED: ShownColumn<Dated> = ["DELETED", TIMESTAMP, ({ droppedOn }) => droppedOn];

/** What is dropped has no owner. */
export const OWNER_TYPE: ShownColumn<Dated> = [
  "OWNER_ROLE_TYPE",
  TEXT,
  ({ owner, droppedOn }) => (owner === null || droppedOn !== undefined ? null : "ROLE"),
];

/** Columns that have no value here. */
export function without<Row>(type: ShownColumn<Row>[1], ...names: readonly string[]): ShownColumn<Row>[] {
  return names.map((name) => [name, type]);
}

/** Whether a name is of the database SNOWFLAKE. */
export function isOfSnowflake(name: ObjectName): boolean {
  return name.length === 3 && name[0]!.name === SNOWFLAKE;
}

/**
 * A view of the database SNOWFLAKE: those of ACCOUNT_USAGE that the account's own objects and histories answer.
 * Source: "Account Usage".
 *
 * @throws SnowflakeError when the session may not read it, or there is none of this name
 */
export function snowflakeView(
  name: ObjectName,
  context: StatementContext,
  counts: ReadonlyMap<number, number>,
): SqlRelation {
  const [, schema, view] = name.map((part) => part.name) as [string, string, string];
  if (!isAccountAdministrator(context) && !holds(context, IMPORTED_PRIVILEGES, ACCOUNT)) {
    throw doesNotExist("Database", SNOWFLAKE);
  }
  const path = [SNOWFLAKE, schema, view];
  if (schema !== ACCOUNT_USAGE) {
    if (OTHER_SCHEMAS.has(schema)) throw unsupported(`schema ${SNOWFLAKE}.${schema}`);
    throw doesNotExist("Schema", qualified(path.slice(0, 2)));
  }
  const make = context.instance.functions.accountUsage.get(view);
  if (!make && NOT_PROVIDED.has(view)) throw unsupported(qualified(path));
  if (!make) throw doesNotExist("Object", qualified(path));
  return make(path, context, counts);
}

const OTHER_SCHEMAS: ReadonlySet<string> = new Set([
  ...["ALERT", "BILLING", "CORE", "CORTEX", "DATA_PRIVACY", "DATA_SHARING_USAGE", "INFORMATION_SCHEMA", "LOCAL", "ML"],
  ...["MONITORING", "NOTIFICATION", "ORGANIZATION_USAGE", "READER_ACCOUNT_USAGE", "TELEMETRY", "TRUST_CENTER"],
]);

/** Views that Snowflake has and this server does not. Source: "Account Usage". */
const NOT_PROVIDED: ReadonlySet<string> = new Set(
  `ACCESS_HISTORY AGGREGATE_ACCESS_HISTORY AGGREGATE_QUERY_HISTORY AGGREGATION_POLICIES ALERT_HISTORY
  AUTOMATIC_CLUSTERING_HISTORY BACKUPS BACKUP_POLICIES BACKUP_SETS CLASSES CLASS_INSTANCES COMPLETE_TASK_GRAPHS
  COMPUTE_POOLS CONTACTS CONTACT_REFERENCES COPY_HISTORY CORTEX_FUNCTIONS_USAGE_HISTORY CREDENTIALS
  DATABASE_REPLICATION_USAGE_HISTORY DATABASE_STORAGE_USAGE_HISTORY DATA_CLASSIFICATION_LATEST
  DATA_METRIC_FUNCTION_REFERENCES DATA_TRANSFER_HISTORY DYNAMIC_TABLE_REFRESH_HISTORY ELEMENT_TYPES EVENT_USAGE_HISTORY
  EXTERNAL_ACCESS_HISTORY FIELDS FILE_FORMATS FUNCTIONS GRANTS_TO_SHARES HYBRID_TABLES HYBRID_TABLE_USAGE_HISTORY
  INDEXES INDEX_COLUMNS INTERNAL_DATA_TRANSFER_HISTORY JOIN_POLICIES LISTINGS LOAD_HISTORY LOCK_WAIT_HISTORY
  LOGIN_HISTORY MATERIALIZED_VIEW_REFRESH_HISTORY METERING_DAILY_HISTORY METERING_HISTORY NETWORK_POLICIES
  NETWORK_RULES NETWORK_RULE_REFERENCES OBJECT_DEPENDENCIES OUTBOUND_PRIVATELINK_ENDPOINTS PACKAGES_POLICIES
  PASSWORD_POLICIES PIPES PIPE_USAGE_HISTORY PRIVACY_BUDGETS PRIVACY_POLICIES PROCEDURES PROJECTION_POLICIES
  QUERY_ACCELERATION_ELIGIBLE QUERY_ACCELERATION_HISTORY QUERY_ATTRIBUTION_HISTORY QUERY_INSIGHTS
  REFERENTIAL_CONSTRAINTS REPLICATION_GROUPS REPLICATION_GROUP_REFRESH_HISTORY REPLICATION_GROUP_USAGE_HISTORY
  REPLICATION_USAGE_HISTORY RESOURCE_MONITORS SEARCH_OPTIMIZATION_HISTORY SECRETS SEQUENCES
  SERVERLESS_ALERT_HISTORY SERVERLESS_TASK_HISTORY SERVICES SESSIONS SESSION_POLICIES SHARES
  SNOWPARK_CONTAINER_SERVICES_HISTORY SNOWPIPE_STREAMING_CLIENT_HISTORY SNOWPIPE_STREAMING_FILE_MIGRATION_HISTORY
  STAGES STAGE_STORAGE_USAGE_HISTORY STORAGE_USAGE STREAMLITS TABLE_CONSTRAINTS TABLE_DML_HISTORY
  TABLE_PRUNING_HISTORY TABLE_QUERY_PRUNING_HISTORY TABLE_STORAGE_METRICS TASK_VERSIONS WAREHOUSE_EVENTS_HISTORY
  WAREHOUSE_LOAD_HISTORY WAREHOUSE_METERING_HISTORY WAREHOUSE_UTILIZATION`.split(/\s+/),
);

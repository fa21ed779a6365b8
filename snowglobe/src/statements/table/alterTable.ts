import { lockWait } from "../../execution/parameters";
import type { Column, DynamicTable, RelationObject, Table } from "../../catalog/objects";
import { CatalogMoved } from "../../catalog/change";
import { parameterDefinition } from "../../catalog/parameters";
import { alreadyExists, compilationError, invalidIdentifier, SnowflakeError, unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import type { AlterColumn, AlterTableAction } from "../../sql/ast/statements/table";
import { type StatementWriter } from "../../storage";
import { castTo, emitExpression, physicalType, translateDuckDbError, type BoundExpression } from "../../translate";
import { requireOwnership } from "../../execution/authorize";
import { defaultValue } from "../dml/columnValues";
import type { Handler, StatementContext } from "../../execution/context";
import { requireInSchema } from "../../execution/create";
import { renamedInPolicies, withAttached } from "../../execution/policyUse";
import { featureName } from "../../execution/featureName";
import { findRelation, place, tryFindRelation } from "../../execution/lookup";
import { succeeded, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { withRowTimes } from "../../execution/rowTimestamp";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { clusteringKey } from "../../execution/clusteringKey";
import { createIdentities } from "../../execution/numberSource";
import { alteredConstraints, columnConstraints, withConstraints } from "./constraints";
import { requireFrozenRegion } from "../../refresh/frozenRegion";
import { systemContext } from "../../refresh/systemContext";
import { columnOf } from "./columnDefinition";
import { isWidening, physicalColumn } from "../../execution/tableColumns";
import { literal, quoteIfNeeded } from "../../quoting";

/** ALTER TABLE. Source: "ALTER TABLE". Actions are done one after the other, all or none. */
export const alterTable: Handler<StatementOf<"alterTable">> = async (statement, context) => {
  const found = tryFindRelation(context, statement.name, "ALTER TABLE");
  if (!found) {
    if (statement.ifExists) return succeeded();
    return findRelation(context, statement.name, "ALTER TABLE") as never;
  }
  requireOwnership(context, found);
  if (found.kind === "VIEW") throw unsupported(`ALTER TABLE on the view ${found.name}: use ALTER VIEW`);
  const [first] = statement.actions;
  if (first?.action === "swapWith") return swapped(found, first.name, context);
  const locks = [{ id: found.storageId, mode: "ddl" as const, name: found.name }];
  try {
    await context.instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
      const change = await begin();
      const current = change.object(found.id);
      // Dropped or changed while this statement waited for the table's lock: from the start again.
      if (current?.revision !== found.revision) throw new CatalogMoved(found.name);
      let table: Table | DynamicTable = found;
      for (const action of statement.actions) table = await apply(action, table, writer, context);
      change.put(table);
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
  return succeeded();
};

/** @throws SnowflakeError for a key that a frozen region of the dynamic table does not lie within */
function constrained<T extends Table | DynamicTable>(table: T, { instance }: StatementContext): T {
  if (table.kind === "DYNAMIC TABLE" && table.frozenWhere !== undefined) {
    requireFrozenRegion(table, undefined, systemContext(instance, table));
  }
  return table;
}

/** SWAP WITH: the two tables exchange their names, and with them their places. */
async function swapped(
  table: Table | DynamicTable,
  name: Parameters<typeof place>[1],
  context: StatementContext,
): Promise<Outcome> {
  const other = findRelation(context, name, "ALTER TABLE");
  if (table.kind !== "TABLE" || other.kind !== "TABLE" || table.sessionId !== other.sessionId) {
    throw unsupported("SWAP WITH of anything but two permanent tables");
  }
  requireOwnership(context, other);
  await exchangeNames(table, other, context);
  return succeeded();
}

/** Two objects get each other's name and place in one commit. */
export async function exchangeNames<T extends Table | DynamicTable>(
  one: T,
  other: T,
  context: StatementContext,
): Promise<void> {
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    change.put({ ...(change.object(one.id) as T), name: other.name, parentId: other.parentId });
    change.put({ ...(change.object(other.id) as T), name: one.name, parentId: one.parentId });
  });
}

/** What ALTER TABLE can do to a dynamic table too: names, comments, parameters (dbt alters them so) and constraints. */
const DYNAMIC_TABLE_ACTIONS: ReadonlySet<string> = new Set([
  ...["renameTo", "set", "unset", "alterColumn"],
  ...["addConstraint", "alterConstraint", "dropConstraint", "renameConstraint"],
]);

async function apply<T extends Table | DynamicTable>(
  action: AlterTableAction,
  table: T,
  writer: StatementWriter,
  context: StatementContext,
): Promise<T> {
  if (table.kind === "DYNAMIC TABLE" && !DYNAMIC_TABLE_ACTIONS.has(action.action)) {
    throw compilationError(
      `ALTER TABLE ... ${featureName(action.action)} is not allowed on dynamic table '${table.name}'.`,
    );
  }
  switch (action.action) {
    case "renameTo":
      return renamed(action.name, table, context);
    case "set":
      return set(action, table, context);
    case "unset":
      return unset(action.names, table);
    case "addColumns":
      return addColumns(action, table, writer, context);
    case "dropColumns":
      return dropColumns(action, table, writer);
    case "renameColumn": {
      const from = columnIn(table, action.from.name);
      if (table.columns.some((column) => column.name === action.to.name)) {
        throw compilationError(`column '${action.to.name}' already exists`, "002028", "42711");
      }
      return {
        ...table,
        columns: table.columns.map((one) => renamedColumn(one, from.name, action.to.name)),
        rowAccess: table.rowAccess && renamedInPolicies(table.rowAccess, from.name, action.to.name),
        constraints: table.constraints?.map((one) => ({
          ...one,
          columns: one.columns.map((name) => (name === from.name ? action.to.name : name)),
        })),
      };
    }
    case "alterColumn":
      return alterColumn(action, table, writer);
    case "clusterBy":
      return { ...table, clusterBy: clusteringKey(action.expressions, table.columns, context) };
    case "dropClusteringKey":
      return { ...table, clusterBy: "" };
    case "addConstraint":
    case "alterConstraint":
    case "dropConstraint":
    case "renameConstraint":
      return constrained({ ...table, constraints: alteredConstraints(action, table, context) }, context);
    default:
      throw unsupported(`ALTER TABLE ... ${featureName(action.action)}`);
  }
}

function renamedColumn(column: Column, from: string, to: string): Column {
  const { masking } = column;
  return {
    ...column,
    ...(column.name === from && { name: to, evolution: undefined }),
    ...(masking && { masking: renamedInPolicies(masking, from, to) }),
  };
}

/** Renaming may also move the table to another schema. */
export function renamed<T extends RelationObject>(
  to: Parameters<typeof place>[1],
  object: T,
  context: StatementContext,
): T {
  const at = place(context, to, "ALTER TABLE");
  if (context.instance.catalog.readable(at.schema.id, at.name, context.session.id)) {
    throw alreadyExists(quoteIfNeeded(at.name));
  }
  if (object.sessionId === undefined && at.schema.id !== object.parentId) {
    requireInSchema(context, at.schema, `CREATE ${object.kind}`);
  }
  return { ...object, parentId: at.schema.id, name: at.name };
}

function set<T extends Table | DynamicTable>(
  action: Extract<AlterTableAction, { action: "set" }>,
  table: T,
  context: StatementContext,
): T {
  const properties = new Properties(action.properties, context);
  const comment = properties.text("COMMENT") ?? table.comment;
  properties.refuse("DATA_METRIC_SCHEDULE");
  const schemaEvolution = properties.boolean("ENABLE_SCHEMA_EVOLUTION");
  if (schemaEvolution !== undefined && table.kind !== "TABLE") {
    throw unsupported("ENABLE_SCHEMA_EVOLUTION of a dynamic table");
  }
  const rowTimes = withRowTimes(table, properties.boolean("ROW_TIMESTAMP"), context);
  const tracking = properties.boolean("CHANGE_TRACKING");
  const parameters = { ...table.parameters, ...properties.parameters("TABLE") };
  properties.done();
  return {
    ...table,
    comment,
    parameters,
    ...rowTimes,
    ...(schemaEvolution !== undefined && { schemaEvolution }),
    ...(tracking === undefined ? {} : tracked(table, tracking, context)),
  };
}

/** Changes are kept from the moment when tracking is switched on. Source: "Change tracking using table streams". */
export function tracked(
  table: Pick<Table, "changeTracking" | "trackedSince">,
  on: boolean,
  context: StatementContext,
): Pick<Table, "changeTracking" | "trackedSince"> {
  if (on === table.changeTracking) return { changeTracking: on, trackedSince: table.trackedSince };
  return { changeTracking: on, trackedSince: on ? context.instance.storage.lastVersion : undefined };
}

function unset<T extends Table | DynamicTable>(names: readonly string[], table: T): T {
  for (const name of names) {
    if (!["COMMENT", "ROW_TIMESTAMP"].includes(name) && !parameterDefinition(name)) {
      throw unsupported(`ALTER TABLE UNSET ${name}`);
    }
  }
  return {
    ...table,
    comment: names.includes("COMMENT") ? "" : table.comment,
    rowTimesSince: names.includes("ROW_TIMESTAMP") ? undefined : table.rowTimesSince,
    parameters: Object.fromEntries(Object.entries(table.parameters).filter(([name]) => !names.includes(name))),
  };
}

async function addColumns<T extends Table | DynamicTable>(
  action: Extract<AlterTableAction, { action: "addColumns" }>,
  table: T,
  writer: StatementWriter,
  context: StatementContext,
): Promise<T> {
  let changed = table;
  for (const definition of action.columns) {
    const exists = changed.columns.some((column) => column.name === definition.name.name);
    if (exists && action.ifNotExists) continue;
    if (exists) throw compilationError(`column '${definition.name.name}' already exists`, "002028", "42711");
    const plain = columnOf(definition, changed.nextColumn, definition.type!, context);
    const column = withAttached(context, plain, changed, definition);
    const value = defaultValue(column, context);
    const numbered = isNumbered(value);
    if (numbered || (!column.nullable && column.defaultText === undefined)) {
      const rows = await writer.value(`SELECT count(*) FROM ${writer.current(table.storageId)} AS t`);
      if (Number(rows) > 0) {
        if (numbered) throw unsupported(`a new column with numbers of its own (${column.name}) in a table with rows`);
        throw compilationError(
          `Non-nullable column '${column.name}' cannot be added to non-empty table '${table.name}' unless it has a non-null default value.`,
          "002136",
          "42601",
        );
      }
    }
    await createIdentities([column], writer);
    const sql =
      numbered || column.defaultText === undefined ? undefined : await constant(value, column.type, writer, context);
    await writer.addColumn(table.storageId, physicalColumn(column), sql);
    changed = { ...changed, columns: [...changed.columns, column], nextColumn: changed.nextColumn + 1 };
    const declared = columnConstraints([definition]);
    if (declared.length > 0) changed = { ...changed, constraints: withConstraints(changed, declared, context) };
  }
  return changed;
}

/** Whether a default is another value for each row: AUTOINCREMENT, or a sequence. */
function isNumbered(value: BoundExpression): boolean {
  return value.kind === "call" && value.volatility === "volatile";
}

/**
 * The default's value as a DuckDB literal. Inside a transaction DuckDB takes nothing else for a new column: an expression
 * it turns into several statements, one of which the locked configuration refuses.
 */
async function constant(
  value: BoundExpression,
  type: DataType,
  writer: StatementWriter,
  context: StatementContext,
): Promise<string> {
  const { session } = queryEnvironment(context);
  const sql = emitExpression(castTo(value, type, session, "assign"), {
    scan: () => {
      throw unsupported("a subquery as DEFAULT");
    },
  });
  const text = await writer.value(`SELECT CAST(CAST(${sql} AS ${physicalType(type)}) AS VARCHAR)`);
  if (text === null || text === undefined) return "NULL";
  return literal(String(text));
}

async function dropColumns<T extends Table | DynamicTable>(
  action: Extract<AlterTableAction, { action: "dropColumns" }>,
  table: T,
  writer: StatementWriter,
): Promise<T> {
  let { columns } = table;
  for (const { name } of action.names) {
    const column = columns.find((one) => one.name === name);
    if (!column && action.ifExists) continue;
    if (!column) throw invalidIdentifier(name);
    if (columns.length === 1) throw compilationError(`Cannot drop the only column '${name}' of a table.`);
    requireUnread(table, column);
    await writer.dropColumn(table.storageId, column.physical);
    columns = columns.filter((one) => one !== column);
  }
  const left = new Set(columns.map((column) => column.name));
  const constraints = table.constraints?.filter((one) => one.columns.every((name) => left.has(name)));
  return { ...table, columns, constraints };
}

/** @throws SnowflakeError for a column that a policy reads. Source: "ALTER TABLE" */
function requireUnread(table: Table | DynamicTable, { name }: Column): void {
  const uses = [table.rowAccess, ...table.columns.map(({ masking }) => masking)];
  if (!uses.some((use) => use?.columns.includes(name))) return;
  throw compilationError(
    `Column '${name}' cannot be dropped: a policy is set on it. Take the policy off first.`,
    "003561",
    "22023",
  );
}

async function alterColumn<T extends Table | DynamicTable>(
  action: AlterColumn,
  table: T,
  writer: StatementWriter,
): Promise<T> {
  const column = columnIn(table, action.column.name);
  const { change } = action;
  if (table.kind === "DYNAMIC TABLE" && change.kind !== "comment" && change.kind !== "unsetComment") {
    throw compilationError(`ALTER COLUMN is not allowed on dynamic table '${table.name}'.`);
  }
  const replaced = async (): Promise<Column> => {
    switch (change.kind) {
      case "comment":
        return { ...column, comment: change.comment };
      case "unsetComment":
        return { ...column, comment: "" };
      case "dropNotNull":
        return { ...column, nullable: true };
      case "setNotNull":
        await requireNoNulls(table, column, writer);
        return { ...column, nullable: false };
      case "setDefault":
        // Only a column whose default is a sequence may get another one, and there are no sequences here.
        throw unsupported("Alter Column Set Default");
      case "dropDefault":
        return { ...column, defaultText: undefined };
      case "setType":
        requireWidening(column, change.type);
        await writer.alterColumnType(table.storageId, column.physical, physicalType(change.type));
        return { ...column, type: change.type };
    }
  };
  // A column that is changed by hand is no longer what a COPY made of it.
  const fresh = { ...(await replaced()), evolution: undefined };
  return { ...table, columns: table.columns.map((one) => (one === column ? fresh : one)) };
}

async function requireNoNulls(table: Table | DynamicTable, column: Column, writer: StatementWriter): Promise<void> {
  const found = await writer.rows(
    `SELECT 1 FROM ${writer.current(table.storageId)} AS t WHERE t.${column.physical} IS NULL LIMIT 1`,
  );
  if (found.length > 0) {
    throw new SnowflakeError("100072", "22000", `NULL result in a non-nullable column: ${column.name}`);
  }
}

/** Source: "ALTER TABLE ... ALTER COLUMN", usage notes. */
function requireWidening(column: Column, to: DataType): void {
  const from = column.type;
  if (isWidening(from, to) || dataTypeText(from) === dataTypeText(to)) return;
  throw compilationError(
    `cannot change column ${column.name} from type ${dataTypeText(from)} to ${dataTypeText(to)}`,
    "002108",
    "22000",
  );
}

function columnIn(table: Table | DynamicTable, name: string): Column {
  const column = table.columns.find((one) => one.name === name);
  if (!column) throw invalidIdentifier(name);
  return column;
}

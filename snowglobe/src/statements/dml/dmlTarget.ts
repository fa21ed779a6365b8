import type { Column, DynamicTable, Stream, Table } from "../../catalog/objects";
import { compilationError, invalidIdentifier, SnowflakeError } from "../../errors";
import type { Identifier, ObjectName } from "../../sql/ast/identifier";
import type { LockMode, StatementWriter } from "../../storage";
import { DuplicateRowError } from "../../storage";
import { translateDuckDbError, type StoredRelation } from "../../translate";
import { requirePrivilege } from "../../execution/authorize";
import { riderOf } from "../../execution/context";
import type { StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { SELF } from "../../execution/customRefresh";
import { lockWait } from "../../execution/parameters";
import { relationFor } from "../../execution/queryEnvironment";
import { StreamConsumption } from "../stream/streamConsumption";
import { frozenSql } from "../../refresh/frozenRegion";
import { useWarehouse } from "../../execution/useWarehouse";

/** The table that a DML statement changes. */
export interface DmlTarget {
  readonly table: Table | DynamicTable;
  readonly relation: StoredRelation;
}

/**
 * Also a dynamic table with a frozen region, of whose rows the frozen ones may be changed. Source: "Frozen regions and
 * backfill".
 *
 * @throws SnowflakeError when it is no table, or the role lacks one of the privileges on it
 */
export function dmlTarget(
  name: ObjectName,
  context: StatementContext,
  verb: string,
  ...privileges: readonly string[]
): DmlTarget {
  const { custom } = context;
  if (custom && name.length === 1 && name[0]!.name === SELF) {
    return {
      table: custom.table,
      relation: relationFor(custom.table, context, { uninitialized: true }) as StoredRelation,
    };
  }
  const found = findRelation(context, name, verb);
  if (found.kind === "VIEW" || (found.kind === "DYNAMIC TABLE" && found.frozenWhere === undefined)) {
    throw notATable(found, verb);
  }
  for (const privilege of privileges) requirePrivilege(context, found, privilege);
  return { table: found, relation: relationFor(found, context) as StoredRelation };
}

export function notATable(
  found: DynamicTable | { readonly kind: "VIEW"; readonly name: string },
  verb: string,
): SnowflakeError {
  const what = found.kind === "VIEW" ? "view" : "dynamic table";
  return compilationError(
    `${verb} is not allowed on ${what} '${found.name}': its content is its query's result.`,
    "002202",
    "0A000",
  );
}

/** Columns of a table by the names of a column list; all where the list is empty. */
export function targetColumns(table: Table | DynamicTable, names: readonly Identifier[]): Column[] {
  if (names.length === 0) return [...table.columns];
  const seen = new Set<string>();
  return names.map(({ name }) => {
    const column = table.columns.find((one) => one.name === name);
    if (!column) throw invalidIdentifier(name);
    if (seen.has(name)) throw compilationError(`duplicate column name '${name}'`, "002025", "42S21");
    seen.add(name);
    return column;
  });
}

/**
 * Runs the writing part of a DML statement, in the session's transaction or as a commit of its own.
 *
 * @param consumed the streams that it reads
 * @throws SnowflakeError with Snowflake's text for what DuckDB refuses
 */
export async function writeTable<T>(
  context: StatementContext,
  table: Table | DynamicTable,
  mode: LockMode,
  work: (writer: StatementWriter) => Promise<T>,
  consumed: readonly Stream[] = [],
): Promise<T> {
  return writeTables(context, [table], mode, work, consumed);
}

/** As `writeTable`, for a statement that changes several tables, which are all different. */
export async function writeTables<T>(
  context: StatementContext,
  tables: readonly (Table | DynamicTable)[],
  mode: LockMode,
  work: (writer: StatementWriter) => Promise<T>,
  consumed: readonly Stream[] = [],
): Promise<T> {
  // A refresh has its own transaction, and the locks.
  if (context.custom?.writer) return work(context.custom.writer);
  useWarehouse(context);
  const consumption = new StreamConsumption(context, consumed);
  // In a transaction it is COMMIT that takes it along.
  const rider = context.session.transaction ? undefined : riderOf(context.session);
  try {
    const { value } = await context.instance.storage.write(
      context.session.transaction?.storage,
      {
        tables: [...tables.map(({ storageId, name }) => ({ id: storageId, mode, name })), ...consumption.locks],
        ...lockWait(context),
        committed: () => {
          consumption.committed();
          rider?.committed();
        },
      },
      async (writer) => {
        for (const table of tables) requireSameTable(table, context);
        const done = await consumption.around(writer, () => work(writer));
        for (const table of tables) {
          if (table.kind === "DYNAMIC TABLE") await requireFrozenRows(table, writer, context);
        }
        await rider?.persist((sql, values) => writer.run(sql, values as never));
        return done;
      },
    );
    consumption.succeeded();
    return value;
  } catch (error) {
    if (error instanceof DuplicateRowError) throw duplicateRow();
    throw translateDuckDbError(error);
  }
}

/** @throws SnowflakeError when the table was replaced while the statement waited for its lock */
function requireSameTable(table: Table | DynamicTable, context: StatementContext): void {
  const now = context.instance.catalog.object(table.id);
  if (now?.kind !== table.kind || now.droppedOn !== undefined || now.storageId !== table.storageId) {
    throw new SnowflakeError("000625", "57014", `Table '${table.name}' was replaced while the statement waited.`);
  }
}

/** @throws SnowflakeError when the statement has changed rows that are refreshed */
async function requireFrozenRows(
  table: DynamicTable,
  writer: StatementWriter,
  context: StatementContext,
): Promise<void> {
  const changed = `SELECT 1 FROM ${writer.ownChanges(table.storageId)} AS t WHERE NOT ${frozenSql(table, context)}`;
  if (!(await writer.value(`SELECT EXISTS (${changed})`))) return;
  throw compilationError(
    `Rows of dynamic table '${table.name}' outside of its frozen region cannot be changed: they are its query's result.`,
    "002202",
    "0A000",
  );
}

/** Several rows of a source want to change one row of the target. @param row the values of that row, where they are known */
export function duplicateRow(row?: string): SnowflakeError {
  const values = row === undefined ? "" : `\nRow Values: [${row}]`;
  return new SnowflakeError("100090", "42P18", `Duplicate row detected during DML action${values}`);
}

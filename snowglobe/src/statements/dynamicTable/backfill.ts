import type { DynamicTable, Table } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { frozenSql } from "../../refresh/frozenRegion";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import type { StatementWriter } from "../../storage";
import { unsupported } from "../../errors";

/** What a new dynamic table starts from. */
export interface Backfill {
  readonly source: Table | DynamicTable;
  /** In the words of the statement. */
  readonly text: string;
}

/**
 * The table of BACKFILL FROM. Source: "Frozen regions and backfill".
 *
 * @throws SnowflakeError for a view, or where there is no frozen region that its rows could fill
 */
export function backfillOf(
  statement: StatementOf<"createDynamicTable">,
  context: StatementContext,
): Backfill | undefined {
  const { backfillFrom, frozenWhere } = statement;
  if (!backfillFrom) return undefined;
  if (backfillFrom.timeTravel) throw unsupported("BACKFILL FROM ... AT");
  const source = findRelation(context, backfillFrom.name, "CREATE DYNAMIC TABLE");
  requirePrivilege(context, source, "SELECT");
  if (source.kind === "VIEW") throw compilationError(`BACKFILL FROM needs a table, and '${source.name}' is a view.`);
  if (!frozenWhere && !statement.refreshUsing) throw compilationError("BACKFILL FROM needs FROZEN WHERE.");
  return { source, text: context.instance.catalog.fullName(source) };
}

/**
 * Copies the rows that will be frozen.
 *
 * @throws SnowflakeError when the source has other columns or types
 */
export async function copyFrozenRows(
  table: DynamicTable,
  { source }: Backfill,
  writer: StatementWriter,
  context: StatementContext,
): Promise<void> {
  requireSameColumns(table, source);
  const columns = table.columns.map((column) => column.physical);
  const renamed = columns.map((physical, place) => `s.${source.columns[place]!.physical} AS ${physical}`);
  const rows = `SELECT ${renamed.join(", ")} FROM ${writer.current(source.storageId)} AS s`;
  const where = table.frozenWhere === undefined ? "" : ` WHERE ${frozenSql(table, context)}`;
  await writer.insert(table.storageId, columns, `SELECT * FROM (${rows})${where}`);
}

function requireSameColumns(table: DynamicTable, source: Table | DynamicTable): void {
  const shape = ({ columns }: Table | DynamicTable): string =>
    columns.map(({ name, type }) => `${name} ${dataTypeText(type)}`).join(", ");
  if (shape(table) === shape(source)) return;
  throw compilationError(
    `Table '${source.name}' cannot backfill '${table.name}': its columns (${shape(source)}) are not (${shape(table)}).`,
  );
}

import type { DynamicTable, Table } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import type { WrittenContent } from "../../refresh/writeContent";
import { boundTravel, travelVersion } from "../../execution/timeTravel";
import type { Input } from "../../refresh/dynamicTableContent";
import type { TimeTravel } from "../../sql/ast/query";
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
): Promise<WrittenContent> {
  requireSameColumns(table, source);
  const columns = table.columns.map((column) => column.physical);
  const renamed = columns.map((physical, place) => `s.${source.columns[place]!.physical} AS ${physical}`);
  const rows = `SELECT ${renamed.join(", ")} FROM ${writer.current(source.storageId)} AS s`;
  const where = table.frozenWhere === undefined ? "" : ` WHERE ${frozenSql(table, context)}`;
  const inserted = await writer.insert(table.storageId, columns, `SELECT * FROM (${rows})${where}`);
  return { inserted, deleted: 0, foundBy: "WHOLE RESULT" };
}

function requireSameColumns(table: DynamicTable, source: Table | DynamicTable): void {
  const shape = ({ columns }: Table | DynamicTable): string =>
    columns.map(({ name, type }) => `${name} ${dataTypeText(type)}`).join(", ");
  if (shape(table) === shape(source)) return;
  throw compilationError(
    `Table '${source.name}' cannot backfill '${table.name}': its columns (${shape(source)}) are not (${shape(table)}).`,
  );
}

/** The inputs at the versions that START AT means: the first refresh sees what changed since. */
export async function startVersions(
  startAt: TimeTravel,
  inputs: readonly Input[],
  writer: StatementWriter,
  context: StatementContext,
): Promise<Input[]> {
  const travel = boundTravel(startAt, context);
  const found: Input[] = [];
  for (const { object } of inputs)
    found.push({ object, version: await travelVersion(travel, object, writer, context) });
  return found;
}

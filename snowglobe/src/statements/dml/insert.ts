import type { Column } from "../../catalog/objects";
import { compilationError, type SnowflakeError, unsupported } from "../../errors";
import { NULL_TYPE } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { Query, ValuesClause } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import { parseExpression } from "../../sql";
import {
  Binder,
  columnRef,
  emitPlan,
  isSemiStructured,
  type BoundExpression,
  type BoundQuery,
  type EmitOptions,
} from "../../translate";
import { overArrayBind } from "./arrayBinds";
import { defaultValue, intoColumn, isDefaultWord } from "./columnValues";
import type { Handler, StatementContext } from "../../execution/context";
import { dmlTarget, targetColumns, writeTable } from "./dmlTarget";
import { dml, type Outcome } from "../../execution/outcome";
import { bind } from "../query/query";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { scanTexts, type ScanTexts } from "../../execution/scans";
import { StatementType } from "../../account/statementType";
import { streamsRead } from "../stream/streamConsumption";
import type { StatementReader, StatementWriter } from "../../storage";

/** INSERT [OVERWRITE] INTO. Source: "INSERT". */
export const insert: Handler<StatementOf<"insert">> = async (statement, context) => {
  const { table } = dmlTarget(statement.table, context, "INSERT", "INSERT", ...(statement.overwrite ? ["DELETE"] : []));
  const { columns, query } = withoutIdentities(targetColumns(table, statement.columns), statement.query);
  const source = await bind((context.boundRows && overArrayBind(query)) ?? query, context);
  if (source.columns.length !== columns.length) {
    throw wrongValueCount(columns.length, source.columns.length);
  }
  requirePlainValues(query, source, context);
  if (context.describeOnly) return answer(0);
  const mode = statement.overwrite ? "exclusive" : "shared";
  const write = async (writer: StatementWriter): Promise<number> => {
    const { names, select } = await insertion(table.columns, columns, source, writer, context);
    return statement.overwrite
      ? writer.replace(table.storageId, names, select)
      : writer.insert(table.storageId, names, select);
  };
  return answer(await writeTable(context, table, mode, write, streamsRead(context, [source.plan])));
};

/** The error for a list of columns and values that are not as many. */
export function wrongValueCount(columns: number, values: number): SnowflakeError {
  return compilationError(
    `Insert value list does not match column list expecting ${columns} but got ${values}`,
    "002020",
    "21S01",
  );
}

function answer(count: number): Outcome {
  return dml(StatementType.INSERT, [["number of rows inserted", count]], { numRowsInserted: count });
}

/** A column of the source; one of nothing but NULL goes into any type. */
export function sourceValue(column: BoundQuery["columns"][number]): BoundExpression {
  const value = columnRef(column);
  return column.untyped ? { ...value, type: NULL_TYPE } : value;
}

/**
 * What goes into the stored table: the source's values cast to the columns' types, and defaults for the columns that the
 * statement does not name.
 */
async function insertion(
  all: readonly Column[],
  named: readonly Column[],
  source: BoundQuery,
  reader: StatementReader,
  context: StatementContext,
): Promise<{ readonly names: string[]; readonly select: string }> {
  const scans: ScanTexts = await scanTexts(source.plan, reader, context);
  const options = { scan: (node: { readonly scanId: number }) => scans.get(node.scanId)! };
  const given = new Map(named.map((column, index) => [column.name, sourceValue(source.columns[index]!)]));
  return insertionFrom(`(${emitPlan(source.plan, options)})`, all, given, options, context);
}

/** As `insertion`, of values by the columns' names over rows that are at hand. @param from a FROM item */
export function insertionFrom(
  from: string,
  all: readonly Column[],
  given: ReadonlyMap<string, BoundExpression>,
  options: EmitOptions,
  context: StatementContext,
): { readonly names: string[]; readonly select: string } {
  const { session } = queryEnvironment(context);
  const values = all.map((column) =>
    intoColumn(given.get(column.name) ?? defaultValue(column, context), column, session, options),
  );
  return {
    names: all.map((column) => column.physical),
    select: `SELECT ${values.map((value, index) => `${value} AS ${all[index]!.physical}`).join(", ")} FROM ${from}`,
  };
}

/** AUTOINCREMENT columns that a VALUES list gives nothing but DEFAULT are as if they were not named. */
function withoutIdentities(
  named: readonly Column[],
  query: Query,
): { readonly columns: readonly Column[]; readonly query: Query } {
  const { body } = query;
  if (body.kind !== "values") return { columns: named, query };
  const { rows } = body;
  const stays = named.map((column, index) => {
    if (!column.identity) return true;
    const words = rows.filter((row) => row[index] && isDefaultWord(row[index])).length;
    if (words > 0 && words < rows.length) throw unsupported("DEFAULT beside values for an AUTOINCREMENT column");
    return words === 0;
  });
  const columns = named.filter((_, index) => stays[index]);
  // VALUES needs a column; all numbers are the table's own then.
  if (columns.length === 0) throw unsupported("VALUES of nothing but DEFAULT for AUTOINCREMENT columns");
  const left = rows.map((row) => row.filter((_, index) => stays[index] ?? true));
  return { columns, query: withDefaults({ ...query, body: { ...body, rows: left } }, columns) };
}

/**
 * @throws SnowflakeError for what a VALUES list may not hold: a subquery, and a value of a semi-structured type. Source:
 *   "INSERT", usage notes
 */
function requirePlainValues({ body }: Query, source: BoundQuery, context: StatementContext): void {
  // The rows of an array bind are no text of the statement's.
  if (body.kind !== "values" || context.boundRows) return;
  const refuse = (cell: Expression): never => {
    const text = context.text.slice(cell.span.start, cell.span.end);
    throw compilationError(`Invalid expression [${text}] in VALUES clause`, "002014", "22000");
  };
  for (const row of body.rows) for (const cell of row) if (SUBQUERIES.has(cell.kind)) refuse(cell);
  const binder = new Binder(queryEnvironment(context), context.text);
  for (const [index, { type }] of source.columns.entries()) {
    if (!isSemiStructured(type)) continue;
    const cell = body.rows.map((row) => row[index]!).find((one) => isSemiStructured(binder.scalar(one).type));
    if (cell) refuse(cell);
  }
}

const SUBQUERIES: ReadonlySet<Expression["kind"]> = new Set(["subquery", "exists", "inQuery"]);

/** Replaces DEFAULT in a VALUES list by the column's default. */
function withDefaults(query: Query, columns: readonly Column[]): Query {
  const { body } = query;
  if (body.kind !== "values" || !body.rows.some((row) => row.some(isDefaultWord))) return query;
  const rows = body.rows.map((row) =>
    row.map((cell, index): Expression => {
      if (!isDefaultWord(cell)) return cell;
      const text = columns[index]?.defaultText;
      return text === undefined ? { kind: "null", span: cell.span } : parseExpression(text);
    }),
  );
  return { ...query, body: { ...body, rows } satisfies ValuesClause };
}

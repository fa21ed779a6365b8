import type { StatementOf } from "../../sql/ast/statement";
import type { Query } from "../../sql/ast/query";
import {
  bindQuery,
  columnType,
  emitPlan,
  rowsetSql,
  scansOf,
  translateDuckDbError,
  type BoundQuery,
} from "../../translate";
import { act, actingSelect } from "./actingFunctions";
import type { Handler, StatementContext } from "../../execution/context";
import { encodedRows, type Outcome } from "../../execution/outcome";
import { sessionParameter } from "../../execution/parameters";
import { informationSchemaCounts, queryEnvironment } from "../../execution/queryEnvironment";
import type { ResultColumn, RowChunk } from "../../account/result";
import { scanTexts } from "../../execution/scans";
import { StatementType } from "../../account/statementType";
import { useWarehouse } from "../../execution/useWarehouse";

/** Rows in the first chunk, which travels with the answer itself. */
const FIRST_CHUNK_ROWS = 2_000;
/** Rows in each later chunk, which drivers fetch by themselves. */
const CHUNK_ROWS = 50_000;

/** A query as a statement. */
export const query: Handler<StatementOf<"queryStatement">> = async (statement, context) => {
  const acting = actingSelect(statement.query, context);
  if (acting) return act(acting.call, acting.column, context);
  const bound = await bind(statement.query, context);
  return context.describeOnly ? encodedRows(columnsOf(bound), [], StatementType.SELECT) : run(bound, context);
};

/** Binds a query in the session's context, with all checks of names, types and privileges. */
export async function bind(query: Query, context: StatementContext): Promise<BoundQuery> {
  const counts = await informationSchemaCounts(context, context.text);
  return bindQuery(query, context.text, queryEnvironment(context, { counts }));
}

export function columnsOf(bound: BoundQuery): ResultColumn[] {
  return bound.columns.map((column) => ({
    name: column.name,
    type: columnType(column.type),
    nullable: column.nullable,
  }));
}

async function run(bound: BoundQuery, context: StatementContext): Promise<Outcome> {
  // Constants and metadata take no compute; tables do.
  if (scansOf(bound.plan).length > 0) useWarehouse(context);
  const { storage } = context.instance;
  // Source: "Parameters", ROWS_PER_RESULTSET.
  const most = Number(sessionParameter(context.session, "ROWS_PER_RESULTSET"));
  return storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    const scans = await scanTexts(bound.plan, reader, context);
    const sql = rowsetSql(emitPlan(bound.plan, { scan: (node) => scans.get(node.scanId)! }), bound.columns);
    try {
      const texts = await reader.texts(most > 0 ? `${sql} LIMIT ${most}` : sql);
      return encodedRows(columnsOf(bound), chunksOf(texts as string[]), StatementType.SELECT);
    } catch (error) {
      throw translateDuckDbError(error);
    }
  });
}

function chunksOf(rows: readonly string[]): RowChunk[] {
  const chunks: RowChunk[] = [];
  for (let at = 0; at < rows.length || at === 0;) {
    const end = at + (at === 0 ? FIRST_CHUNK_ROWS : CHUNK_ROWS);
    const part = rows.slice(at, end);
    chunks.push({ rowCount: part.length, json: part.join(",") });
    at = end;
  }
  return chunks;
}

import type { StatementOf } from "../../sql/ast/statement";
import type { Query } from "../../sql/ast/query";
import {
  batchProjection,
  bindQuery,
  columnType,
  emitPlan,
  scansOf,
  translateDuckDbError,
  walkPlan,
  type BoundQuery,
  type Plan,
} from "../../translate";
import { act, actingSelect } from "./actingFunctions";
import type { Handler, StatementContext } from "../../execution/context";
import { collectedRows, type Outcome } from "../../execution/outcome";
import { sessionParameter } from "../../execution/parameters";
import { withPivotValues } from "../../execution/pivotValues";
import { queryEnvironment, withRowCounts } from "../../execution/queryEnvironment";
import type { ResultColumn } from "../../account/result";
import { RowCollector } from "../../rowset";
import { scanTexts } from "../../execution/scans";
import { stage } from "../../execution/stages";
import { StatementType } from "../../account/statementType";
import { useWarehouse } from "../../execution/useWarehouse";

/** A query as a statement. */
export const query: Handler<StatementOf<"queryStatement">> = async (statement, context) => {
  const acting = actingSelect(statement.query, context);
  if (acting) return act(acting.call, acting.column, context);
  const bound = await bind(statement.query, context);
  return context.describeOnly
    ? collectedRows(columnsOf(bound), { chunks: [], wide: [] }, StatementType.SELECT)
    : run(bound, context);
};

/** Binds a query in the session's context, with all checks of names, types and privileges. */
export async function bind(query: Query, context: StatementContext): Promise<BoundQuery> {
  return stage(() =>
    withPivotValues(context, (pivotValues) =>
      withRowCounts(context, (counts) =>
        bindQuery(query, context.text, queryEnvironment(context, { counts, pivotValues })),
      ),
    ),
  );
}

function columnsOf(bound: BoundQuery): ResultColumn[] {
  return bound.columns.map((column) => ({
    name: column.name,
    type: columnType(column.type),
    nullable: column.nullable,
  }));
}

/** Whether rows come from anywhere but the text itself. */
function readsTables(plan: Plan): boolean {
  let found = false;
  walkPlan(plan, { node: ({ kind }) => (found ||= kind === "scan" || kind === "sql") });
  return found;
}

async function run(bound: BoundQuery, context: StatementContext): Promise<Outcome> {
  // Constants and metadata take no compute; tables do.
  if (scansOf(bound.plan).length > 0) useWarehouse(context);
  const { storage, results } = context.instance;
  // Source: "Parameters", ROWS_PER_RESULTSET.
  const most = Number(sessionParameter(context.session, "ROWS_PER_RESULTSET"));
  return storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    const scans = await scanTexts(bound.plan, reader, context);
    const sql = await stage(() =>
      batchProjection(emitPlan(bound.plan, { scan: (node) => scans.get(node.scanId)! }), bound.columns),
    );
    const columns = columnsOf(bound);
    const collector = new RowCollector(
      columns.map(({ type }) => type),
      () => results.createFile(context.queryId),
    );
    try {
      await reader.chunks(most > 0 ? `${sql} LIMIT ${most}` : sql, (chunk) => collector.add(chunk), {
        readsTables: readsTables(bound.plan),
      });
      return collectedRows(columns, await collector.end(), StatementType.SELECT);
    } catch (error) {
      throw translateDuckDbError(error);
    }
  });
}

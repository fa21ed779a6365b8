import type { RunSql } from "../../catalog/change";
import type { Column, DynamicTable, Table } from "../../catalog/objects";
import { compilationError, invalidIdentifier } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { Assignment } from "../../sql/ast/statements/dml";
import type { StatementReader, StatementWriter } from "../../storage";
import {
  Binder,
  emitExpression,
  emitPlan,
  rewriteExpression,
  type BoundExpression,
  type EmitOptions,
  type Plan,
  type ScanNode,
  isText,
} from "../../translate";
import { defaultValue, intoColumn, isDefaultWord } from "./columnValues";
import type { Handler, StatementContext } from "../../execution/context";
import { dmlTarget, duplicateRow, writeTable } from "./dmlTarget";
import { dml, succeeded } from "../../execution/outcome";
import { sessionParameter } from "../../execution/parameters";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { scanTexts } from "../../execution/scans";
import { StatementType } from "../../account/statementType";
import { streamsRead } from "../stream/streamConsumption";

/** Name of the changed table in the SQL that is made. */
const TARGET = "dml_target";

/** UPDATE. Source: "UPDATE". */
export const update: Handler<StatementOf<"update">> = async (statement, context) => {
  const { table, relation } = dmlTarget(statement.table, context, "UPDATE", "UPDATE");
  const binder = new Binder(queryEnvironment(context), context.text);
  const target = binder.target(relation, statement.alias);
  const sources = statement.from.map((source) => binder.source(source));
  const scope = binder.combine(target.scope, ...sources.map((source) => source.scope));
  const assigned = assignments(statement.assignments, table).map(({ column, assignment }) => ({
    column,
    value: isDefaultWord(assignment.value) ? defaultValue(column, context) : binder.scalar(assignment.value, scope),
  }));
  const condition = statement.where && binder.condition(statement.where, scope);
  const where = binder.restricted(condition, target.visible);
  if (context.describeOnly) return answer(0, 0);
  const { session } = queryEnvironment(context);
  const plans = sources.map((source) => source.plan);
  const expressions = [...assigned.map((a) => a.value), where];
  const write = async (writer: StatementWriter): Promise<{ updated: number; multiJoined: number }> => {
    const options = await emitOptions(plans, expressions, writer, context);
    if (sources.length === 0) {
      const set = assigned.map(({ column, value }) => [
        column.physical,
        intoColumn(onTarget(value, target.scan), column, session, options),
      ]);
      const updated = await writer.update(table.storageId, {
        alias: TARGET,
        set: Object.fromEntries(set) as Record<string, string>,
        where: where && emitExpression(onTarget(where, target.scan), options),
      });
      return { updated, multiJoined: 0 };
    }
    const values = assigned.map(
      ({ column, value }, index) => `${intoColumn(value, column, session, options)} AS v${index}`,
    );
    const from = [targetRows(target.scan, writer), ...sources.map((source) => `(${emitPlan(source.plan, options)})`)];
    const joined =
      `SELECT dml_row, count(*) OVER (PARTITION BY dml_row) AS dml_matches,` +
      ` row_number() OVER (PARTITION BY dml_row) AS dml_match, ${values.join(", ")} FROM ${from.join(", ")}` +
      (where ? ` WHERE ${emitExpression(where, options)}` : "");
    // Several source rows for one target row: Snowflake takes any one of them, unless told to fail.
    const { name } = await writer.materialize(`SELECT * FROM (${joined}) WHERE dml_match = 1`);
    const multiJoined = Number(await writer.value(`SELECT count(*) FROM ${name} WHERE dml_matches > 1`));
    if (multiJoined > 0 && sessionParameter(context.session, "ERROR_ON_NONDETERMINISTIC_UPDATE")) {
      const twice = `SELECT dml_row FROM ${name} WHERE dml_matches > 1 LIMIT 1`;
      throw duplicateRow(await rowValues(target.scan, twice, writer));
    }
    const updated = await writer.update(table.storageId, {
      alias: TARGET,
      set: Object.fromEntries(assigned.map(({ column }, index) => [column.physical, `s.v${index}`])),
      from: `, ${name} AS s`,
      where: `${TARGET}._rid = s.dml_row`,
    });
    return { updated, multiJoined };
  };
  const counts = await writeTable(context, table, "exclusive", write, streamsRead(context, plans, expressions));
  return answer(counts.updated, counts.multiJoined);
};

function answer(count: number, multiJoined: number) {
  return dml(
    StatementType.UPDATE,
    [
      ["number of rows updated", count],
      ["number of multi-joined rows updated", multiJoined],
    ],
    { numRowsUpdated: count },
  );
}

/** DELETE. Source: "DELETE". */
export const deleteRows: Handler<StatementOf<"delete">> = async (statement, context) => {
  const { table, relation } = dmlTarget(statement.table, context, "DELETE", "DELETE");
  const binder = new Binder(queryEnvironment(context), context.text);
  const target = binder.target(relation, statement.alias);
  const sources = statement.using.map((source) => binder.source(source));
  const scope = binder.combine(target.scope, ...sources.map((source) => source.scope));
  const condition = statement.where && binder.condition(statement.where, scope);
  const where = binder.restricted(condition, target.visible);
  const plans = sources.map((source) => source.plan);
  const write = async (writer: StatementWriter): Promise<number> => {
    if (!where && sources.length === 0) return writer.truncate(table.storageId);
    const options = await emitOptions(plans, [where], writer, context);
    if (sources.length === 0) {
      return writer.delete(table.storageId, {
        alias: TARGET,
        where: emitExpression(onTarget(where!, target.scan), options),
      });
    }
    const from = [targetRows(target.scan, writer), ...sources.map((source) => `(${emitPlan(source.plan, options)})`)];
    const filter = where ? ` WHERE ${emitExpression(where, options)}` : "";
    return writer.delete(table.storageId, { rows: `SELECT dml_row AS _rid FROM ${from.join(", ")}${filter}` });
  };
  const count = context.describeOnly
    ? 0
    : await writeTable(context, table, "exclusive", write, streamsRead(context, plans, [where]));
  return dml(StatementType.DELETE, [["number of rows deleted", count]], { numRowsDeleted: count });
};

/** TRUNCATE TABLE. Source: "TRUNCATE TABLE". */
export const truncate: Handler<StatementOf<"truncate">> = async (statement, context) => {
  let target;
  try {
    target = dmlTarget(statement.table, context, "TRUNCATE", "TRUNCATE");
  } catch (error) {
    if (statement.ifExists) return succeeded();
    throw error;
  }
  const { table } = target;
  await writeTable(context, table, "exclusive", async (writer) => {
    const ended = await writer.truncate(table.storageId);
    const run: RunSql = (sql, values) => writer.run(sql, values as never);
    const transaction = context.session.transaction?.storage;
    await context.instance.loads.forgetTable(table.id, transaction, run);
    await context.instance.copies.forgetTable(table.id, transaction, run);
    return ended;
  });
  return succeeded();
};

/** The target's columns of SET, each at most once. */
export function assignments(
  given: readonly Assignment[],
  table: Table | DynamicTable,
): { readonly column: Column; readonly assignment: Assignment }[] {
  const seen = new Set<string>();
  return given.map((assignment) => {
    const { name } = assignment.column.at(-1)!;
    const column = table.columns.find((one) => one.name === name);
    if (!column) throw invalidIdentifier(name);
    if (seen.has(name)) throw compilationError(`duplicate column name '${name}'`, "002025", "42S21");
    seen.add(name);
    return { column, assignment };
  });
}

/** Scans of all plans and of subqueries in the expressions. */
export async function emitOptions(
  plans: readonly Plan[],
  expressions: readonly (BoundExpression | undefined)[],
  reader: StatementReader,
  context: StatementContext,
): Promise<EmitOptions> {
  const rows = [expressions.filter((one): one is BoundExpression => one !== undefined)];
  const holder: Plan = { kind: "values", columns: [], rows };
  const texts = new Map<number, string>();
  for (const plan of [...plans, holder]) {
    for (const [id, text] of await scanTexts(plan, reader, context)) texts.set(id, text);
  }
  return { scan: (node) => texts.get(node.scanId)! };
}

/** The target's rows under the ids of its scan, each with its place `dml_row`. */
export function targetRows(scan: ScanNode, reader: StatementReader): string {
  const columns = scan.columns.map((column, index) => `${scan.physical[index]!} AS ${column.id}`);
  return `(SELECT ${[...columns, "_rid AS dml_row"].join(", ")} FROM ${reader.current(scan.relation.id)} AS q) AS ${TARGET}`;
}

/** The values of a target row as messages show them: texts in quotes, NULL as such. @param row SELECT of its dml_row */
export async function rowValues(scan: ScanNode, row: string, reader: StatementReader): Promise<string> {
  const cells = scan.columns.map(({ id, type }) => {
    const text = isText(type) ? `CAST(to_json(${id}) AS VARCHAR)` : `CAST(${id} AS VARCHAR)`;
    return `coalesce(${text}, 'NULL')`;
  });
  const values = await reader.value(
    `SELECT concat_ws(', ', ${cells.join(", ")}) FROM ${targetRows(scan, reader)} WHERE dml_row IN (${row})`,
  );
  return String(values);
}

/** The expression with the target's columns by their names in storage: what in-place changes need. */
function onTarget(expression: BoundExpression, scan: ScanNode): BoundExpression {
  const physical = new Map(scan.columns.map((column, index) => [column.id, `${TARGET}.${scan.physical[index]!}`]));
  return rewriteExpression(expression, { id: (id) => physical.get(id) ?? id });
}

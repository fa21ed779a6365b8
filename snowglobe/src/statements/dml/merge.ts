import type { Column } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { MergeClause } from "../../sql/ast/statements/dml";
import type { StatementWriter } from "../../storage";
import { Binder, columnRef, emitExpression, emitPlan, type BoundExpression, type Scope } from "../../translate";
import { defaultValue, intoColumn, isDefaultWord } from "./columnValues";
import type { Handler, StatementContext } from "../../execution/context";
import { dmlTarget, duplicateRow, targetColumns, writeTable, type DmlTarget } from "./dmlTarget";
import { dml, type Outcome } from "../../execution/outcome";
import { sessionParameter } from "../../execution/parameters";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { StatementType } from "../../account/statementType";
import { streamsRead } from "../stream/streamConsumption";
import { wrongValueCount } from "./insert";
import { assignments, emitOptions, rowValues, targetRows } from "./updateDelete";

/** A clause with names resolved: what happens to the rows that it is the first to take. */
interface BoundClause {
  readonly matched: boolean;
  readonly condition?: BoundExpression;
  readonly action: "update" | "delete" | "insert";
  /** Values by column; for an insert all columns of the table. */
  readonly values: readonly { readonly column: Column; readonly value: BoundExpression }[];
}

interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** MERGE. Source: "MERGE". Each row of target or source goes to the first clause whose condition it meets. */
export const merge: Handler<StatementOf<"merge">> = async (statement, context) => {
  requireReachable(statement.clauses);
  const target = dmlTarget(statement.table, context, "MERGE", ...privileges(statement.clauses));
  const binder = new Binder(queryEnvironment(context), context.text);
  const bound = binder.target(target.relation, statement.alias);
  const source = binder.source(statement.using);
  const both = binder.combine(bound.scope, source.scope);
  const on = binder.restricted(binder.condition(statement.on, both, "ON"), bound.visible)!;
  const clauses = statement.clauses.map((clause) => bindClause(clause, target, both, source.scope, binder, context));
  if (context.describeOnly) return answer(clauses, { inserted: 0, updated: 0, deleted: 0 });

  const { session } = queryEnvironment(context);
  const expressions = [on, ...clauses.flatMap((c) => [c.condition, ...c.values.map((v) => v.value)])];
  const write = async (writer: StatementWriter): Promise<MergeCounts> => {
    const options = await emitOptions([source.plan], expressions, writer, context);
    const emit = (expression: BoundExpression): string => emitExpression(expression, options);
    const rows = await writer.materialize(
      `SELECT *, row_number() OVER () AS dml_source FROM (${emitPlan(source.plan, options)})`,
    );
    const joined = `${targetRows(bound.scan, writer)}, ${rows.name} AS src WHERE ${emit(on)}`;
    const values = (clause: BoundClause): string[] =>
      clause.values.map(({ column, value }) => `${intoColumn(value, column, session, options)} AS ${column.physical}`);

    // All is computed before anything changes: clauses see the table as it was.
    const choice = chooser(clauses, true, emit);
    const matched = await writer.materialize(
      `SELECT *, row_number() OVER (PARTITION BY dml_row, clause IS NULL) AS match FROM (SELECT dml_row, dml_source, ${choice} AS clause FROM ${joined})`,
    );
    // A target row may meet several source rows only if all of them delete it. Source: "MERGE", nondeterministic results.
    if (sessionParameter(context.session, "ERROR_ON_NONDETERMINISTIC_MERGE")) {
      const changing = clauses.flatMap((clause, index) => (clause.action === "update" ? [index] : []));
      const isUpdate = changing.length === 0 ? "false" : `clause IN (${changing.join(", ")})`;
      const twice = `SELECT dml_row FROM ${matched.name} WHERE clause IS NOT NULL GROUP BY dml_row HAVING count(*) > 1 AND bool_or(${isUpdate}) LIMIT 1`;
      if ((await writer.rows(twice)).length > 0) throw duplicateRow(await rowValues(bound.scan, twice, writer));
    }
    // Else any one of them decides.
    const decided = `${matched.name} WHERE match = 1 AND clause`;
    const updates: { readonly clause: BoundClause; readonly rows: string }[] = [];
    const inserts: { readonly clause: BoundClause; readonly rows: string }[] = [];
    for (const [index, clause] of clauses.entries()) {
      if (clause.action === "update") {
        const select = `SELECT dml_row AS merged_row, ${values(clause).join(", ")} FROM ${joined} AND (dml_row, dml_source) IN (SELECT (dml_row, dml_source) FROM ${decided} = ${index})`;
        updates.push({ clause, rows: (await writer.materialize(select)).name });
      } else if (clause.action === "insert") {
        const select = `SELECT ${values(clause).join(", ")} FROM ${rows.name} AS src WHERE dml_source NOT IN (SELECT dml_source FROM ${matched.name}) AND ${chooser(clauses, false, emit)} = ${index}`;
        inserts.push({ clause, rows: (await writer.materialize(select)).name });
      }
    }
    const deleting = clauses.flatMap((clause, index) => (clause.action === "delete" ? [index] : []));
    const id = target.table.storageId;
    const deleted =
      deleting.length === 0
        ? 0
        : await writer.delete(id, {
            rows: `SELECT dml_row AS _rid FROM ${decided} IN (${deleting.join(", ")})`,
          });
    let updated = 0;
    for (const { clause, rows: changed } of updates) {
      updated += await writer.update(id, {
        set: Object.fromEntries(clause.values.map(({ column }) => [column.physical, `s.${column.physical}`])),
        from: `, ${changed} AS s`,
        where: "t._rid = s.merged_row",
      });
    }
    let inserted = 0;
    for (const { clause, rows: fresh } of inserts) {
      const names = clause.values.map(({ column }) => column.physical);
      inserted += await writer.insert(id, names, `SELECT ${names.join(", ")} FROM ${fresh}`);
    }
    return { inserted, updated, deleted };
  };
  const streams = streamsRead(context, [source.plan], expressions);
  return answer(clauses, await writeTable(context, target.table, "exclusive", write, streams));
};

function privileges(clauses: readonly MergeClause[]): string[] {
  const needed: Record<MergeClause["action"]["kind"], string> = {
    update: "UPDATE",
    updateAllByName: "UPDATE",
    delete: "DELETE",
    insert: "INSERT",
    insertAllByName: "INSERT",
  };
  return [...new Set(clauses.map((clause) => needed[clause.action.kind]))];
}

function bindClause(
  clause: MergeClause,
  target: DmlTarget,
  both: Scope,
  source: Scope,
  binder: Binder,
  context: StatementContext,
): BoundClause {
  const { action, matched } = clause;
  const scope = matched ? both : source;
  const condition = clause.condition && binder.condition(clause.condition, scope, "WHEN");
  switch (action.kind) {
    case "delete":
      return { matched, condition, action: "delete", values: [] };
    case "update": {
      const values = assignments(action.assignments, target.table).map(({ column, assignment }) => ({
        column,
        value: isDefaultWord(assignment.value) ? defaultValue(column, context) : binder.scalar(assignment.value, both),
      }));
      return { matched, condition, action: "update", values };
    }
    case "insert": {
      const columns = targetColumns(target.table, action.columns);
      if (columns.length !== action.values.length) {
        throw wrongValueCount(columns.length, action.values.length);
      }
      const given = new Map(columns.map((column, index) => [column.name, action.values[index]!]));
      const values = target.table.columns.map((column) => {
        const expression = given.get(column.name);
        const written = expression && !isDefaultWord(expression);
        return { column, value: written ? binder.scalar(expression, source) : defaultValue(column, context) };
      });
      return { matched, condition, action: "insert", values };
    }
    case "updateAllByName":
      return { matched, condition, action: "update", values: valuesByName(target, source) };
    case "insertAllByName":
      return { matched, condition, action: "insert", values: valuesByName(target, source) };
  }
}

/** Each column of the target with the source's column of the same name. Both have the same names. */
function valuesByName({ table }: DmlTarget, source: Scope): BoundClause["values"] {
  const named = source.sources.flatMap(({ columns }) => columns.filter(({ hidden }) => !hidden));
  const values = table.columns.map((column) => {
    const same = named.filter(({ name }) => name === column.name);
    return { column, same };
  });
  if (named.length !== table.columns.length || values.some(({ same }) => same.length !== 1)) {
    throw compilationError(
      `ALL BY NAME needs a source with the columns of the target: ${table.columns.map(({ name }) => name).join(", ")}.`,
      "002020",
      "21S01",
    );
  }
  return values.map(({ column, same }) => ({ column, value: columnRef(same[0]!) }));
}

/**
 * A clause without AND takes all that is left: nothing may follow it that asks the same.
 *
 * @throws SnowflakeError for a clause that no row could reach
 */
function requireReachable(clauses: readonly MergeClause[]): void {
  for (const [index, clause] of clauses.entries()) {
    const before = clauses.slice(0, index).some((one) => one.matched === clause.matched && !one.condition);
    if (!before) continue;
    const which = clause.matched ? "WHEN MATCHED" : "WHEN NOT MATCHED";
    throw compilationError(
      `Unreachable case: a ${which} clause follows one without a condition, which takes every row.`,
      "001014",
      "42000",
    );
  }
}

/** CASE that gives the index of the clause that takes a row, or NULL. */
function chooser(
  clauses: readonly BoundClause[],
  matched: boolean,
  emit: (expression: BoundExpression) => string,
): string {
  const branches = clauses.flatMap((clause, index) =>
    clause.matched === matched ? [`WHEN ${clause.condition ? emit(clause.condition) : "true"} THEN ${index}`] : [],
  );
  return branches.length === 0 ? "NULL::INTEGER" : `CASE ${branches.join(" ")} END`;
}

function answer(clauses: readonly BoundClause[], counts: MergeCounts): Outcome {
  const has = (action: BoundClause["action"]): boolean => clauses.some((clause) => clause.action === action);
  const columns: (readonly [string, number])[] = [];
  if (has("insert")) columns.push(["number of rows inserted", counts.inserted]);
  if (has("update")) columns.push(["number of rows updated", counts.updated]);
  if (has("delete")) columns.push(["number of rows deleted", counts.deleted]);
  return dml(StatementType.MERGE, columns, {
    numRowsInserted: counts.inserted,
    numRowsUpdated: counts.updated,
    numRowsDeleted: counts.deleted,
  });
}

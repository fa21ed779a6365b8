import type { Column } from "../../catalog/objects";
import { invalidIdentifier } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { InsertTarget } from "../../sql/ast/statements/dml";
import { Binder, emitExpression, emitPlan, type BoundExpression, type BoundQuery, type Scope } from "../../translate";
import { StatementType } from "../../account/statementType";
import type { Handler, StatementContext } from "../../execution/context";
import { dml, type Outcome } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import type { StatementWriter } from "../../storage";
import { streamsRead } from "../stream/streamConsumption";
import { defaultValue, isDefaultWord } from "./columnValues";
import { dmlTarget, targetColumns, writeTables, type DmlTarget } from "./dmlTarget";
import { insertionFrom, sourceValue, wrongValueCount } from "./insert";
import { emitOptions } from "./updateDelete";

/** One INTO with names resolved. */
interface BoundTarget {
  readonly table: DmlTarget["table"];
  /** By the columns' names. */
  readonly given: ReadonlyMap<string, BoundExpression>;
}

/** A WHEN and its INTOs; one of an unconditional insert, and ELSE, has no condition. */
interface BoundBranch {
  readonly when?: BoundExpression;
  readonly into: readonly BoundTarget[];
}

/** Rows inserted by table, in the order in which the statement names them. */
type Counts = ReadonlyMap<DmlTarget["table"], number>;

/**
 * INSERT [OVERWRITE] ALL | FIRST. WHEN and VALUES know the columns of the query's result alone. Source: "INSERT
 * (multi-table)".
 */
export const multiTableInsert: Handler<StatementOf<"multiTableInsert">> = async (statement, context) => {
  const binder = new Binder(queryEnvironment(context), context.text);
  const source = binder.query(statement.query);
  const scope = binder.scope(undefined, source.columns);
  const tables = new Map<number, DmlTarget["table"]>();
  const into = (targets: readonly InsertTarget[]): BoundTarget[] =>
    targets.map((target) => {
      const privileges = statement.overwrite ? ["INSERT", "DELETE"] : ["INSERT"];
      const { table } = dmlTarget(target.table, context, "INSERT", ...privileges);
      const known = tables.get(table.id) ?? table;
      tables.set(table.id, known);
      const columns = targetColumns(known, target.columns);
      return { table: known, given: valuesOf(target, columns, source, scope, binder, context) };
    });
  const branches = statement.branches.map((branch): BoundBranch => ({
    ...(branch.when && { when: binder.condition(branch.when, scope, "WHEN") }),
    into: into(branch.into),
  }));
  const otherwise: BoundBranch = { into: into(statement.otherwise) };
  const targets = [...tables.values()];
  const expressions = [...branches, otherwise].flatMap(({ when, into }) => [
    when,
    ...into.flatMap(({ given }) => [...given.values()]),
  ]);
  if (context.describeOnly) return answer(new Map(targets.map((table) => [table, 0])));

  const write = async (writer: StatementWriter): Promise<Counts> => {
    const options = await emitOptions([source.plan], expressions, writer, context);
    // A NULL condition is no match, as everywhere.
    const met = branches.map(({ when }) => (when ? `coalesce(${emitExpression(when, options)}, false)` : "true"));
    // All that is inserted is computed before a table changes: the query may read the tables themselves.
    const rows = await writer.materialize(
      `SELECT *, ${met.map((sql, index) => `${sql} AS met_${index}`).join(", ")} FROM (${emitPlan(source.plan, options)})`,
    );
    const batches: { readonly table: DmlTarget["table"]; readonly names: readonly string[]; readonly rows: string }[] =
      [];
    for (const [index, branch] of [...branches, otherwise].entries()) {
      const where = conditionOf(index, branches.length, statement.mode);
      for (const { table, given } of branch.into) {
        const from = `${rows.name} WHERE ${where}`;
        const { names, select } = insertionFrom(from, table.columns, given, options, context);
        batches.push({ table, names, rows: (await writer.materialize(select)).name });
      }
    }
    const counts = new Map(targets.map((table) => [table, 0]));
    if (statement.overwrite) for (const table of targets) await writer.truncate(table.storageId);
    for (const { table, names, rows } of batches) {
      const inserted = await writer.insert(table.storageId, names, `SELECT ${names.join(", ")} FROM ${rows}`);
      counts.set(table, counts.get(table)! + inserted);
    }
    return counts;
  };
  const mode = statement.overwrite ? "exclusive" : "shared";
  return answer(await writeTables(context, targets, mode, write, streamsRead(context, [source.plan], expressions)));
};

/** When a row goes to a branch; the one behind the last is ELSE. */
function conditionOf(index: number, count: number, mode: "ALL" | "FIRST"): string {
  const others = mode === "FIRST" || index === count ? Array.from({ length: index }, (_, i) => `NOT met_${i}`) : [];
  return [...others, ...(index < count ? [`met_${index}`] : [])].join(" AND ");
}

function valuesOf(
  target: InsertTarget,
  columns: readonly Column[],
  source: BoundQuery,
  scope: Scope,
  binder: Binder,
  context: StatementContext,
): ReadonlyMap<string, BoundExpression> {
  const count = target.values.length || source.columns.length;
  if (columns.length !== count) throw wrongValueCount(columns.length, count);
  const value = (column: Column, index: number): BoundExpression => {
    const written = target.values[index];
    if (!written) return sourceValue(source.columns[index]!);
    if (isDefaultWord(written)) return defaultValue(column, context);
    // A qualified name would be one of the query's inside.
    if (written.kind === "column" && written.parts.length > 1) {
      throw invalidIdentifier(written.parts.map(({ name }) => name).join("."));
    }
    return binder.scalar(written, scope, "VALUES");
  };
  return new Map(columns.map((column, index) => [column.name, value(column, index)]));
}

function answer(counts: Counts): Outcome {
  const columns = [...counts].map(([table, count]) => [`number of rows inserted into ${table.name}`, count] as const);
  const numRowsInserted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return dml(StatementType.MULTI_TABLE_INSERT, columns, { numRowsInserted });
}

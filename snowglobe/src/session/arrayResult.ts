import { dml, type Outcome } from "../execution/outcome";
import { status } from "../execution/outcome";

/** The one answer of an array bind: the counts of all executions added up. */
export function statisticsSum(outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  if (!first) return status("0 rows.");
  if (!first.statistics) return outcomes.at(-1)!;
  const counts = outcomes.map((outcome) => JSON.parse(`[${outcome.chunks[0]!.json}]`) as string[][]);
  const sums = first.columns.map(
    (column, index) => [column.name, counts.reduce((sum, rows) => sum + Number(rows[0]![index]), 0)] as const,
  );
  const add = (pick: (one: NonNullable<Outcome["statistics"]>) => number): number =>
    outcomes.reduce((sum, outcome) => sum + (outcome.statistics ? pick(outcome.statistics) : 0), 0);
  return dml(first.statementTypeId, sums, {
    numRowsInserted: add((one) => one.numRowsInserted),
    numRowsUpdated: add((one) => one.numRowsUpdated),
    numRowsDeleted: add((one) => one.numRowsDeleted),
  });
}

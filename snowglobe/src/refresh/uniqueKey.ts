import { joinKeys } from "./delta/joinKeys";
import { partitionOf } from "./delta/restrict";
import type { BoundExpression, FilterNode, JoinNode, Plan, ScanNode } from "../translate";

/** Names of the columns of a stored relation that no two of its rows have the same values of. */
export type KeyOf = (scan: ScanNode) => readonly string[] | undefined;

/**
 * Columns of a plan's result that no two rows have the same values of: those of GROUP BY, those that a
 * QUALIFY ROW_NUMBER() = 1 is partitioned by, or a key of a relation that is passed on as it is. Sources: "Optimize input
 * data for dynamic tables", "System-derived unique key".
 *
 * @returns their places, or undefined where no key follows from the query
 */
export function derivedKey(plan: Plan, keyOf: KeyOf): readonly number[] | undefined {
  const ids = keyIds(plan, keyOf);
  if (!ids || ids.length === 0) return undefined;
  const places = ids.map((id) => plan.columns.findIndex((column) => column.id === id));
  return places.includes(-1) ? undefined : places;
}

/** Ids of a key's columns; they need not be among those that the node yields. */
function keyIds(plan: Plan, keyOf: KeyOf): readonly string[] | undefined {
  switch (plan.kind) {
    case "scan": {
      const names = keyOf(plan);
      const ids = names?.map((name) => plan.columns.find((column) => column.name === name)?.id);
      return ids?.every((id) => id !== undefined) ? ids : undefined;
    }
    case "filter":
      return firstOfPartition(plan) ?? keyIds(plan.input, keyOf);
    case "sort":
    case "limit":
    case "window":
      return keyIds(plan.input, keyOf);
    case "project": {
      const below = keyIds(plan.input, keyOf);
      // The columns that merely pass on one of the key's.
      const ids = below?.map((id) => {
        const place = plan.expressions.findIndex((one) => one.kind === "column" && one.id === id);
        return plan.columns[place]?.id;
      });
      return ids?.every((id) => id !== undefined) ? ids : undefined;
    }
    case "aggregate":
      return plan.groupingSets || plan.groups.length === 0
        ? undefined
        : plan.groups.map((_, place) => plan.columns[place]!.id);
    case "join":
      return joinedKey(plan, keyOf);
    case "with":
      return keyIds(plan.input, keyOf);
    default:
      return undefined;
  }
}

/** A side's key stays one where each of its rows meets one row of the other side at most. */
function joinedKey(join: JoinNode, keyOf: KeyOf): readonly string[] | undefined {
  if (join.lateral || (join.type !== "INNER" && join.type !== "LEFT")) return undefined;
  const { right } = joinKeys(join);
  const equal = new Set(right.flatMap((one) => (one.kind === "column" ? [one.id] : [])));
  const other = keyIds(join.right, keyOf);
  return other?.every((id) => equal.has(id)) ? keyIds(join.left, keyOf) : undefined;
}

/** QUALIFY ROW_NUMBER() OVER (PARTITION BY a, b ...) = 1: one row for each a, b. */
function firstOfPartition({ clause, condition, input }: FilterNode): readonly string[] | undefined {
  if (clause !== "QUALIFY" || input.kind !== "window") return undefined;
  const own = input.columns.slice(-input.windows.length);
  for (const [at, window] of input.windows.entries()) {
    if (window.name !== "ROW_NUMBER" || !terms(condition).some((term) => isOne(term, own[at]!.id))) continue;
    const partition = partitionOf({ ...input, windows: [window] });
    const ids = partition.flatMap((one) => (one.kind === "column" ? [one.id] : []));
    if (ids.length === window.partitionBy.length && ids.length > 0) return ids;
  }
  return undefined;
}

/** The terms of a condition that all hold. */
function terms(condition: BoundExpression): readonly BoundExpression[] {
  return condition.kind === "call" && condition.name === "AND" ? condition.args.flatMap(terms) : [condition];
}

function isOne(term: BoundExpression, id: string): boolean {
  if (term.kind !== "call" || term.name !== "=" || term.args.length !== 2) return false;
  return term.args.some((arg) => refersTo(arg, id)) && term.args.some((arg) => isLiteralOne(arg));
}

/** The column itself, or a cast of it that does not change a whole number. */
function refersTo(expression: BoundExpression, id: string): boolean {
  if (expression.kind === "column") return expression.id === id;
  return expression.kind === "call" && expression.name === "CAST" && refersTo(expression.args[0]!, id);
}

function isLiteralOne(expression: BoundExpression): boolean {
  if (expression.kind === "literal") return expression.value === "1";
  return expression.kind === "call" && expression.name === "CAST" && isLiteralOne(expression.args[0]!);
}

import type { Expression } from "./expression";

/** The terms that AND joins, from left to right. */
export function termsOf(condition: Expression): readonly Expression[] {
  if (condition.kind !== "binary" || condition.operator !== "AND") return [condition];
  return [...termsOf(condition.left), ...termsOf(condition.right)];
}

/** Terms joined by AND; there must be one at least. */
export function conjunction(terms: readonly Expression[]): Expression {
  return terms.reduce((left, right) => ({ kind: "binary", operator: "AND", left, right, span: left.span }));
}

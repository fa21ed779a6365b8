import { compilationError, type SnowflakeError } from "../errors";
import type { BoundExpression } from "./boundExpression";
import type { Plan } from "./plan";
import { type ChildMapper, mapExpression, mapNode } from "./planWalk";
import { factsOf } from "./repetition";

/*
 * Bounds on what the engine is given to plan. It does not look at interrupts while it plans, so that what it cannot plan
 * in a time that anybody waits for must not come to it at all. Far beyond what people write.
 */

/** Relations that one statement may read, each as often as it is named, through views too. */
export const MOST_RELATIONS = 10_000;
/** Joins of one query: what follows from n equal keys costs more than n * n * n. */
const MOST_JOINS = 256;
/** Subqueries in expressions within each other: each level takes three times as long as the one inside. */
const MOST_SUBQUERIES = 9;
/** Operands computed once within each other: the time grows with the third power. */
const MOST_LETS = 220;

export function tooComplex(why: string): SnowflakeError {
  return compilationError(`The query is too complex: ${why}.`, "001004", "42601");
}

/** @throws SnowflakeError for a plan beyond these bounds */
export function requirePlannable(plan: Plan): void {
  let joins = 0;
  let subqueries = 0;
  const to: ChildMapper = {
    id: (id) => id,
    plan: (input) => visit(input),
    expression: (expression) => {
      if (factsOf(expression).depth > MOST_LETS) throw tooComplex("its expressions are nested too deeply");
      return inside(expression);
    },
  };
  const visit = (node: Plan): Plan => {
    if (node.kind === "join" && ++joins > MOST_JOINS) throw tooComplex(`it joins more than ${MOST_JOINS} tables`);
    return mapNode(node, to);
  };
  const inside = (expression: BoundExpression): BoundExpression => {
    const subquery = "plan" in expression;
    if (subquery && ++subqueries > MOST_SUBQUERIES) {
      throw tooComplex(`more than ${MOST_SUBQUERIES} subqueries within each other`);
    }
    const mapped = mapExpression(expression, { ...to, expression: inside });
    if (subquery) subqueries--;
    return mapped;
  };
  visit(plan);
}

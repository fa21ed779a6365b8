import { compilationError, type SnowflakeError } from "../errors";
import type { BoundCall, BoundExpression } from "./boundExpression";
import type { Plan } from "./plan";
import { type ChildMapper, mapExpression, mapNode } from "./planWalk";
import { factsOf } from "./repetition";

/**
 * Joins beside each other that the engine may put into an order of its own: on one key it compares more than n * n * n.
 * See the plan's emitter.
 */
export const ORDERED_JOINS = 24;

/*
 * Bounds on what the engine is given to plan. It does not look at interrupts while it plans, so that what it cannot plan
 * in a time that anybody waits for must not come to it at all. Far beyond what people write.
 */

/** Relations that one statement may read, each as often as it is named, through views too. */
export const MOST_RELATIONS = 10_000;
/** Joins of one query. */
const MOST_JOINS = 256;
/** Joins without a condition of their own: what WHERE says of them, the engine puts into order as a whole. */
const MOST_CROSS_JOINS = 48;
/** Arms of set operations in one query: each costs as much as there are others. */
const MOST_ARMS = 2_000;
/** Definitions of one WITH: those that are used once come to stand within each other. */
const MOST_DEFINITIONS = 300;
/** Conditions that one chain of AND or OR joins: each costs as much as there are others. */
const MOST_CONDITIONS = 5_000;
/** ANDs that one OR joins: the engine looks for what any two of them have in common. */
const MOST_ALTERNATIVES = 1_000;
/** Items that a list of a statement's text may have. Source: "Snowflake limits: expressions in a list". */
const MOST_ITEMS = 200_000;
/** Subqueries in expressions within each other: each level takes three times as long as the one inside. */
const MOST_SUBQUERIES = 9;
/** Operands computed once within each other: the time grows with the third power. */
const MOST_LETS = 220;

export function tooComplex(why: string): SnowflakeError {
  return compilationError(`The query is too complex: ${why}.`, "001004", "42601");
}

/** @throws SnowflakeError for a list (of IN, rows of VALUES) that is longer than Snowflake takes */
export function requireListed(count: number): void {
  if (count <= MOST_ITEMS) return;
  throw compilationError(
    `maximum number of expressions in a list exceeded, expected at most ${grouped(MOST_ITEMS)}, got ${grouped(count)}`,
    "001795",
  );
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

/** @throws SnowflakeError for more definitions in a WITH than are planned in any time */
export function requireFewDefinitions(count: number): void {
  if (count > MOST_DEFINITIONS) throw tooComplex(`it has more than ${MOST_DEFINITIONS} common table expressions`);
}

/** @throws SnowflakeError for more arms of set operations than are planned in any time */
export function requireFewArms(count: number): void {
  if (count > MOST_ARMS) throw tooComplex(`it has more than ${MOST_ARMS} arms of set operations`);
}

/** @throws SnowflakeError for a plan beyond these bounds */
export function requirePlannable(plan: Plan): void {
  let joins = 0;
  let crossJoins = 0;
  let arms = 0;
  const counted = new Set<BoundExpression>();
  let subqueries = 0;
  const to: ChildMapper = {
    id: (id) => id,
    plan: (input) => visit(input),
    expression: (expression) => {
      if (isShallow(expression)) return expression;
      if (factsOf(expression).depth > MOST_LETS) throw tooComplex("its expressions are nested too deeply");
      return inside(expression);
    },
  };
  const visit = (node: Plan): Plan => {
    if (node.kind === "join" && ++joins > MOST_JOINS) throw tooComplex(`it joins more than ${MOST_JOINS} tables`);
    if (node.kind === "join" && node.type === "CROSS" && !node.lateral && ++crossJoins > MOST_CROSS_JOINS) {
      throw tooComplex(`it joins more than ${MOST_CROSS_JOINS} tables without a condition`);
    }
    if (node.kind === "setOperation") requireFewArms(++arms);
    return mapNode(node, to);
  };
  const inside = (expression: BoundExpression): BoundExpression => {
    if (isShallow(expression)) return expression;
    if ((isCall(expression, "OR") || isCall(expression, "AND")) && !counted.has(expression)) {
      requireFewConditions(expression, counted);
    }
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

/** Nothing in it can be beyond a bound: most of what long statements are made of. */
function isShallow(expression: BoundExpression): boolean {
  return isLeaf(expression) || (expression.kind === "call" && expression.args.every(isLeaf));
}

function isLeaf({ kind }: BoundExpression): boolean {
  return kind === "literal" || kind === "column";
}

function isCall(expression: BoundExpression, name: string): expression is BoundCall {
  return expression.kind === "call" && expression.name === name;
}

/** @param counted gets all ANDs or ORs that belong to this one */
function requireFewConditions(top: BoundCall, counted: Set<BoundExpression>): void {
  let conditions = 0;
  let alternatives = 0;
  const open: BoundExpression[] = [top];
  for (let at = open.pop(); at; at = open.pop()) {
    if (isCall(at, top.name)) {
      counted.add(at);
      open.push(...at.args);
      continue;
    }
    if (++conditions > MOST_CONDITIONS) {
      throw tooComplex(`more than ${MOST_CONDITIONS} conditions joined by ${top.name}`);
    }
    if (top.name === "OR" && isCall(at, "AND") && ++alternatives > MOST_ALTERNATIVES) {
      throw tooComplex(`more than ${MOST_ALTERNATIVES} conditions of several parts joined by OR`);
    }
  }
}

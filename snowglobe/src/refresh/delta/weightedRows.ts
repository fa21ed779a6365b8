import { NUMBER } from "../../sql/ast/dataType";
import { columnRef, type BoundExpression, type Plan, type PlanColumn } from "../../translate";
import { project } from "./planNodes";

/**
 * A multiset of rows: each row of the plan counts as often as its weight says, which may be negative. Rows that count
 * negatively are in the plan otherwise too, so that no count is below zero in the end.
 */
export interface WeightedRows {
  /** Its columns, and the weight as the last one if there is any. */
  readonly plan: Plan;
  /** Id of the weight's column; absent: every row counts once. */
  readonly weight?: string;
}

/**
 * What a node's rows were and are no more (`minus`), and are and were not (`plus`); absent where there are none. Rows may
 * be in both. All rows of `plus` are rows of the node's new state and all of `minus` rows of its old one: an expression
 * over them cannot fail where the query itself does not.
 */
export interface Delta {
  readonly plus?: WeightedRows;
  readonly minus?: WeightedRows;
}

export type Side = keyof Delta;
export const SIDES: readonly Side[] = ["minus", "plus"];

export function isEmpty(delta: Delta): boolean {
  return !delta.plus && !delta.minus;
}

function weightColumn(id: string): PlanColumn {
  return { id, name: id, type: NUMBER, nullable: false };
}

/** The weight's column as a list: what a node that passes it on adds to its columns. */
export function weightOf(rows: WeightedRows): readonly PlanColumn[] {
  return rows.weight === undefined ? [] : [weightColumn(rows.weight)];
}

function integer(value: number): BoundExpression {
  return { kind: "literal", sql: String(value), value: String(value), type: NUMBER, nullable: false };
}

/** The product of the weights of rows that were joined, times `sign`. */
export function weightProduct(sides: readonly WeightedRows[], sign: 1 | -1): BoundExpression {
  const factors = sides.flatMap((side) => weightOf(side).map((column) => columnRef(column)));
  const args = sign === 1 && factors.length > 0 ? factors : [integer(sign), ...factors];
  return args.reduce((left, right) => ({
    kind: "call",
    name: "*",
    args: [left, right],
    template: ["(", 0, " * ", 1, ")"],
    type: NUMBER,
    nullable: false,
    volatility: "deterministic",
  }));
}

/** One part of a multiset: `plan` yields the columns in order, first of all; each row counts `weight` times. */
export interface Part {
  readonly plan: Plan;
  readonly columns: readonly PlanColumn[];
  /** Absent: once. */
  readonly weight?: BoundExpression;
}

/** The sum of multisets under the given columns. @param weightId a new id */
export function sumOf(
  parts: readonly Part[],
  columns: readonly PlanColumn[],
  weightId: string,
): WeightedRows | undefined {
  if (parts.length === 0) return undefined;
  const weighted = parts.some((part) => part.weight !== undefined);
  const all = weighted ? [...columns, weightColumn(weightId)] : columns;
  const plan = parts
    .map(({ plan: input, columns: from, weight }): Plan => {
      const values = from.map((column): BoundExpression => columnRef(column));
      return project(input, all, weighted ? [...values, weight ?? integer(1)] : values);
    })
    .reduce((left, right) => ({ kind: "setOperation", operator: "UNION", all: true, left, right, columns: all }));
  return weighted ? { plan, weight: weightId } : { plan };
}

/** A multiset as a part of another, under its own columns. */
export function partOf(rows: WeightedRows, columns: readonly PlanColumn[]): Part {
  const [weight] = weightOf(rows).map((column) => columnRef(column));
  return { plan: rows.plan, columns, ...(weight ? { weight } : {}) };
}

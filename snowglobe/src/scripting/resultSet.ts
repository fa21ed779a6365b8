import type { Outcome } from "../execution/outcome";

/** A RESULTSET: the result of a statement that has run. Source: "Working with RESULTSETs". */
export interface ResultSet {
  readonly kind: "resultSet";
  /** Undefined until a statement is assigned. */
  outcome?: Outcome;
}

import { VARCHAR } from "../../sql/ast/dataType";
import type { BoundExpression } from "../../translate";

/** Name of a source's n-th field, from 0. */
export function fieldName(index: number): string {
  return `f${index + 1}`;
}

/** The n-th field of a source, from 0, as text. */
export function textField(index: number): BoundExpression {
  return { kind: "column", id: fieldName(index), name: `$${index + 1}`, type: VARCHAR, nullable: true };
}

/** The only field of a source of documents. */
export const DOCUMENT: BoundExpression = {
  kind: "column",
  id: fieldName(0),
  name: "$1",
  type: { kind: "VARIANT" },
  nullable: true,
};

import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import { rows, type Outcome } from "../execution/outcome";
import { StatementType } from "../account/statementType";
import type { TypedValue } from "../translate";

/** The column of what a block gives back. Source: "Returning a value". */
const COLUMN = "anonymous block";

/** What a block without RETURN gives back. */
export const NULL_RESULT: Outcome = rows([[COLUMN, VARCHAR]], [[null]], StatementType.SELECT);

/** Types whose text is their encoding on the wire. Others are shown as text, as the worksheet shows them. */
const PLAIN: ReadonlySet<DataType["kind"]> = new Set(["NUMBER", "FLOAT", "VARCHAR", "VARIANT", "OBJECT", "ARRAY"]);

/** One row with the value of RETURN. */
export function blockResult({ type, value }: TypedValue): Outcome {
  if (value === null) return NULL_RESULT;
  if (type.kind === "BOOLEAN") return rows([[COLUMN, type]], [[/^(true|1)$/i.test(value)]], StatementType.SELECT);
  return rows([[COLUMN, PLAIN.has(type.kind) ? type : VARCHAR]], [[value]], StatementType.SELECT);
}

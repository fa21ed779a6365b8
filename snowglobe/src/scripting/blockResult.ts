import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import { rows, type Cell, type Outcome } from "../execution/outcome";
import { StatementType } from "../account/statementType";
import type { TypedValue } from "../translate";

/** The column of what a block gives back. Source: "Returning a value". */
const COLUMN = "anonymous block";

/** What a block without RETURN gives back. */
export const NULL_RESULT: Outcome = rows([[COLUMN, VARCHAR]], [[null]], StatementType.SELECT);

/** Types whose text is their encoding on the wire. Others are shown as text, as the worksheet shows them. */
const PLAIN: ReadonlySet<DataType["kind"]> = new Set(["NUMBER", "FLOAT", "VARCHAR", "VARIANT", "OBJECT", "ARRAY"]);

/** One row with the value of RETURN. */
export function blockResult(returned: TypedValue): Outcome {
  if (returned.value === null) return NULL_RESULT;
  const [type, cell] = encoded(returned);
  return rows([[COLUMN, type]], [[cell]], StatementType.SELECT);
}

/** A value of Scripting as a result's cell, and the column's type. */
export function encoded({ type, value }: TypedValue): [type: DataType, cell: Cell] {
  if (type.kind === "BOOLEAN") return [type, value === null ? null : /^(true|1)$/i.test(value)];
  return [PLAIN.has(type.kind) ? type : VARCHAR, value];
}

import type { Expression, FunctionCall } from "../../sql/ast/expression";
import { taskError } from "../../execution/taskError";

/** Functions of WHEN. Source: "CREATE TASK", WHEN. */
const FUNCTIONS = ["SYSTEM$GET_PREDECESSOR_RETURN_VALUE", "SYSTEM$STREAM_HAS_DATA"];
/** Conversions between numbers, texts and booleans, which may stand around them. */
const CONVERSIONS: ReadonlySet<string> = new Set([
  "TO_BOOLEAN",
  "TO_CHAR",
  "TO_DECIMAL",
  "TO_DOUBLE",
  "TO_NUMBER",
  "TO_NUMERIC",
  "TO_VARCHAR",
  "TRY_TO_BOOLEAN",
  "TRY_TO_DECIMAL",
  "TRY_TO_DOUBLE",
  "TRY_TO_NUMBER",
  "TRY_TO_NUMERIC",
]);
const CONVERTED: ReadonlySet<string> = new Set(["NUMBER", "FLOAT", "VARCHAR", "BOOLEAN", "DECFLOAT"]);
const OPERATORS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">=", "AND", "OR"]);

/**
 * Checks the condition of a task, which is evaluated without compute: streams, return values, constants, comparisons,
 * boolean operators and conversions. Source: "CREATE TASK", WHEN.
 *
 * @throws SnowflakeError for anything else
 */
export function requireCondition(expression: Expression): void {
  if (isAllowed(expression)) return;
  throw taskError(
    `Invalid expression for task condition expression. Only some data type conversions and the following functions are allowed: [${FUNCTIONS.join(", ")}].`,
  );
}

function isAllowed(expression: Expression): boolean {
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
    case "null":
      return true;
    case "unary":
      return ["+", "-", "NOT"].includes(expression.operator) && isAllowed(expression.operand);
    case "binary":
      return OPERATORS.has(expression.operator) && isAllowed(expression.left) && isAllowed(expression.right);
    case "is":
      return isAllowed(expression.operand) && (!expression.other || isAllowed(expression.other));
    case "between":
      return [expression.operand, expression.low, expression.high].every(isAllowed);
    case "inList":
      return [expression.operand, ...expression.items].every(isAllowed);
    case "cast":
      return CONVERTED.has(expression.type.kind) && isAllowed(expression.operand);
    case "call":
      return isAllowedCall(expression);
    default:
      return false;
  }
}

function isAllowedCall(call: FunctionCall): boolean {
  const name = call.name.length === 1 ? call.name[0]!.name : "";
  if (call.over || call.distinct || call.namedArgs.length > 0) return false;
  if (!FUNCTIONS.includes(name) && !CONVERSIONS.has(name)) return false;
  return call.args.every(isAllowed);
}

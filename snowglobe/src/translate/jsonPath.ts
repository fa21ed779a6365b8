import { invalidValue } from "../errors";
import { VARIANT } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call, textLiteral } from "./construct";

const STEP = /\.?(?:\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]|"([^"]*)"|([A-Za-z_][\w$]*))/gy;

/**
 * The element of a semi-structured value at a constant path: `a.b[0]['c d']`; the value itself at the empty path.
 * Source: "GET_PATH, :".
 *
 * @throws SnowflakeError 001008 for what is no path
 */
export function valueAtPath(value: BoundExpression, path: string): BoundExpression {
  let at = value;
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) throw invalidValue(path, "PATH");
    const [, index, ...keys] = match;
    at =
      index !== undefined
        ? call("GET", `fn.json_index($0, ${index})`, [at], VARIANT, true)
        : call(
            "GET_PATH",
            "fn.json_key($0, $1)",
            [at, textLiteral(keys.find((key) => key !== undefined)!)],
            VARIANT,
            true,
          );
  }
  return at;
}

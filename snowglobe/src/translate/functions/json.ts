import { unsupported } from "../../errors";
import { VARCHAR, VARIANT } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, constantValue, textLiteral } from "../construct";
import { number } from "../types/numeric";
import { isSemiStructured } from "../types/physicalType";
import { pathSteps } from "../variant/path";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, constantOf, define, scalar } from "./signature";

type Bind = FunctionDefinition["bind"];

/** Whether a parsing function was told to let the last of several members of one name count. */
function mode(bound: BoundArguments): string {
  const value = bound.args[1] === undefined ? "s" : constantOf(bound, 1);
  if (value !== "s" && value !== "d") throw unsupported(`${bound.name} with the parameter ${value ?? "NULL"}`);
  return value;
}

/** A text read as JSON, see readJson. Source: "PARSE_JSON", "TRY_PARSE_JSON". */
const parseJson: Bind = (bound, context) => {
  const value = bound.args[0]!;
  if (isSemiStructured(value.type)) return { ...value, type: VARIANT };
  const text = argument(bound, 0, "T", context.session);
  const reader = bound.name === "TRY_PARSE_JSON" ? "host_try_read_json" : "host_read_json";
  return call(bound.name, `CAST(${reader}($0, '${mode(bound)}') AS JSON)`, [text], VARIANT, true);
};

/** One step into a value: a key of an object or an element of an array. Source: "GET". */
const get: Bind = (bound, context) => {
  const base = argument(bound, 0, "V", context.session);
  const at = bound.args[1]!;
  if (at.type.kind === "VARCHAR") return call("GET", "fn.json_key($0, $1)", [base, at], VARIANT, true);
  return call("GET", "fn.json_index($0, $1)", [base, castTo(at, number(18, 0), context.session)], VARIANT, true);
};

/** Source: "GET_PATH". */
function atPath(base: BoundExpression, path: BoundExpression): BoundExpression {
  const text = constantValue(path);
  if (typeof text !== "string") {
    return call("GET_PATH", "CAST(host_at_path(CAST($0 AS VARCHAR), $1) AS JSON)", [base, path], VARIANT, true);
  }
  return pathSteps(text).reduce<BoundExpression>(
    (at, step) =>
      typeof step === "number"
        ? call("GET", `fn.json_index($0, ${step})`, [at], VARIANT, true)
        : call("GET_PATH", "fn.json_key($0, $1)", [at, textLiteral(step)], VARIANT, true),
    base,
  );
}

/** Parsing, printing and looking into semi-structured values. */
export const jsonFunctions: readonly FunctionDefinition[] = [
  define(["PARSE_JSON", "TRY_PARSE_JSON"], 1, 2, parseJson),
  scalar("CHECK_JSON", "T", VARCHAR, "host_check_json($0)", { nullable: true }),
  scalar("GENERATE_COLUMN_DESCRIPTION", "RT", VARCHAR, "host_column_description(fn.variant_text($0), $1)"),
  scalar("TO_JSON", "V", VARCHAR, "fn.variant_text($0)"),
  define("GET", 2, 2, get),
  define(["GET_PATH"], 2, 2, (bound, context) =>
    atPath(argument(bound, 0, "V", context.session), argument(bound, 1, "T", context.session)),
  ),
  scalar("GET_IGNORE_CASE", "VT", VARIANT, "CAST(host_key_ignoring_case(CAST($0 AS VARCHAR), $1) AS JSON)", {
    nullable: true,
  }),
  define("JSON_EXTRACT_PATH_TEXT", 2, 2, (bound, context) => {
    const text = argument(bound, 0, "T", context.session);
    const parsed = call("PARSE_JSON", "CAST(host_read_json($0, 's') AS JSON)", [text], VARIANT, true);
    return call(
      bound.name,
      "fn.json_text($0)",
      [atPath(parsed, argument(bound, 1, "T", context.session))],
      VARCHAR,
      true,
    );
  }),
  scalar("STRIP_NULL_VALUE", "V", VARIANT, "(CASE WHEN CAST($0 AS VARCHAR) <> 'null' THEN $0 END)", { nullable: true }),
  define(["PARSE_XML", "XMLGET", "CHECK_XML"], 1, 3, (bound) => {
    throw unsupported(bound.name);
  }),
];

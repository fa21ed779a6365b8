import type { DataType } from "../../sql/ast/dataType";
import {
  ARRAY,
  BINARY,
  BOOLEAN,
  DATE,
  FLOAT,
  OBJECT,
  TIME,
  TIMESTAMP_LTZ,
  TIMESTAMP_NTZ,
  TIMESTAMP_TZ,
  VARCHAR,
  VARIANT,
} from "../../sql/ast/dataType";
import { castTo } from "../cast";
import { call } from "../construct";
import { number } from "../types/numeric";
import { isSemiStructured } from "../types/physicalType";
import type { FunctionDefinition } from "./definition";
import { argument, define, numberType, scalar } from "./signature";

const isOneOf = (types: readonly string[]): string =>
  `(fn.type_of($0) IN (${types.map((type) => `'${type}'`).join(", ")}))`;

/** IS_<type> of what a VARIANT holds, NULL for NULL; AS_<type>, which is NULL where it holds something else. */
function pair(
  suffixes: readonly string[],
  isTypes: readonly string[],
  type: DataType,
  asTypes = isTypes,
  asSuffixes = suffixes,
): readonly FunctionDefinition[] {
  return [
    scalar(
      suffixes.map((suffix) => `IS_${suffix}`),
      "V",
      BOOLEAN,
      isOneOf(isTypes),
    ),
    define(
      asSuffixes.map((suffix) => `AS_${suffix}`),
      1,
      type.kind === "NUMBER" ? 3 : 1,
      (bound, context) => {
        const value = argument(bound, 0, "V", context.session);
        const kept = call(bound.name, `(CASE WHEN ${isOneOf(asTypes)} THEN $0 END)`, [value], VARIANT, true);
        const target = bound.args.length > 1 ? numberType(bound, 1) : type;
        return isSemiStructured(target) ? { ...kept, type: target } : castTo(kept, target, context.session);
      },
    ),
  ];
}

/** What a VARIANT holds. Source: "TYPEOF", "IS_<object_type>", "AS_<object_type>". */
export const variantTypeFunctions: readonly FunctionDefinition[] = [
  scalar("TYPEOF", "V", VARCHAR, "fn.type_of($0)"),
  scalar("IS_NULL_VALUE", "V", BOOLEAN, "(CAST($0 AS VARCHAR) = 'null')"),
  ...pair(["ARRAY"], ["ARRAY"], ARRAY),
  ...pair(["OBJECT"], ["OBJECT"], OBJECT),
  ...pair(["BINARY"], ["BINARY"], BINARY),
  ...pair(["BOOLEAN"], ["BOOLEAN"], BOOLEAN),
  ...pair(["CHAR", "VARCHAR"], ["VARCHAR"], VARCHAR),
  ...pair(["DATE", "DATE_VALUE"], ["DATE"], DATE, ["DATE"], ["DATE"]),
  ...pair(["TIME"], ["TIME"], TIME),
  ...pair(["TIMESTAMP_NTZ"], ["TIMESTAMP_NTZ"], TIMESTAMP_NTZ),
  ...pair(["TIMESTAMP_LTZ"], ["TIMESTAMP_LTZ"], TIMESTAMP_LTZ),
  ...pair(["TIMESTAMP_TZ"], ["TIMESTAMP_TZ"], TIMESTAMP_TZ),
  ...pair(["INTEGER"], ["INTEGER"], number(38, 0)),
  // A fixed-point number: not one with an exponent.
  ...pair(["DECIMAL"], ["INTEGER", "DECIMAL"], number(38, 0), ["INTEGER", "DECIMAL"], ["DECIMAL", "NUMBER"]),
  ...pair(["DOUBLE", "REAL"], ["INTEGER", "DECIMAL", "DOUBLE"], FLOAT),
];

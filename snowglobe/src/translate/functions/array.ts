import type { DataType } from "../../sql/ast/dataType";
import { ARRAY, BOOLEAN, OBJECT, VARCHAR, VARIANT } from "../../sql/ast/dataType";
import { isTimestamp } from "../types/physicalType";
import { castTo } from "../cast";
import { call, listTemplate } from "../construct";
import { number } from "../types/numeric";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, define, scalar, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

const arrayConstruct: Bind = (bound, context) => {
  const items = bound.args.map((_, i) => argument(bound, i, "V", context.session));
  return call(bound.name, listTemplate("fn.list_json([", items.length, ", ", "])"), items, ARRAY, false);
};

const arrayConstructCompact: Bind = (bound, context) => {
  const items = bound.args.map((_, i) => argument(bound, i, "V", context.session));
  if (items.length === 0) return call(bound.name, "CAST('[]' AS JSON)", [], ARRAY, false);
  const list = listTemplate("fn.list_json(list_filter([", items.length, ", ", "], lambda e: e IS NOT NULL))");
  return call(bound.name, list, items, ARRAY, false);
};

/** Texts and times are taken for a VARIANT only where they are cast. Source: "ARRAY_CONTAINS", usage notes. */
function castsItself(type: DataType): boolean {
  return !["VARCHAR", "BINARY", "DATE", "TIME"].includes(type.kind) && !isTimestamp(type);
}

/** A function of a value to look for and an array. `missing`: its SQL where the value is NULL. */
function search(name: string, type: DataType, found: string, missing: string): FunctionDefinition {
  return define(name, 2, 2, (bound, context) => {
    if (!castsItself(bound.args[0]!.type)) throw typeMismatch(bound);
    const value = argument(bound, 0, "V", context.session);
    const array = argument(bound, 1, "R", context.session);
    const text = `(CASE WHEN $1 IS NULL THEN NULL WHEN $0 IS NULL THEN ${missing} ELSE ${found} END)`;
    return call(name, text, [value, array], type, true);
  });
}

const POSITION = "nullif(list_position(fn.element_keys($1), fn.element_key($0)), 0) - 1";

/** Objects of the n-th elements of several arrays, under the keys $1, $2 ... Source: "ARRAYS_ZIP". */
const arraysZip: Bind = (bound: BoundArguments, context) => {
  const arrays = bound.args.map((_, i) => argument(bound, i, "R", context.session));
  const joined = listTemplate("host_arrays_zip('[' || ", arrays.length, " || ',' || ", " || ']')").map((part) =>
    typeof part === "number" ? ["CAST(", part, " AS VARCHAR)"] : [part],
  );
  return call(bound.name, ["CAST(", ...joined.flat(), " AS JSON)"], arrays, ARRAY);
};

const json = (sql: string): string => `CAST(${sql} AS JSON)`;
const text = (index: number): string => `CAST($${index} AS VARCHAR)`;
const ORDER = (ascending: string, nullsFirst: string): string =>
  json(`host_array_sort(${text(0)}, CAST(${ascending} AS VARCHAR), CAST(${nullsFirst} AS VARCHAR))`);

export const arrayFunctions: readonly FunctionDefinition[] = [
  define("TO_ARRAY", 1, 1, (bound, context) => castTo(bound.args[0]!, ARRAY, context.session, "explicit")),
  define("ARRAY_CONSTRUCT", 0, 1000, arrayConstruct),
  define("ARRAY_CONSTRUCT_COMPACT", 0, 1000, arrayConstructCompact),
  scalar(
    "ARRAY_SIZE",
    "V",
    number(9, 0),
    "(CASE WHEN left(CAST($0 AS VARCHAR), 1) = '[' THEN CAST(json_array_length($0) AS DECIMAL(9,0)) END)",
    { nullable: true },
  ),
  search(
    "ARRAY_CONTAINS",
    BOOLEAN,
    "list_contains(fn.element_keys($1), fn.variant_key($0))",
    "nullif(list_contains(fn.element_keys($1), fn.element_key($0)), false)",
  ),
  search("ARRAY_POSITION", number(9, 0), `CAST(${POSITION} AS DECIMAL(9,0))`, `CAST(${POSITION} AS DECIMAL(9,0))`),
  // A new element that is NULL stands there as undefined.
  scalar("ARRAY_APPEND", "RV", ARRAY, "fn.list_json(list_append(fn.json_list($0), $1))"),
  scalar("ARRAY_PREPEND", "RV", ARRAY, "fn.list_json(list_prepend($1, fn.json_list($0)))"),
  scalar("ARRAY_INSERT", "RIV", ARRAY, json(`host_array_insert(${text(0)}, ${text(1)}, fn.element_text($2))`)),
  scalar(
    "ARRAY_CAT",
    "RR",
    ARRAY,
    "(CASE WHEN $0 IS NOT NULL AND $1 IS NOT NULL THEN fn.list_json(list_concat(fn.json_list($0), fn.json_list($1))) END)",
  ),
  scalar("ARRAY_REVERSE", "R", ARRAY, "fn.list_json(list_reverse(fn.json_list($0)))"),
  scalar(
    "ARRAY_COMPACT",
    "R",
    ARRAY,
    "fn.list_json(list_filter(fn.json_list($0), lambda e: CAST(e AS VARCHAR) <> 'null'))",
  ),
  scalar("ARRAY_DISTINCT", "R", ARRAY, json(`host_array_distinct(${text(0)})`)),
  define("ARRAY_REMOVE", 2, 2, (bound, context) => {
    if (!castsItself(bound.args[1]!.type)) throw typeMismatch(bound);
    return call(
      bound.name,
      "(CASE WHEN $1 IS NOT NULL THEN fn.list_json(list_filter(fn.json_elements($0), lambda e: fn.variant_key(e) <> fn.variant_key($1))) END)",
      [argument(bound, 0, "R", context.session), argument(bound, 1, "V", context.session)],
      ARRAY,
      true,
    );
  }),
  scalar("ARRAY_REMOVE_AT", "RI", ARRAY, json(`host_array_remove_at(${text(0)}, ${text(1)})`)),
  scalar("ARRAY_SLICE", "RII", ARRAY, json(`host_array_slice(${text(0)}, ${text(1)}, ${text(2)})`)),
  scalar("ARRAYS_OVERLAP", "RR", BOOLEAN, "list_has_any(fn.element_keys($0), fn.element_keys($1))"),
  scalar(
    "ARRAY_TO_STRING",
    "RT",
    VARCHAR,
    "fn.join_texts(list_transform(fn.json_list($0), lambda e: coalesce(fn.json_text(e), '')), $1)",
  ),
  scalar("ARRAY_GENERATE_RANGE", "II?I", ARRAY, ["fn.number_range($0, $1, 1)", "fn.number_range($0, $1, $2)"]),
  scalar("ARRAY_SORT", "R?BB", ARRAY, [ORDER("true", "false"), ORDER("$1", "NOT $1"), ORDER("$1", "$2")]),
  scalar("ARRAY_MIN", "R", VARIANT, json(`host_array_min(${text(0)})`), { nullable: true }),
  scalar("ARRAY_MAX", "R", VARIANT, json(`host_array_max(${text(0)})`), { nullable: true }),
  scalar("ARRAY_EXCEPT", "RR", ARRAY, json(`host_array_except(${text(0)}, ${text(1)})`)),
  scalar("ARRAY_INTERSECTION", "RR", ARRAY, json(`host_array_intersection(${text(0)}, ${text(1)})`)),
  scalar("ARRAY_FLATTEN", "R", ARRAY, json(`host_array_flatten(${text(0)})`), { nullable: true }),
  scalar("ARRAYS_TO_OBJECT", "RR", OBJECT, json(`host_arrays_to_object(${text(0)}, ${text(1)})`)),
  define("ARRAYS_ZIP", 1, 100, arraysZip),
];

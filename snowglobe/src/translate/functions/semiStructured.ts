import { compilationError, unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { ARRAY, BOOLEAN, OBJECT, VARCHAR, VARIANT } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo, toVariant } from "../cast";
import { call, constantValue, listTemplate, textLiteral } from "../construct";
import { number } from "../types/numeric";
import { isSemiStructured } from "../types/physicalType";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { coerce, scalar, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

function define(
  names: string | readonly string[],
  min: number,
  max: number,
  bind: Bind,
  lambdas?: readonly number[],
): FunctionDefinition {
  return {
    names: typeof names === "string" ? [names] : names,
    min,
    max,
    kind: "scalar",
    bind,
    ...(lambdas ? { lambdas } : {}),
  };
}

function variant(bound: BoundArguments, index: number, context: FunctionContext): BoundExpression {
  const value = coerce(bound.args[index]!, "V", context.session);
  if (!value) throw typeMismatch(bound);
  return value;
}

/** Pairs of key and value. Members with a NULL key vanish; those with a NULL value too, unless kept as JSON null. */
function objectConstruct(keepNull: boolean): Bind {
  return (bound, context) => {
    if (bound.syntax.args.length === 1 && bound.syntax.args[0]!.kind === "star")
      throw unsupported("OBJECT_CONSTRUCT(*)");
    if (bound.args.length % 2 !== 0)
      throw compilationError(
        `Invalid number of arguments for ${bound.name}: pairs of key and value are expected`,
        "000939",
        "22023",
      );
    const pairs: { readonly key: BoundExpression; readonly value: BoundExpression }[] = [];
    for (let i = 0; i < bound.args.length; i += 2) {
      pairs.push({ key: castTo(bound.args[i]!, VARCHAR, context.session), value: variant(bound, i + 1, context) });
    }
    // Members are kept in the order of their keys, as Snowflake shows them.
    const constant = (pair: { readonly key: BoundExpression }): string => constantValue(pair.key) ?? "";
    pairs.sort((a, b) => (constant(a) < constant(b) ? -1 : constant(a) > constant(b) ? 1 : 0));
    const parts: (string | number)[] = ["fn.object_of(["];
    const args: BoundExpression[] = [];
    pairs.forEach(({ key, value }, i) => {
      parts.push(
        i > 0 ? ", fn.member(" : "fn.member(",
        args.length,
        ", ",
        args.length + 1,
        keepNull ? ", true)" : ", false)",
      );
      args.push(key, value);
    });
    parts.push("])");
    if (pairs.length === 0) return call(bound.name, "CAST('{}' AS JSON)", [], OBJECT, false);
    return call(bound.name, parts, args, OBJECT, false);
  };
}

const arrayConstruct: Bind = (bound, context) => {
  const items = bound.args.map((_, i) => variant(bound, i, context));
  return call(bound.name, listTemplate("fn.list_json([", items.length, ", ", "])"), items, ARRAY, false);
};

/** GET(v, key or index), GET_PATH(v, path). */
const get: Bind = (bound, context) => {
  const base = variant(bound, 0, context);
  const at = bound.args[1]!;
  if (at.type.kind === "VARCHAR") return call("GET", "fn.json_key($0, $1)", [base, at], VARIANT, true);
  return call("GET", "fn.json_index($0, $1)", [base, castTo(at, number(18, 0), context.session)], VARIANT, true);
};

const getPath: Bind = (bound, context) => {
  const path = constantValue(bound.args[1]!);
  if (typeof path !== "string") throw unsupported("GET_PATH with a path that is no constant");
  let at = variant(bound, 0, context);
  for (const match of path.matchAll(/\[(\d+)\]|\['([^']*)'\]|"([^"]*)"|([^.[\]:]+)/g)) {
    at =
      match[1] !== undefined
        ? call("GET", `fn.json_index($0, ${match[1]})`, [at], VARIANT, true)
        : call("GET_PATH", "fn.json_key($0, $1)", [at, textLiteral(match[2] ?? match[3] ?? match[4]!)], VARIANT, true);
  }
  return at;
};

const parseJson: Bind = (bound, context) => {
  const value = bound.args[0]!;
  if (isSemiStructured(value.type)) return { ...value, type: VARIANT };
  const text = coerce(value, "T", context.session);
  if (!text) throw typeMismatch(bound);
  if (bound.name === "TRY_PARSE_JSON") return call(bound.name, "fn.try_json($0)", [text], VARIANT, true);
  return call(bound.name, "coalesce(fn.try_json($0), fn.bad_json($0))", [text], VARIANT);
};

/** A test on the JSON type of a VARIANT; NULL for NULL. */
function typeTest(names: string | readonly string[], condition: string): FunctionDefinition {
  return scalar(names, "V", BOOLEAN, condition);
}

/** A VARIANT as a type if it holds one, else NULL. */
function typeCast(names: string | readonly string[], test: string, type: DataType): FunctionDefinition {
  return define(names, 1, 3, (bound, context) => {
    const value = variant(bound, 0, context);
    const kept = call(bound.name, `(CASE WHEN ${test} THEN $0 END)`, [value], VARIANT, true);
    if (type.kind === "VARIANT") return kept;
    const target =
      type.kind === "NUMBER" && bound.args.length > 1
        ? number(Number(constantValue(bound.args[1]!)), Number(bound.args[2] ? constantValue(bound.args[2]) : 0))
        : type;
    return isSemiStructured(target) ? { ...kept, type: target } : castTo(kept, target, context.session);
  });
}

const IS_NUMBER = "json_type($0) IN ('UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE')";
const IS_INTEGER = "json_type($0) IN ('UBIGINT', 'BIGINT', 'HUGEINT')";
const list = (index: number): string => `fn.json_list($${index})`;

/** Functions over a list of JSON texts, and a JSON array again. */
function arrayFunction(name: string, signature: string, sql: string): FunctionDefinition {
  return scalar(name, signature, ARRAY, `fn.list_json(${sql})`);
}

const higherOrder =
  (sql: (list: string) => string, result: DataType): Bind =>
  (bound, context) => {
    const array = variant(bound, 0, context);
    const lambda = bound.lambda(bound.syntax.args[1]!, [VARIANT]);
    const body = lambda.kind === "lambda" ? lambda.body : lambda;
    const wrapped: BoundExpression =
      lambda.kind === "lambda"
        ? {
            ...lambda,
            body:
              bound.name === "FILTER"
                ? castTo(body, BOOLEAN, context.session)
                : (toVariant(body, context.session) ?? body),
          }
        : lambda;
    return call(bound.name, sql("fn.json_list($0)"), [array, wrapped], result);
  };

export const semiStructuredFunctions: readonly FunctionDefinition[] = [
  define(["PARSE_JSON", "TRY_PARSE_JSON"], 1, 2, parseJson),
  scalar("TO_JSON", "V", VARCHAR, "CAST($0 AS VARCHAR)"),
  define("TO_ARRAY", 1, 1, (bound, context) => castTo(bound.args[0]!, ARRAY, context.session)),
  define("TO_OBJECT", 1, 1, (bound, context) => castTo(bound.args[0]!, OBJECT, context.session)),
  define("OBJECT_CONSTRUCT", 0, 1000, objectConstruct(false)),
  define("OBJECT_CONSTRUCT_KEEP_NULL", 0, 1000, objectConstruct(true)),
  define(["ARRAY_CONSTRUCT"], 0, 1000, arrayConstruct),
  define("ARRAY_CONSTRUCT_COMPACT", 0, 1000, (bound, context) => {
    const items = bound.args.map((_, i) => variant(bound, i, context));
    if (items.length === 0) return call(bound.name, "CAST('[]' AS JSON)", [], ARRAY, false);
    return call(
      bound.name,
      listTemplate("fn.list_json(list_filter([", items.length, ", ", "], lambda e: e IS NOT NULL))"),
      items,
      ARRAY,
      false,
    );
  }),
  define("GET", 2, 2, get),
  define("GET_PATH", 2, 2, getPath),
  define("GET_IGNORE_CASE", 2, 2, () => {
    throw unsupported("GET_IGNORE_CASE");
  }),
  scalar("TYPEOF", "V", VARCHAR, "fn.type_of($0)"),
  typeTest("IS_NULL_VALUE", "(json_type($0) = 'NULL')"),
  typeTest(["IS_ARRAY"], "(json_type($0) = 'ARRAY')"),
  typeTest("IS_OBJECT", "(json_type($0) = 'OBJECT')"),
  typeTest("IS_BOOLEAN", "(json_type($0) = 'BOOLEAN')"),
  typeTest(["IS_VARCHAR", "IS_CHAR"], "(json_type($0) = 'VARCHAR')"),
  typeTest("IS_INTEGER", `(${IS_INTEGER})`),
  typeTest(["IS_DECIMAL", "IS_DOUBLE", "IS_REAL"], `(${IS_NUMBER})`),
  typeCast("AS_ARRAY", "json_type($0) = 'ARRAY'", ARRAY),
  typeCast("AS_OBJECT", "json_type($0) = 'OBJECT'", OBJECT),
  typeCast("AS_BOOLEAN", "json_type($0) = 'BOOLEAN'", BOOLEAN),
  typeCast(["AS_VARCHAR", "AS_CHAR"], "json_type($0) = 'VARCHAR'", VARCHAR),
  typeCast("AS_INTEGER", IS_INTEGER, number(38, 0)),
  typeCast(["AS_DECIMAL", "AS_NUMBER"], IS_NUMBER, number(38, 0)),
  typeCast(["AS_DOUBLE", "AS_REAL"], IS_NUMBER, { kind: "FLOAT" }),
  scalar("STRIP_NULL_VALUE", "V", VARIANT, "(CASE WHEN json_type($0) <> 'NULL' THEN $0 END)", { nullable: true }),
  scalar("OBJECT_KEYS", "V", ARRAY, "CAST(to_json(json_keys($0)) AS JSON)"),
  define("OBJECT_INSERT", 3, 4, (bound, context) => {
    const replace = bound.args[3] ? constantValue(bound.args[3]) === "true" : false;
    const args = [
      variant(bound, 0, context),
      castTo(bound.args[1]!, VARCHAR, context.session),
      variant(bound, 2, context),
    ];
    return call(bound.name, `fn.object_insert($0, $1, $2, ${replace})`, args, OBJECT, true);
  }),
  define("OBJECT_DELETE", 2, 1000, (bound, context) => {
    const keys = bound.args.slice(1).map((arg) => castTo(arg, VARCHAR, context.session));
    const text = listTemplate("", keys.length, ", ", "").map((part) => (typeof part === "number" ? part + 1 : part));
    return call(
      bound.name,
      ["fn.object_pick(", 0, ", [", ...text, "], false)"],
      [variant(bound, 0, context), ...keys],
      OBJECT,
    );
  }),
  define("OBJECT_PICK", 2, 1000, (bound, context) => {
    const keys = bound.args.slice(1).map((arg) => castTo(arg, VARCHAR, context.session));
    const text = listTemplate("", keys.length, ", ", "").map((part) => (typeof part === "number" ? part + 1 : part));
    return call(
      bound.name,
      ["fn.object_pick(", 0, ", [", ...text, "], true)"],
      [variant(bound, 0, context), ...keys],
      OBJECT,
    );
  }),
  scalar(
    "ARRAY_SIZE",
    "V",
    number(9, 0),
    "(CASE WHEN json_type($0) = 'ARRAY' THEN CAST(json_array_length($0) AS DECIMAL(9,0)) END)",
    { nullable: true },
  ),
  scalar(
    "ARRAY_CONTAINS",
    "VV",
    BOOLEAN,
    `list_contains(list_transform(${list(1)}, lambda e: CAST(e AS VARCHAR)), CAST($0 AS VARCHAR))`,
  ),
  scalar(
    "ARRAY_POSITION",
    "VV",
    number(9, 0),
    `CAST(nullif(list_position(list_transform(${list(1)}, lambda e: CAST(e AS VARCHAR)), CAST($0 AS VARCHAR)), 0) - 1 AS DECIMAL(9,0))`,
    { nullable: true },
  ),
  arrayFunction("ARRAY_APPEND", "VV", `list_append(${list(0)}, $1)`),
  arrayFunction("ARRAY_PREPEND", "VV", `list_prepend($1, ${list(0)})`),
  arrayFunction("ARRAY_CAT", "VV", `list_concat(${list(0)}, ${list(1)})`),
  arrayFunction("ARRAY_REVERSE", "V", `list_reverse(${list(0)})`),
  arrayFunction("ARRAY_COMPACT", "V", `list_filter(${list(0)}, lambda e: json_type(e) <> 'NULL')`),
  arrayFunction("ARRAY_DISTINCT", "V", `fn.list_unique(${list(0)})`),
  arrayFunction("ARRAY_REMOVE", "VV", `list_filter(${list(0)}, lambda e: CAST(e AS VARCHAR) <> CAST($1 AS VARCHAR))`),
  scalar(
    "ARRAYS_OVERLAP",
    "VV",
    BOOLEAN,
    `list_has_any(list_transform(${list(0)}, lambda e: CAST(e AS VARCHAR)), list_transform(${list(1)}, lambda e: CAST(e AS VARCHAR)))`,
  ),
  scalar("ARRAY_SLICE", "VII", ARRAY, `fn.list_json(fn.list_slice(${list(0)}, $1, $2))`),
  scalar(
    "ARRAY_INSERT",
    "VIV",
    ARRAY,
    `fn.list_json(list_concat(list_append(${list(0)}[1:$1], $2), ${list(0)}[$1 + 1:]))`,
  ),
  scalar("ARRAY_REMOVE_AT", "VI", ARRAY, `fn.list_json(list_concat(${list(0)}[1:$1], ${list(0)}[$1 + 2:]))`),
  scalar(
    "ARRAY_TO_STRING",
    "VT",
    VARCHAR,
    `array_to_string(list_transform(${list(0)}, lambda e: coalesce(fn.json_text(e), '')), $1)`,
  ),
  scalar("ARRAY_GENERATE_RANGE", "II?I", ARRAY, [
    "CAST(to_json(range($0, $1)) AS JSON)",
    "CAST(to_json(range($0, $1, $2)) AS JSON)",
  ]),
  define("ARRAY_SORT", 1, 3, () => {
    throw unsupported("ARRAY_SORT");
  }),
  define(["ARRAY_MIN", "ARRAY_MAX"], 1, 1, (bound) => {
    throw unsupported(bound.name);
  }),
  define(
    ["ARRAY_INTERSECTION", "ARRAY_EXCEPT", "ARRAY_FLATTEN", "ARRAYS_TO_OBJECT", "ARRAYS_ZIP", "REDUCE"],
    1,
    100,
    (bound) => {
      throw unsupported(bound.name);
    },
    [1, 2],
  ),
  define(
    "TRANSFORM",
    2,
    2,
    higherOrder((source) => `fn.list_json(list_transform(${source}, $1))`, ARRAY),
    [1],
  ),
  define(
    "FILTER",
    2,
    2,
    higherOrder((source) => `fn.list_json(list_filter(${source}, $1))`, ARRAY),
    [1],
  ),
  define(["CHECK_JSON"], 1, 1, (bound, context) =>
    call(
      "CHECK_JSON",
      "(CASE WHEN trim($0) = '' OR json_valid($0) THEN NULL ELSE 'invalid JSON' END)",
      [castTo(bound.args[0]!, VARCHAR, context.session)],
      VARCHAR,
      true,
    ),
  ),
  define(["PARSE_XML", "XMLGET", "CHECK_XML"], 1, 3, (bound) => {
    throw unsupported(bound.name);
  }),
];

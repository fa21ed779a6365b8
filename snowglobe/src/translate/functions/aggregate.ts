import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { ARRAY, BOOLEAN, FLOAT, OBJECT, TIMESTAMP_NTZ, VARCHAR } from "../../sql/ast/dataType";
import { arithmetic } from "../operators";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, listTemplate, textLiteral } from "../construct";
import { ORDER_MARK } from "../emit/plan";
import { type FixedPoint, leadingDigits, number, productType, quotientType } from "../types/numeric";
import { isSemiStructured, physicalType } from "../types/physicalType";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { coerce, constantOf, typeMismatch } from "./signature";
import { ANY_TYPE, EXACT_NUMBER, ONE_FORM, type FunctionTraits } from "./traits";

type Bind = FunctionDefinition["bind"];

function aggregate(
  names: string | readonly string[],
  min: number,
  max: number,
  bind: Bind,
  more: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return { names: typeof names === "string" ? [names] : names, min, max, kind: "aggregate", bind, ...more };
}

const APPROXIMATE: FunctionTraits = { notIncremental: "deciding" };
const NEEDS_ALL_ROWS: FunctionTraits = { notIncremental: "nowhere" };

const distinct = (bound: BoundArguments): string => (bound.distinct ? "DISTINCT " : "");

/** An argument of a kind (see Signature), or error 001044. */
function argument(bound: BoundArguments, index: number, kind: string, context: FunctionContext): BoundExpression {
  const arg = coerce(bound.args[index]!, kind, context.session);
  if (!arg) throw typeMismatch(bound);
  return arg;
}

const COUNT_TYPE = number(18, 0);
const AS_COUNT = "CAST($0 AS DECIMAL(18,0))";

/** What COUNT counts of a value: JSON's null is as NULL, and equal instants are one value whatever their offsets. */
function counted(arg: BoundExpression): BoundExpression {
  if (arg.type.kind === "VARIANT") {
    return call("COUNT", "CASE WHEN json_type($0) <> 'NULL' THEN $0 END", [arg], arg.type, true);
  }
  return toldApartBy(arg);
}

/** What rows are grouped by: an instant for TIMESTAMP_TZ. */
function toldApartBy(arg: BoundExpression): BoundExpression {
  return arg.type.kind === "TIMESTAMP_TZ" ? call("COUNT", "($0).utc", [arg], TIMESTAMP_NTZ) : arg;
}

/** COUNT(*), COUNT(x), COUNT(DISTINCT x, y): rows where none of the arguments is NULL. Source: "COUNT". */
const count: Bind = (bound, context) => {
  const request = { name: bound.name, wrapper: AS_COUNT, type: COUNT_TYPE, nullable: false };
  const args = bound.args.map(counted);
  if (args.length === 0) return context.aggregate({ ...request, template: "count(*)", args: [] });
  if (args.length === 1) return context.aggregate({ ...request, template: `count(${distinct(bound)}$0)`, args });
  const present = args.map((_, i) => `$${i} IS NOT NULL`).join(" AND ");
  const row = `row(${args.map((_, i) => `$${i}`).join(", ")})`;
  return context.aggregate({
    ...request,
    template: `count(${distinct(bound)}CASE WHEN ${present} THEN ${row} END)`,
    args,
  });
};

/** SUM of a NUMBER is NUMBER(38, its scale), with an error beyond 38 digits. Source: "SUM". */
function sumOf(arg: BoundExpression, bound: BoundArguments, context: FunctionContext): BoundExpression {
  if (arg.type.kind === "FLOAT") {
    return context.aggregate({ name: "SUM", template: `sum(${distinct(bound)}$0)`, args: [arg], type: FLOAT });
  }
  const scale = arg.type.kind === "NUMBER" ? arg.type.scale : 0;
  const type = number(38, scale);
  const sum = context.aggregate({
    name: "SUM",
    template: `sum(${distinct(bound)}$0)`,
    wrapper: `CAST($0 AS ${physicalType(type)})`,
    args: [arg],
    type,
  });
  // Ten thousand million rows add ten digits: only sums of longer numbers can pass 38.
  const risky = arg.type.kind === "NUMBER" && arg.type.precision > 28;
  if (!risky) return sum;
  const most = scale === 0 ? "9".repeat(38) : `${"9".repeat(38 - scale)}.${"9".repeat(scale)}`;
  return call("SUM", `fn.check_sum($0, CAST('${most}' AS ${physicalType(type)}))`, [sum], type, true);
}

const sum: Bind = (bound, context) => sumOf(argument(bound, 0, "N", context), bound, context);

/** AVG of a NUMBER has six more decimals, up to 12, as division has. Source: "AVG". */
const average: Bind = (bound, context) => {
  const arg = argument(bound, 0, "N", context);
  if (arg.type.kind === "FLOAT") {
    return context.aggregate({ name: "AVG", template: `avg(${distinct(bound)}$0)`, args: [arg], type: FLOAT });
  }
  const total = sumOf(arg, bound, context);
  const rows = context.aggregate({
    name: "COUNT",
    template: `count(${distinct(bound)}$0)`,
    wrapper: AS_COUNT,
    args: [arg],
    type: COUNT_TYPE,
    nullable: false,
  });
  const divisor = call("NULLIFZERO", "nullif($0, 0)", [rows], COUNT_TYPE, true);
  const quotient = arithmetic("/", total, divisor, context.session);
  const scale = quotient.type.kind === "NUMBER" ? quotient.type.scale : 0;
  return castTo(quotient, number(38, scale), context.session);
};

/** MIN, MAX and others whose result has the argument's type. */
function sameType(name: string, text: string, traits: FunctionTraits = {}): FunctionDefinition {
  const bind: Bind = (bound, context) => {
    const arg = bound.args[0]!;
    const by = name === "MIN" ? "arg_min" : name === "MAX" ? "arg_max" : undefined;
    // The instant decides, the offset comes with it; of VARIANTs what they are compared by.
    const key = arg.type.kind === "TIMESTAMP_TZ" ? "($0).utc" : isSemiStructured(arg.type) ? "fn.variant_key($0)" : "";
    if (by && key) return context.aggregate({ name, template: `${by}($0, ${key})`, args: [arg], type: arg.type });
    return context.aggregate({ name, template: text, args: [arg], type: arg.type });
  };
  return aggregate(name, 1, 1, bind, { traits });
}

function floatAggregate(names: string | readonly string[], arity: number, text: string): FunctionDefinition {
  return aggregate(names, arity, arity, (bound, context) => {
    const args = bound.args.map((_, i) => argument(bound, i, "F", context));
    return context.aggregate({
      name: bound.name,
      template: text.replace("DISTINCT ", distinct(bound)),
      args,
      type: FLOAT,
    });
  });
}

/**
 * A list of distinct values in WITHIN GROUP's order, where DISTINCT and an order come together: DuckDB would sort by
 * the aggregated expression only, which is not the one that the statement names. The pairs are gathered by the
 * aggregate, and sorted in its wrapper, so that it may be a window function, too.
 *
 * @param value SQL of a value, with the aggregate's argument as $0; the order's key is $1
 */
function sortedDistinct(
  bound: BoundArguments,
  value: string,
): { readonly template: string; readonly sorted: string; readonly key: BoundExpression } | undefined {
  const [key, ...others] = bound.orderBy;
  if (!bound.distinct || !key) return undefined;
  if (others.length > 0) throw unsupported(`${bound.name}(DISTINCT ...) with several keys in WITHIN GROUP`);
  const direction = `'${key.descending ? "DESC" : "ASC"}', 'NULLS ${key.nulls}'`;
  return {
    template: `list(DISTINCT {'k': $1, 'v': ${value}}) FILTER (WHERE $0 IS NOT NULL)`,
    sorted: `list_transform(list_sort($0, ${direction}), lambda pair: pair.v)`,
    key: key.expression,
  };
}

/** Texts joined in WITHIN GROUP's order; '' where there is none. Source: "LISTAGG". */
const listagg: Bind = (bound, context) => {
  const text = argument(bound, 0, "T", context);
  const delimiter = bound.args[1] ? argument(bound, 1, "T", context) : textLiteral("");
  if (!isFixed(delimiter)) throw typeMismatch(bound);
  const sorted = sortedDistinct(bound, "$0");
  const list = context.aggregate({
    name: "LISTAGG",
    template: sorted?.template ?? `list(${distinct(bound)}$0${ORDER_MARK}) FILTER (WHERE $0 IS NOT NULL)`,
    wrapper: sorted?.sorted ?? "$0",
    args: sorted ? [text, sorted.key] : [text],
    // A list of texts, which only the call around it sees.
    type: VARCHAR,
    ...(sorted && { orderBy: [] }),
  });
  const joined = delimiter.kind === "literal" ? "array_to_string($0, $1)" : "fn.join_texts($0, $1)";
  return call("LISTAGG", `coalesce(${joined}, '')`, [list, delimiter], VARCHAR, false);
};

/** The same for all rows: made of constants alone. */
function isFixed(expression: BoundExpression): boolean {
  if (expression.kind === "literal") return true;
  return expression.kind === "call" && expression.volatility !== "volatile" && expression.args.every(isFixed);
}

const JOINED = "coalesce(CAST('[' || array_to_string($0, ',') || ']' AS JSON), CAST('[]' AS JSON))";

/** Values that are not NULL as an array; [] where there is none. Source: "ARRAY_AGG". */
const arrayAgg: Bind = (bound, context) => {
  const value = argument(bound, 0, "V", context);
  const sorted = sortedDistinct(bound, "CAST($0 AS VARCHAR)");
  return context.aggregate({
    name: "ARRAY_AGG",
    template:
      sorted?.template ?? `list(${distinct(bound)}CAST($0 AS VARCHAR)${ORDER_MARK}) FILTER (WHERE $0 IS NOT NULL)`,
    wrapper: sorted ? JOINED.replace("$0", () => sorted.sorted) : JOINED,
    args: sorted ? [value, sorted.key] : [value],
    type: ARRAY,
    nullable: false,
    ...(sorted && { orderBy: [] }),
  });
};

/** Source: "OBJECT_AGG": pairs with a NULL key or value are left out, a key that comes twice is an error. */
const objectAgg: Bind = (bound, context) => {
  const key = argument(bound, 0, "T", context);
  const value = argument(bound, 1, "V", context);
  return context.aggregate({
    name: "OBJECT_AGG",
    template:
      "list(CAST(to_json($0) AS VARCHAR) || ':' || CAST($1 AS VARCHAR)) FILTER (WHERE $0 IS NOT NULL AND $1 IS NOT NULL)",
    wrapper: "CAST(host_object(coalesce(array_to_string($0, ','), '')) AS JSON)",
    args: [key, value],
    type: OBJECT,
    nullable: false,
  });
};

/** A constant from 0 to 1, written plainly. @throws SnowflakeError 001044 for another number */
function fractionOf(bound: BoundArguments, index: number): string {
  const value = constantOf(bound, index);
  if (value === null || value.trim() === "" || !(Number(value) >= 0 && Number(value) <= 1)) throw typeMismatch(bound);
  return value;
}

/** PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY x). */
function percentile(name: string, text: string, interpolates: boolean): FunctionDefinition {
  const bind: Bind = (bound, context) => {
    const fraction = fractionOf(bound, 0);
    const key = bound.orderBy[0];
    if (!key) throw typeMismatch(bound);
    const arg = interpolates ? coerce(key.expression, "N", context.session) : key.expression;
    if (!arg) throw typeMismatch(bound);
    const at = key.descending ? `1 - ${fraction}` : fraction;
    const exact = interpolates && arg.type.kind === "NUMBER";
    const scale = exact && arg.type.kind === "NUMBER" ? Math.min(arg.type.scale + 3, 37) : 0;
    const type: DataType = exact ? number(38, scale) : arg.type;
    const widened = exact
      ? castTo(arg, number(38, Math.min(scale, 38 - leadingDigits(number(30, 0)) + 8)), context.session)
      : arg;
    return context.aggregate({
      name,
      template: `${text}($0, ${at})`,
      wrapper: exact ? `CAST($0 AS ${physicalType(type)})` : "$0",
      args: [widened],
      type,
      orderBy: [],
    });
  };
  return aggregate(name, 1, 1, bind, { traits: NEEDS_ALL_ROWS });
}

const median: Bind = (bound, context) => {
  const arg = argument(bound, 0, "N", context);
  if (arg.type.kind !== "NUMBER")
    return context.aggregate({ name: "MEDIAN", template: "median($0)", args: [arg], type: FLOAT });
  const type = number(38, Math.min(arg.type.scale + 3, 37));
  return context.aggregate({
    name: "MEDIAN",
    template: `quantile_cont($0, 0.5)`,
    wrapper: `CAST($0 AS ${physicalType(type)})`,
    args: [castTo(arg, number(Math.min(38, arg.type.precision + 3), type.scale), context.session)],
    type,
  });
};

/** The values of so many rows, in an array. Source: "MIN_BY", "MAX_BY". */
function severalBy(bound: BoundArguments, context: FunctionContext, direction: "ASC" | "DESC"): BoundExpression {
  const most = constantOf(bound, 2);
  if (most === null || !/^[1-9]\d{0,3}$/.test(most) || Number(most) > 1000) throw typeMismatch(bound);
  const value = argument(bound, 0, "V", context);
  return context.aggregate({
    name: bound.name,
    template: "list({'k': $1, 'v': fn.element_text($0)}) FILTER (WHERE $1 IS NOT NULL)",
    wrapper: `CAST('[' || array_to_string(list_transform(list_sort($0, '${direction}', 'NULLS LAST')[1:${most}], lambda pair: pair.v), ',') || ']' AS JSON)`,
    args: [value, bound.args[1]!],
    type: ARRAY,
  });
}

/**
 * A variance of fixed-point numbers is fixed-point, too: its scale is that of a product, divided. Of other numbers it
 * is FLOAT. Source: "VAR_POP", "COVAR_POP".
 */
function variance(names: string | readonly string[], arity: 1 | 2, text: string): FunctionDefinition {
  return aggregate(names, arity, arity, (bound, context) => {
    const given = bound.args.map((arg, i) => (arg.type.kind === "NUMBER" ? arg : argument(bound, i, "F", context)));
    const args = given.map((arg) => castTo(arg, FLOAT, context.session));
    const request = { name: bound.name, template: text.replace("DISTINCT ", distinct(bound)), args };
    const scales = given.map((arg) => (arg.type.kind === "NUMBER" ? arg.type.scale : undefined));
    if (scales.includes(undefined)) return context.aggregate({ ...request, type: FLOAT });
    const [a, b = a] = given.map((arg) => arg.type as FixedPoint);
    const type = number(38, quotientType(productType(a!, b!), number(18, 0)).scale);
    return context.aggregate({ ...request, wrapper: `CAST($0 AS ${physicalType(type)})`, type });
  });
}

function by(name: string, text: string): FunctionDefinition {
  return aggregate(name, 2, 3, (bound, context) => {
    const value = bound.args[0]!;
    if (bound.args.length === 3) return severalBy(bound, context, name === "MAX_BY" ? "DESC" : "ASC");
    return context.aggregate({ name, template: `${text}_null($0, $1)`, args: bound.args, type: value.type });
  });
}

const countIf: Bind = (bound, context) =>
  context.aggregate({
    name: "COUNT_IF",
    template: "count(CASE WHEN $0 THEN 1 END)",
    wrapper: AS_COUNT,
    args: [argument(bound, 0, "B", context)],
    type: COUNT_TYPE,
    nullable: false,
  });

export const aggregateFunctions: readonly FunctionDefinition[] = [
  aggregate("COUNT", 0, 1000, count, { star: "rows", traits: { merge: "COUNT", repeatable: ANY_TYPE } }),
  aggregate("COUNT_IF", 1, 1, countIf, { traits: { merge: "COUNT", repeatable: ANY_TYPE } }),
  aggregate(
    ["APPROX_COUNT_DISTINCT", "HLL"],
    1,
    100,
    (bound, context) => count({ ...bound, distinct: true }, context),
    {
      traits: { ...APPROXIMATE, repeatable: ANY_TYPE },
    },
  ),
  aggregate("SUM", 1, 1, sum, { traits: { merge: "SUM", repeatable: EXACT_NUMBER } }),
  aggregate("AVG", 1, 1, average),
  sameType("MIN", "min($0)", { merge: "MIN", repeatable: ONE_FORM }),
  sameType("MAX", "max($0)", { merge: "MAX", repeatable: ONE_FORM }),
  sameType("ANY_VALUE", "any_value($0)", { notInDynamicTables: true }),
  sameType("MODE", "mode($0)"),
  aggregate("MEDIAN", 1, 1, median, { traits: NEEDS_ALL_ROWS }),
  percentile("PERCENTILE_CONT", "quantile_cont", true),
  percentile("PERCENTILE_DISC", "quantile_disc", false),
  floatAggregate(["STDDEV", "STDDEV_SAMP"], 1, "stddev_samp(DISTINCT $0)"),
  floatAggregate("STDDEV_POP", 1, "stddev_pop(DISTINCT $0)"),
  variance(["VARIANCE", "VARIANCE_SAMP", "VAR_SAMP"], 1, "var_samp(DISTINCT $0)"),
  variance(["VARIANCE_POP", "VAR_POP"], 1, "var_pop(DISTINCT $0)"),
  floatAggregate("CORR", 2, "corr($0, $1)"),
  variance("COVAR_POP", 2, "covar_pop($0, $1)"),
  variance("COVAR_SAMP", 2, "covar_samp($0, $1)"),
  floatAggregate("SKEW", 1, "skewness($0)"),
  // Fixed-point for fixed-point numbers. Source: "KURTOSIS".
  aggregate("KURTOSIS", 1, 1, (bound, context) => {
    const fixed = bound.args[0]!.type.kind === "NUMBER";
    const args = [argument(bound, 0, "F", context)];
    const request = { name: "KURTOSIS", template: "kurtosis($0)", args };
    if (!fixed) return context.aggregate({ ...request, type: FLOAT });
    return context.aggregate({ ...request, wrapper: "CAST($0 AS DECIMAL(38,12))", type: number(38, 12) });
  }),
  floatAggregate("REGR_AVGX", 2, "regr_avgx($0, $1)"),
  floatAggregate("REGR_AVGY", 2, "regr_avgy($0, $1)"),
  floatAggregate("REGR_SXX", 2, "regr_sxx($0, $1)"),
  floatAggregate("REGR_SXY", 2, "regr_sxy($0, $1)"),
  floatAggregate("REGR_SYY", 2, "regr_syy($0, $1)"),
  aggregate("REGR_COUNT", 2, 2, (bound, context) =>
    context.aggregate({
      name: "REGR_COUNT",
      template: "count(CASE WHEN $0 IS NOT NULL AND $1 IS NOT NULL THEN 1 END)",
      wrapper: AS_COUNT,
      args: bound.args,
      type: COUNT_TYPE,
      nullable: false,
    }),
  ),
  // Exact is one of the answers that an approximation may give.
  aggregate(
    "APPROX_PERCENTILE",
    2,
    2,
    (bound, context) => {
      const fraction = fractionOf(bound, 1);
      const args = [argument(bound, 0, "F", context)];
      return context.aggregate({
        name: bound.name,
        template: `quantile_cont($0, ${Number(fraction)})`,
        args,
        type: FLOAT,
      });
    },
    { traits: APPROXIMATE },
  ),
  aggregate(
    "APPROX_TOP_K",
    1,
    3,
    (bound, context) => {
      const most = bound.args[1] ? constantOf(bound, 1) : "1";
      if (most === null || !/^[1-9]\d{0,5}$/.test(most)) throw typeMismatch(bound);
      return context.aggregate({
        name: bound.name,
        template: "histogram(CAST($0 AS VARCHAR))",
        wrapper: `CAST(coalesce(host_top_values(CAST(to_json(map_entries($0)) AS VARCHAR), '${most}'), '[]') AS JSON)`,
        args: [argument(bound, 0, "V", context)],
        type: ARRAY,
        nullable: false,
      });
    },
    { traits: APPROXIMATE },
  ),
  aggregate("ARRAY_UNION_AGG", 1, 1, (bound, context) =>
    context.aggregate({
      name: bound.name,
      template: "list(CAST($0 AS VARCHAR)) FILTER (WHERE $0 IS NOT NULL)",
      wrapper: "CAST(host_array_union('[' || coalesce(array_to_string($0, ','), '') || ']') AS JSON)",
      args: [argument(bound, 0, "R", context)],
      type: ARRAY,
      nullable: false,
    }),
  ),
  floatAggregate("REGR_SLOPE", 2, "regr_slope($0, $1)"),
  floatAggregate("REGR_INTERCEPT", 2, "regr_intercept($0, $1)"),
  floatAggregate("REGR_R2", 2, "regr_r2($0, $1)"),
  aggregate("LISTAGG", 1, 2, listagg),
  aggregate("ARRAY_AGG", 1, 1, arrayAgg),
  aggregate("ARRAY_UNIQUE_AGG", 1, 1, (bound, context) => arrayAgg({ ...bound, distinct: true }, context)),
  aggregate("OBJECT_AGG", 2, 2, objectAgg),
  by("MIN_BY", "arg_min"),
  by("MAX_BY", "arg_max"),
  ...(["BOOLAND_AGG", "BOOLOR_AGG"] as const).map((name) =>
    aggregate(
      name,
      1,
      1,
      (bound, context) =>
        context.aggregate({
          name,
          template: name === "BOOLAND_AGG" ? "bool_and($0)" : "bool_or($0)",
          args: [argument(bound, 0, "B", context)],
          type: BOOLEAN,
        }),
      { traits: { repeatable: ANY_TYPE } },
    ),
  ),
  aggregate(
    "BOOLXOR_AGG",
    1,
    1,
    (bound, context) =>
      context.aggregate({
        name: "BOOLXOR_AGG",
        template: "count_if($0)",
        wrapper: "($0 = 1)",
        args: [argument(bound, 0, "B", context)],
        type: BOOLEAN,
      }),
    { traits: { repeatable: ANY_TYPE } },
  ),
  ...(["BITAND_AGG", "BITOR_AGG", "BITXOR_AGG"] as const).map((name) =>
    aggregate(
      name,
      1,
      1,
      (bound, context) =>
        context.aggregate({
          name,
          template: `${{ BITAND_AGG: "bit_and", BITOR_AGG: "bit_or", BITXOR_AGG: "bit_xor" }[name]}(CAST($0 AS HUGEINT))`,
          wrapper: "CAST($0 AS DECIMAL(38,0))",
          args: [argument(bound, 0, "N", context)],
          type: number(38, 0),
        }),
      { traits: { repeatable: ANY_TYPE } },
    ),
  ),
  aggregate(
    ["GROUPING", "GROUPING_ID"],
    1,
    20,
    (bound, context) =>
      context.aggregate({
        name: "GROUPING",
        template: listTemplate("grouping(", bound.args.length, ", ", ")"),
        wrapper: AS_COUNT,
        args: bound.args.map(toldApartBy),
        type: COUNT_TYPE,
        nullable: false,
      }),
    { notOver: true },
  ),
];

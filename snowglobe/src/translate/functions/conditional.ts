import type { DataType } from "../../sql/ast/dataType";
import { BOOLEAN } from "../../sql/ast/dataType";
import { comparable, comparison } from "../operators";
import type { BoundExpression, Template } from "../boundExpression";
import { castTo } from "../cast";
import { call, caseCall, listTemplate, nullLiteral } from "../construct";
import type { SessionContext } from "../environment";
import { isSemiStructured } from "../types/physicalType";
import { commonTypeOf } from "../types/supertype";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { coerce, scalar, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

function define(names: string | readonly string[], min: number, max: number, bind: Bind): FunctionDefinition {
  return { names: typeof names === "string" ? [names] : names, min, max, kind: "scalar", bind };
}

/** Some arguments in the type that they have in common. */
function unified(
  bound: BoundArguments,
  args: readonly BoundExpression[],
  session: SessionContext,
): { readonly type: DataType; readonly args: readonly BoundExpression[] } {
  const type = commonTypeOf(args.map((arg) => arg.type));
  if (!type) throw typeMismatch(bound);
  return { type, args: args.map((arg) => castTo(arg, type, session)) };
}

const coalesce: Bind = (bound, context) => {
  const { type, args } = unified(bound, bound.args, context.session);
  const nullable = args.every((arg) => arg.nullable);
  return call(bound.name, listTemplate("coalesce(", args.length, ", ", ")"), args, type, nullable);
};

function condition(bound: BoundArguments, index: number, session: SessionContext): BoundExpression {
  const arg = coerce(bound.args[index]!, "B", session);
  if (!arg) throw typeMismatch(bound);
  return arg;
}

const iff: Bind = (bound, context) => {
  const { type, args } = unified(bound, bound.args.slice(1), context.session);
  return caseCall([condition(bound, 0, context.session)], args, type);
};

const nvl2: Bind = (bound, context) => {
  const { type, args } = unified(bound, bound.args.slice(1), context.session);
  return caseCall([call("IS NOT NULL", "($0 IS NOT NULL)", [bound.args[0]!], BOOLEAN, false)], args, type);
};

/** DECODE compares with NULL equal to NULL. Source: "DECODE". */
const decode: Bind = (bound, context) => {
  const [subject, ...rest] = bound.args;
  const whens: BoundExpression[] = [];
  const results: BoundExpression[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const [a, b] = comparable(subject!, rest[i]!, context.session);
    whens.push(call("IS NOT DISTINCT FROM", "($0 IS NOT DISTINCT FROM $1)", [a, b], BOOLEAN, false));
    results.push(rest[i + 1]!);
  }
  results.push(rest.length % 2 === 1 ? rest[rest.length - 1]! : nullLiteral());
  const { type, args } = unified(bound, results, context.session);
  return caseCall(whens, args, type);
};

const nullIf: Bind = (bound, context) => {
  const [a, b] = bound.args as [BoundExpression, BoundExpression];
  const equal = comparison("=", a, b, context.session);
  return call("NULLIF", "(CASE WHEN $0 THEN NULL ELSE $1 END)", [equal, a], a.type, true);
};

/** The value with the greatest or least key. */
function bestVariant(sql: string, count: number): Template {
  const pairs = "lambda v: {'k': fn.variant_key(v), 'v': v}";
  const known = listTemplate("list_filter([", count, ", ", "], lambda v: v IS NOT NULL)");
  return ["(list_sort(list_transform(", ...known, `, ${pairs}))[${sql === "greatest" ? -1 : 1}]).v`];
}

/** NULL as soon as one argument is; the _IGNORE_NULLS forms skip NULLs. Source: "GREATEST", "LEAST". */
function extreme(name: string, sql: string, ignoresNulls: boolean): FunctionDefinition {
  return define(name, 1, 1000, (bound, context) => {
    const { type, args } = unified(bound, bound.args, context.session);
    const best = isSemiStructured(type)
      ? bestVariant(sql, args.length)
      : listTemplate(`${sql}(`, args.length, ", ", ")");
    if (ignoresNulls || args.length === 1) return call(name, best, args, type);
    const missing = listTemplate("", args.length, " IS NULL OR ", " IS NULL");
    return call(name, ["(CASE WHEN ", ...missing, " THEN NULL ELSE ", ...best, " END)"], args, type);
  });
}

const equalNull: Bind = (bound, context) => {
  const [a, b] = comparable(bound.args[0]!, bound.args[1]!, context.session);
  return call("EQUAL_NULL", "($0 IS NOT DISTINCT FROM $1)", [a, b], BOOLEAN, false);
};

export const conditionalFunctions: readonly FunctionDefinition[] = [
  define("COALESCE", 1, 1000, coalesce),
  define(["NVL", "IFNULL"], 2, 2, coalesce),
  define("IFF", 3, 3, iff),
  define("NVL2", 3, 3, nvl2),
  define("DECODE", 3, 1000, decode),
  define("NULLIF", 2, 2, nullIf),
  extreme("GREATEST", "greatest", false),
  extreme("LEAST", "least", false),
  extreme("GREATEST_IGNORE_NULLS", "greatest", true),
  extreme("LEAST_IGNORE_NULLS", "least", true),
  define("EQUAL_NULL", 2, 2, equalNull),
  scalar("ZEROIFNULL", "N", (args) => args[0]!.type, "coalesce($0, 0)", { nullable: false }),
  scalar("NULLIFZERO", "N", (args) => args[0]!.type, "nullif($0, 0)", { nullable: true }),
  scalar("BOOLAND", "BB", BOOLEAN, "($0 AND $1)"),
  scalar("BOOLOR", "BB", BOOLEAN, "($0 OR $1)"),
  scalar("BOOLNOT", "B", BOOLEAN, "(NOT $0)"),
  scalar("BOOLXOR", "BB", BOOLEAN, "($0 <> $1)"),
  define(["REGR_VALX", "REGR_VALY"], 2, 2, (bound, context) => {
    const args = bound.args.map((arg) => coerce(arg, "F", context.session));
    const [y, x] = bound.name === "REGR_VALX" ? args : [args[1], args[0]];
    if (!x || !y) throw typeMismatch(bound);
    return call(bound.name, "(CASE WHEN $0 IS NULL THEN NULL ELSE $1 END)", [y, x], x.type, true);
  }),
];

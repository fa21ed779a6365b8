import { invalidArguments, needsConstant } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import {
  ARRAY,
  BINARY,
  BOOLEAN,
  dataTypeText,
  DATE,
  FLOAT,
  NUMBER,
  OBJECT,
  TIMESTAMP_NTZ,
  VARCHAR,
} from "../../sql/ast/dataType";
import type { BoundExpression, Volatility } from "../boundExpression";
import { castTo, toVariant } from "../cast";
import { call, constantValue } from "../construct";
import type { SessionContext } from "../environment";
import { isNumeric, isSemiStructured, isTimestamp } from "../types/physicalType";
import type { BoundArguments, FunctionDefinition } from "./definition";

/**
 * Kinds of arguments, one letter each:
 * T text, N number (fixed or float), F float, I whole number (BIGINT in DuckDB), B boolean, D date or timestamp as it is,
 * V semi-structured, R an array, O an object, X binary, A anything as it is. An optional argument's letter follows `?`.
 */
export type Signature = string;

/** A result type: fixed, or made from the (coerced) arguments. */
export type ResultType = DataType | ((args: readonly BoundExpression[]) => DataType);

export interface ScalarOptions {
  readonly volatility?: Volatility;
  /** Absent: NULL in, NULL out. */
  readonly nullable?: boolean;
  /** The templates do not give NULL by themselves where an argument is NULL. */
  readonly guarded?: true;
}

/** A scalar function of fixed arity, by signature and template. With optional arguments: one template for each arity. */
export function scalar(
  names: string | readonly string[],
  signature: Signature,
  type: ResultType,
  templates: string | readonly string[],
  options: ScalarOptions = {},
): FunctionDefinition {
  const kinds = signature.replaceAll("?", "");
  const required = signature.includes("?") ? signature.indexOf("?") : kinds.length;
  const texts = typeof templates === "string" ? [templates] : templates;
  return {
    names: typeof names === "string" ? [names] : names,
    min: required,
    max: kinds.length,
    kind: "scalar",
    bind: (bound, context) => {
      const args = coerceAll(bound, kinds, context.session);
      const text = texts[Math.min(args.length - required, texts.length - 1)]!;
      const result = typeof type === "function" ? type(args) : type;
      const sql = options.guarded ? nullFirst(text, args) : text;
      return call(bound.name, sql, args, result, options.nullable, options.volatility ?? "deterministic");
    },
  };
}

/** NULL as soon as one argument is NULL, for a template that does not see to it. */
export function nullFirst(text: string, args: readonly BoundExpression[]): string {
  const nullable = args.flatMap((arg, i) => (arg.nullable ? [`$${i} IS NULL`] : []));
  return nullable.length === 0 ? text : `(CASE WHEN ${nullable.join(" OR ")} THEN NULL ELSE ${text} END)`;
}

/** A scalar function that binds its (already bound) arguments itself. */
export function define(
  names: string | readonly string[],
  min: number,
  max: number,
  bind: FunctionDefinition["bind"],
  more: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return { names: typeof names === "string" ? [names] : names, min, max, kind: "scalar", bind, ...more };
}

/** One argument as its kind wants it. @throws SnowflakeError 001044 */
export function argument(bound: BoundArguments, index: number, kind: string, session: SessionContext): BoundExpression {
  const arg = coerce(bound.args[index]!, kind, session);
  if (!arg) throw typeMismatch(bound);
  return arg;
}

/** The value of an argument that must be a constant. @throws SnowflakeError 001015 */
export function constantOf(bound: Pick<BoundArguments, "name" | "args">, index: number): string | null {
  const arg = bound.args[index]!;
  const value = constantValue(arg);
  if (value !== undefined) return value;
  throw needsConstant(bound.name, index, arg.kind === "column" ? arg.name : dataTypeText(arg.type));
}

/** NUMBER(p, s) of the constants from a position on. @throws SnowflakeError 001044 for what is no such type */
export function numberType(bound: BoundArguments, from: number): DataType & { readonly kind: "NUMBER" } {
  const [precision = 38, scale = 0] = bound.args.slice(from, from + 2).map((_, i) => {
    const value = constantOf(bound, from + i);
    return typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : -1;
  });
  if (precision < 1 || precision > 38 || scale < 0 || scale > Math.min(precision, 37)) throw typeMismatch(bound);
  return { kind: "NUMBER", precision, scale };
}

function coerceAll(bound: BoundArguments, kinds: string, session: SessionContext): readonly BoundExpression[] {
  return bound.args.map((arg, i) => {
    const coerced = coerce(arg, kinds[i] ?? kinds[kinds.length - 1]!, session);
    if (!coerced) throw typeMismatch(bound);
    return coerced;
  });
}

export function typeMismatch(bound: Pick<BoundArguments, "name" | "args">): Error {
  return invalidArguments(
    bound.name,
    bound.args.map((arg) => dataTypeText(arg.type)),
  );
}

/** An argument as its kind wants it, undefined where its type does not go there. */
export function coerce(arg: BoundExpression, kind: string, session: SessionContext): BoundExpression | undefined {
  const type = arg.type;
  switch (kind) {
    case "A":
      return arg;
    case "T":
      if (type.kind === "BINARY" || type.kind === "OBJECT" || type.kind === "ARRAY") return undefined;
      return castTo(arg, type.kind === "VARCHAR" ? type : VARCHAR, session);
    case "N":
      return toNumeric(arg, session);
    case "F":
      if (isNumeric(type)) return castTo(arg, FLOAT, session);
      return type.kind === "VARCHAR" || type.kind === "NULL" || type.kind === "VARIANT"
        ? castTo(arg, FLOAT, session)
        : undefined;
    case "I": {
      const numeric = toNumeric(arg, session);
      return numeric && whole(numeric);
    }
    case "B":
      return isSemiStructured(type) && type.kind !== "VARIANT" ? undefined : castTo(arg, BOOLEAN, session);
    case "D":
      if (type.kind === "DATE" || type.kind === "TIME" || isTimestamp(type)) return arg;
      if (type.kind === "NULL") return castTo(arg, DATE, session);
      return type.kind === "VARCHAR" || type.kind === "VARIANT" ? castTo(arg, TIMESTAMP_NTZ, session) : undefined;
    case "V":
      return type.kind === "NULL" || !isSemiStructured(type) ? toVariant(arg, session) : arg;
    case "R":
    case "O": {
      const wanted = kind === "R" ? ARRAY : OBJECT;
      if (type.kind === wanted.kind) return arg;
      return type.kind === "VARIANT" || type.kind === "NULL" ? castTo(arg, wanted, session) : undefined;
    }
    case "X":
      return type.kind === "BINARY" || type.kind === "VARCHAR" || type.kind === "NULL"
        ? castTo(arg, BINARY, session)
        : undefined;
    default:
      return arg;
  }
}

function toNumeric(arg: BoundExpression, session: SessionContext): BoundExpression | undefined {
  switch (arg.type.kind) {
    case "NUMBER":
    case "FLOAT":
      return arg;
    case "NULL":
      return castTo(arg, NUMBER, session);
    case "VARCHAR":
      return castTo(arg, { kind: "NUMBER", precision: 18, scale: 5 }, session);
    case "VARIANT":
      return castTo(arg, FLOAT, session);
    case "BOOLEAN":
      return castTo(arg, { kind: "NUMBER", precision: 1, scale: 0 }, session);
    default:
      return undefined;
  }
}

/** A number as DuckDB's BIGINT, rounded: for arguments that count. Its Snowflake type stays a whole number. */
function whole(arg: BoundExpression): BoundExpression {
  if (arg.kind === "literal" && arg.value !== null && /^-?\d{1,18}$/.test(arg.value)) return { ...arg, sql: arg.value };
  return call("CAST", "CAST($0 AS BIGINT)", [arg], { kind: "NUMBER", precision: 19, scale: 0 });
}

import { BINARY } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call } from "../construct";
import { number } from "../types/numeric";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { argument, constantOf, define, nullFirst, scalar, typeMismatch } from "./signature";

const INTEGER = number(38, 0);
const whole = (sql: string): string => `CAST(${sql} AS DECIMAL(38,0))`;

/** A number as a whole one; a text that is none is NULL. Source: "BITAND", usage notes. */
function integer(bound: BoundArguments, index: number, { session }: FunctionContext): BoundExpression {
  const arg = bound.args[index]!;
  return arg.type.kind === "VARCHAR"
    ? castTo(arg, INTEGER, session, "try")
    : castTo(argument(bound, index, "N", session), INTEGER, session);
}

/** Two numbers, or two BINARYs of one length or padded to it. Source: "BITAND", "BITOR", "BITXOR". */
function binaryOperator(names: readonly string[], sql: string): FunctionDefinition {
  return define(names, 2, 3, (bound, context) => {
    const [a, b] = bound.args as [BoundExpression, BoundExpression];
    if (a.type.kind === "BINARY" || b.type.kind === "BINARY") {
      if ([a, b].some(({ type }) => type.kind !== "BINARY" && type.kind !== "NULL")) throw typeMismatch(bound);
      const side = bound.args[2] ? constantOf(bound, 2)?.toUpperCase() : "";
      if (side !== "" && side !== "LEFT" && side !== "RIGHT") throw typeMismatch(bound);
      const args = [a, b].map((arg) => castTo(arg, BINARY, context.session));
      return call(bound.name, `unhex(host_bits('${names[0]!}', hex($0), hex($1), '${side}'))`, args, BINARY);
    }
    if (bound.args.length > 2) throw typeMismatch(bound);
    return call(bound.name, whole(sql), [integer(bound, 0, context), integer(bound, 1, context)], INTEGER);
  });
}

/** A number or BINARY moved by so many bits. Source: "BITSHIFTLEFT", "BITSHIFTRIGHT". */
function shift(names: readonly string[], operator: "<<" | ">>"): FunctionDefinition {
  return define(names, 2, 2, (bound, context) => {
    const places = argument(bound, 1, "I", context.session);
    if (bound.args[0]!.type.kind === "BINARY") {
      const direction = operator === "<<" ? "left" : "right";
      const sql = `unhex(host_bit_shift('${direction}', hex($0), CAST($1 AS VARCHAR)))`;
      return call(bound.name, sql, [bound.args[0]!, places], BINARY);
    }
    const sql = `(CAST($0 AS HUGEINT) ${operator} CAST($1 AS INTEGER))`;
    return call(bound.name, whole(sql), [integer(bound, 0, context), places], INTEGER);
  });
}

/** Values in one bitmap. Source: "Using bitmaps to compute distinct values for hierarchical aggregations". */
const BUCKET = 32_768;

/** Bitwise functions, and bitmaps of values. */
export const bitwiseFunctions: readonly FunctionDefinition[] = [
  binaryOperator(["BITAND", "BIT_AND"], "(CAST($0 AS HUGEINT) & CAST($1 AS HUGEINT))"),
  binaryOperator(["BITOR", "BIT_OR"], "(CAST($0 AS HUGEINT) | CAST($1 AS HUGEINT))"),
  binaryOperator(["BITXOR", "BIT_XOR"], "xor(CAST($0 AS HUGEINT), CAST($1 AS HUGEINT))"),
  define(["BITNOT", "BIT_NOT"], 1, 1, (bound, context) =>
    bound.args[0]!.type.kind === "BINARY"
      ? call(bound.name, "unhex(host_bits('BITNOT', hex($0), '', ''))", bound.args, BINARY)
      : call(bound.name, whole("(-CAST($0 AS HUGEINT) - 1)"), [integer(bound, 0, context)], INTEGER),
  ),
  shift(["BITSHIFTLEFT", "BIT_SHIFTLEFT"], "<<"),
  shift(["BITSHIFTRIGHT", "BIT_SHIFTRIGHT"], ">>"),
  scalar(
    "GETBIT",
    "NI",
    number(1, 0),
    "CAST((CAST($0 AS HUGEINT) >> CAST(least(greatest($1, 0), 126) AS INTEGER)) & 1 AS DECIMAL(1,0))",
    { guarded: true },
  ),
  // Buckets of positive numbers begin with 1, those of others with 0.
  define("BITMAP_BUCKET_NUMBER", 1, 1, (bound, context) =>
    call(
      bound.name,
      whole(
        `CASE WHEN $0 > 0 THEN (CAST($0 AS HUGEINT) - 1) // ${BUCKET} + 1 ELSE -(-CAST($0 AS HUGEINT) // ${BUCKET}) END`,
      ),
      [integer(bound, 0, context)],
      INTEGER,
    ),
  ),
  define("BITMAP_BIT_POSITION", 1, 1, (bound, context) =>
    call(
      bound.name,
      whole(`CASE WHEN $0 > 0 THEN CAST($0 AS HUGEINT) - 1 ELSE -CAST($0 AS HUGEINT) END % ${BUCKET}`),
      [integer(bound, 0, context)],
      INTEGER,
    ),
  ),
  define("BITMAP_COUNT", 1, 1, (bound, context) => {
    const sql = whole("host_bit_count(hex($0))");
    return call(bound.name, nullFirst(sql, bound.args), [argument(bound, 0, "X", context.session)], INTEGER);
  }),
  bitmapAggregate("BITMAP_CONSTRUCT_AGG", "N", "CAST(CAST($0 AS BIGINT) AS VARCHAR)", "host_bitmap"),
  bitmapAggregate("BITMAP_OR_AGG", "X", "hex($0)", "host_bitmap_or"),
];

/** What a bitmap looks like is nobody's business but that of these functions. */
function bitmapAggregate(name: string, kind: string, text: string, made: string): FunctionDefinition {
  return {
    ...define(name, 1, 1, (bound, context) =>
      context.aggregate({
        name,
        template: `list(DISTINCT ${text}) FILTER (WHERE $0 IS NOT NULL)`,
        wrapper: `unhex(${made}(array_to_string($0, ',')))`,
        args: [argument(bound, 0, kind, context.session)],
        type: BINARY,
      }),
    ),
    kind: "aggregate",
  };
}

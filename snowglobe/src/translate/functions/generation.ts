import { FLOAT, NUMBER, VARCHAR } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call } from "../construct";
import { physicalType } from "../types/physicalType";
import { commonTypeOf } from "../types/supertype";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, constantOf, define, nullFirst, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

/** A fraction in [0, 1) that follows from a generator's value: equal values give equal fractions. */
const fraction = (generator: string): string => `(CAST(hash(${generator}) AS DOUBLE) / 18446744073709551616.0)`;

/** A generated value is new at each call if what it is made from is. */
function generated(
  bound: BoundArguments,
  sql: string,
  args: readonly BoundExpression[],
  type: BoundExpression["type"],
) {
  return call(bound.name, nullFirst(sql, args), args, type, true);
}

/**
 * Any whole number of 64 bits; with a seed another one in each row, and in one row the same for the same seed.
 * Source: "RANDOM".
 */
const random: Bind = (bound, context) => {
  if (bound.args.length > 0) {
    const args = [argument(bound, 0, "I", context.session), context.rowNumber("RANDOM with a seed")];
    const seeded = "CAST(CAST(hash($0, $1) AS HUGEINT) - 9223372036854775808 AS DECIMAL(38,0))";
    return call("RANDOM", seeded, args, NUMBER, false);
  }
  const text = "CAST(CAST(floor((random() - 0.5) * 18446744073709551615) AS HUGEINT) AS DECIMAL(38,0))";
  return call("RANDOM", text, [], NUMBER, false, "volatile");
};

/** A number between two, of their type; both may come. Source: "UNIFORM". */
const uniform: Bind = (bound, { session }) => {
  const [low, high] = [argument(bound, 0, "N", session), argument(bound, 1, "N", session)];
  const type = commonTypeOf([low.type, high.type]);
  if (!type) throw typeMismatch(bound);
  const args = [castTo(low, type, session), castTo(high, type, session), bound.args[2]!];
  const at = fraction("$2");
  if (type.kind === "FLOAT") return generated(bound, `($0 + ${at} * ($1 - $0))`, args, type);
  const physical = physicalType(type);
  const step = type.kind === "NUMBER" && type.scale > 0 ? `1e-${type.scale}` : "1";
  const span = `floor(${at} * (CAST($1 - $0 AS DOUBLE) / ${step} + 1)) * ${step}`;
  return generated(bound, `least($1, CAST(CAST($0 AS DOUBLE) + ${span} AS ${physical}))`, args, type);
};

/** By Box and Muller, of two fractions that follow from the generator. Source: "NORMAL". */
const normal: Bind = (bound, { session }) => {
  const args = [argument(bound, 0, "F", session), argument(bound, 1, "F", session), bound.args[2]!];
  const radius = `sqrt(-2 * ln(1 - ${fraction("$2")}))`;
  return generated(bound, `($0 + $1 * ${radius} * cos(2 * pi() * ${fraction("$2, 1")}))`, args, FLOAT);
};

/** Elements that a distribution may have. */
const MAX_ZIPF = 16_777_215;

/** Source: "ZIPF". */
const zipf: Bind = (bound) => {
  const [exponent, elements] = [constantOf(bound, 0), constantOf(bound, 1)];
  if (exponent === null || !Number.isFinite(Number(exponent))) throw typeMismatch(bound);
  if (elements === null || !/^\d{1,8}$/.test(elements)) throw typeMismatch(bound);
  if (Number(elements) < 1 || Number(elements) > MAX_ZIPF) throw typeMismatch(bound);
  const text = `CAST(host_zipf('${Number(exponent)}', '${elements}', CAST(${fraction("$0")} AS VARCHAR)) AS DECIMAL(38,0))`;
  return generated(bound, text, [bound.args[2]!], NUMBER);
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Longer than any use of it, and short enough to be made for each row. */
const MAX_RANDOM_TEXT = 100_000;

/** Source: "RANDSTR". */
const randomText: Bind = (bound, { session }) => {
  const args = [argument(bound, 0, "I", session), bound.args[1]!];
  const letter = `'${LETTERS}'[CAST(1 + hash($1, i) % ${LETTERS.length} AS BIGINT)]`;
  const letters = `list_transform(range(least(greatest($0, 0), ${MAX_RANDOM_TEXT})), lambda i: ${letter})`;
  return generated(bound, `array_to_string(${letters}, '')`, args, VARCHAR);
};

/** Random, or of a namespace and a name. Source: "UUID_STRING". */
const uuid: Bind = (bound, { session }) => {
  if (bound.args.length === 0) return call("UUID_STRING", "CAST(uuid() AS VARCHAR)", [], VARCHAR, false, "volatile");
  if (bound.args.length === 1) throw typeMismatch(bound);
  const args = [argument(bound, 0, "T", session), argument(bound, 1, "T", session)];
  return call("UUID_STRING", "host_named_uuid($0, $1)", args, VARCHAR);
};

/** Data generation functions. */
export const generationFunctions: readonly FunctionDefinition[] = [
  define("RANDOM", 0, 1, random),
  define("UNIFORM", 3, 3, uniform),
  define("NORMAL", 3, 3, normal),
  define("ZIPF", 3, 3, zipf),
  define("RANDSTR", 2, 2, randomText),
  define("UUID_STRING", 0, 2, uuid),
];

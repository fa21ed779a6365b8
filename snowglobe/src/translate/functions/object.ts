import { compilationError, SnowflakeError } from "../../errors";
import { ARRAY, OBJECT } from "../../sql/ast/dataType";
import type { BoundExpression, Template } from "../boundExpression";
import { castTo } from "../cast";
import { call, constantValue } from "../construct";
import { VARCHAR } from "../../sql/ast/dataType";
import { compareKeys } from "../variant/quoteJson";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { argument, define, scalar } from "./signature";

type Bind = FunctionDefinition["bind"];

interface Pair {
  readonly key: BoundExpression;
  readonly value: BoundExpression;
}

/** Pairs of key and value. Members with a NULL key vanish; those with a NULL value too, unless kept as JSON null. */
function objectConstruct(keepNull: boolean): Bind {
  return (bound, context) => {
    if (bound.args.length % 2 !== 0)
      throw compilationError(
        `Invalid number of arguments for ${bound.name}: pairs of key and value are expected`,
        "000939",
        "22023",
      );
    const pairs: Pair[] = [];
    for (let i = 0; i < bound.args.length; i += 2) {
      const key = castTo(bound.args[i]!, VARCHAR, context.session);
      pairs.push({ key, value: argument(bound, i + 1, "V", context.session) });
    }
    if (pairs.length === 0) return call(bound.name, "CAST('{}' AS JSON)", [], OBJECT, false);
    const constant = pairs.every(({ key }) => typeof constantValue(key) === "string");
    if (constant) sortConstantKeys(pairs, keepNull);
    const parts: (string | number)[] = [`fn.${constant ? "object_of" : "object_sorted"}([`];
    const member = keepNull ? "fn.member_or_null(" : "fn.member(";
    pairs.forEach((_, i) => parts.push(i > 0 ? `, ${member}` : member, 2 * i, ", ", 2 * i + 1, ")"));
    const args = pairs.flatMap(({ key, value }) => [key, value]);
    return call(bound.name, [...parts, "])"], args, OBJECT, false);
  };
}

/** Members lie in the order of their keys; what is constant is put in order, and compared, once. */
function sortConstantKeys(pairs: Pair[], keepNull: boolean): void {
  const keyOf = (pair: Pair): string => constantValue(pair.key)!;
  pairs.sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  // A member of a NULL value is none.
  const there = pairs.filter(({ value }) => keepNull || constantValue(value) !== null || value.kind !== "literal");
  there.forEach((pair, i) => {
    if (i > 0 && keyOf(there[i - 1]!) === keyOf(pair)) {
      throw new SnowflakeError("100104", "22000", `Duplicate field key '${keyOf(pair)}'`);
    }
  });
}

/** Members of some keys, or of all others: keys one by one, or as one array. Source: "OBJECT_PICK", "OBJECT_DELETE". */
function picking(keep: boolean): Bind {
  return (bound: BoundArguments, context: FunctionContext) => {
    const object = argument(bound, 0, "O", context.session);
    const second = bound.args[1]!;
    const pick = (keys: Template): Template => [
      "CAST(host_object_pick(CAST(",
      0,
      " AS VARCHAR), CAST(",
      ...keys,
      ` AS VARCHAR), '${keep}') AS JSON)`,
    ];
    if (keep && bound.args.length === 2 && second.type.kind === "ARRAY") {
      return call(bound.name, pick([1]), [object, second], OBJECT);
    }
    const keys = bound.args.slice(1).map((_, i) => argument(bound, i + 1, "T", context.session));
    // A NULL among the keys names no member.
    const list = keys.flatMap((_, i) => [...(i > 0 ? [", "] : []), "to_json(", i + 1, ")"]);
    return call(bound.name, pick(["fn.list_json([", ...list, "])"]), [object, ...keys], OBJECT);
  };
}

export const objectFunctions: readonly FunctionDefinition[] = [
  define("TO_OBJECT", 1, 1, (bound, context) => castTo(bound.args[0]!, OBJECT, context.session, "explicit")),
  { ...define("OBJECT_CONSTRUCT", 0, 1000, objectConstruct(false)), star: "pairs" },
  { ...define("OBJECT_CONSTRUCT_KEEP_NULL", 0, 1000, objectConstruct(true)), star: "pairs" },
  scalar("OBJECT_KEYS", "O", ARRAY, "CAST(to_json(json_keys($0)) AS JSON)"),
  define("OBJECT_INSERT", 3, 4, (bound, context) => {
    const kinds = ["O", "T", "V", "B"];
    const args = bound.args.map((_, i) => argument(bound, i, kinds[i]!, context.session));
    const replaces = args.length > 3 ? "CAST($3 AS VARCHAR)" : "'false'";
    // A member of a NULL key or value is left out.
    const made = `host_object_insert(CAST($0 AS VARCHAR), coalesce($1, ''), CASE WHEN $1 IS NULL THEN '' ELSE coalesce(CAST($2 AS VARCHAR), '') END, ${replaces})`;
    return call(bound.name, `CAST(${made} AS JSON)`, args, OBJECT, true);
  }),
  define("OBJECT_DELETE", 2, 1000, picking(false)),
  define("OBJECT_PICK", 2, 1000, picking(true)),
];

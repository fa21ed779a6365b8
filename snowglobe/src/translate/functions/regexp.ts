import { ARRAY, BOOLEAN, VARCHAR } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { call, constantValue, textLiteral } from "../construct";
import { inlineFlags } from "../regexp/patterns";
import { number } from "../types/numeric";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { argument, define } from "./signature";
import { literal } from "../../quoting";

type Bind = FunctionDefinition["bind"];

/** Optional arguments, in order: their kinds and what stands for one that is not given. */
interface Optional {
  readonly kind: "T" | "I";
  readonly absent: string;
}

const POSITION: Optional = { kind: "I", absent: "1" };
const OCCURRENCE: Optional = { kind: "I", absent: "1" };
const PARAMETERS: Optional = { kind: "T", absent: "c" };
const GROUP: Optional = { kind: "I", absent: "" };

/** All arguments of a call as texts, for a function of the host's. */
function hostArguments(
  bound: BoundArguments,
  context: FunctionContext,
  texts: number,
  optional: readonly Optional[],
): { readonly args: readonly BoundExpression[]; readonly sql: string } {
  const given = Array.from({ length: texts }, (_, i) =>
    bound.args[i] ? argument(bound, i, "T", context.session) : textLiteral(""),
  );
  const others = optional.map(({ kind, absent }, i) =>
    bound.args[texts + i] ? argument(bound, texts + i, kind, context.session) : textLiteral(absent),
  );
  const args = [...given, ...others];
  return { args, sql: args.map((_, i) => `CAST($${i} AS VARCHAR)`).join(", ") };
}

/** A function of the host's over (subject, pattern, ...). */
function hosted(
  name: string,
  texts: number,
  optional: readonly Optional[],
  finish: (bound: BoundArguments, sql: string, args: readonly BoundExpression[]) => BoundExpression,
): Bind {
  return (bound, context) => {
    const { args, sql } = hostArguments(bound, context, texts, optional);
    return finish(bound, `${name}(${sql})`, args);
  };
}

/** A pattern with its parameters as DuckDB takes them: flags in the pattern. */
function flagged(bound: BoundArguments, index: number): string {
  const parameters = bound.args[index];
  if (!parameters) return "$1";
  const constant = constantValue(parameters);
  if (typeof constant !== "string") return "host_regexp_flags($2) || $1";
  const flags = inlineFlags(constant);
  return flags === "" ? "$1" : `${literal(flags)} || $1`;
}

/** The whole subject must match. Source: "RLIKE". */
const regexpLike: Bind = (bound, context) => {
  const args = bound.args.map((_, i) => argument(bound, i, "T", context.session));
  return call(bound.name, `regexp_full_match($0, ${flagged(bound, 2)})`, args, BOOLEAN);
};

/** DuckDB's own function is faster where the pattern is all that is asked for. */
const regexpReplace: Bind = (bound, context) => {
  const pattern = bound.args[1] && constantValue(bound.args[1]);
  const plain = bound.args.length <= 3 && typeof pattern === "string" && pattern !== "" && !pattern.includes("()");
  if (!plain) {
    const optional = [POSITION, { kind: "I", absent: "0" } as const, PARAMETERS];
    return hosted("host_regexp_replace", 3, optional, ({ name }, sql, args) => call(name, sql, args, VARCHAR))(
      bound,
      context,
    );
  }
  const args = bound.args.map((_, i) => argument(bound, i, "T", context.session));
  return call(bound.name, `regexp_replace($0, $1, ${args.length > 2 ? "$2" : "''"}, 'g')`, args, VARCHAR);
};

export const regexpFunctions: readonly FunctionDefinition[] = [
  define(["REGEXP_LIKE", "RLIKE", "REGEXP"], 2, 3, regexpLike),
  define(
    "REGEXP_SUBSTR",
    2,
    6,
    hosted("host_regexp_substr", 2, [POSITION, OCCURRENCE, PARAMETERS, GROUP], ({ name }, sql, args) =>
      call(name, sql, args, VARCHAR, true),
    ),
  ),
  define(
    ["REGEXP_SUBSTR_ALL", "REGEXP_EXTRACT_ALL"],
    2,
    6,
    hosted("host_regexp_substr_all", 2, [POSITION, OCCURRENCE, PARAMETERS, GROUP], ({ name }, sql, args) =>
      call(name, `CAST(${sql} AS JSON)`, args, ARRAY, true),
    ),
  ),
  define("REGEXP_REPLACE", 2, 6, regexpReplace),
  define(
    "REGEXP_COUNT",
    2,
    4,
    hosted("host_regexp_count", 2, [POSITION, PARAMETERS], ({ name }, sql, args) =>
      call(name, `CAST(${sql} AS DECIMAL(18,0))`, args, number(18, 0)),
    ),
  ),
  define(
    "REGEXP_INSTR",
    2,
    7,
    hosted(
      "host_regexp_instr",
      2,
      [POSITION, OCCURRENCE, { kind: "I", absent: "0" }, PARAMETERS, GROUP],
      ({ name }, sql, args) => call(name, `CAST(${sql} AS DECIMAL(18,0))`, args, number(18, 0), true),
    ),
  ),
];

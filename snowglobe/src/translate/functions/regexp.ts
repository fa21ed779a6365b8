import { unsupported } from "../../errors";
import { ARRAY, BOOLEAN, VARCHAR } from "../../sql/ast/dataType";
import { call, constantValue, quoteText } from "../construct";
import { number } from "../types/numeric";
import type { BoundExpression } from "../boundExpression";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { coerce, typeMismatch } from "./signature";

function define(
  names: readonly string[],
  min: number,
  max: number,
  bind: FunctionDefinition["bind"],
): FunctionDefinition {
  return { names, min, max, kind: "scalar", bind };
}

/** Snowflake's parameters c i m e s as DuckDB's options. Source: "Specifying the parameters for the regular expression". */
function options(parameters: string): { readonly flags: string; readonly extract: boolean } {
  let flags = "";
  let caseless = false;
  let multiline = false;
  for (const letter of parameters.toLowerCase()) {
    if (letter === "i") caseless = true;
    else if (letter === "c") caseless = false;
    else if (letter === "m") multiline = true;
    else if (letter === "s") flags += "s";
    else if (letter !== "e") throw unsupported(`regular expression parameter '${letter}'`);
  }
  return { flags: flags + (caseless ? "i" : "c") + (multiline ? "m" : ""), extract: parameters.includes("e") };
}

function constant(bound: BoundArguments, index: number, fallback: string): string {
  const arg = bound.args[index];
  if (!arg) return fallback;
  const value = constantValue(arg);
  if (typeof value !== "string") throw unsupported(`${bound.name} with argument ${index + 1} that is no constant`);
  return value;
}

function texts(bound: BoundArguments, context: FunctionContext, count: number): BoundExpression[] {
  return bound.args.slice(0, count).map((arg) => {
    const text = coerce(arg, "T", context.session);
    if (!text) throw typeMismatch(bound);
    return text;
  });
}

/** The subject from a position on. */
function from(position: string): string {
  return position === "1" ? "$0" : `substr($0, ${Number(position)})`;
}

/** Anchored at both ends. Source: "REGEXP_LIKE". */
const regexpLike: FunctionDefinition["bind"] = (bound, context) => {
  const { flags } = options(constant(bound, 2, "c"));
  return call(bound.name, `regexp_full_match($0, $1, ${quoteText(flags)})`, texts(bound, context, 2), BOOLEAN);
};

/** (subject, pattern, position, occurrence, parameters, group). NULL where there is no match. Source: "REGEXP_SUBSTR". */
const regexpSubstr: FunctionDefinition["bind"] = (bound, context) => {
  const { flags, extract } = options(constant(bound, 4, "c"));
  const group = bound.args[5] ? Number(constant(bound, 5, "0")) : extract ? 1 : 0;
  const occurrence = Number(constant(bound, 3, "1"));
  const subject = from(constant(bound, 2, "1"));
  const all = `regexp_extract_all(${subject}, $1, ${group}, ${quoteText(flags)})`;
  return call(bound.name, `${all}[${occurrence}]`, texts(bound, context, 2), VARCHAR, true);
};

/** (subject, pattern, replacement, position, occurrence, parameters); occurrence 0 is all. Source: "REGEXP_REPLACE". */
const regexpReplace: FunctionDefinition["bind"] = (bound, context) => {
  const { flags } = options(constant(bound, 5, "c"));
  const occurrence = constant(bound, 4, "0");
  if (occurrence !== "0" && occurrence !== "1") throw unsupported(`${bound.name} of occurrence ${occurrence}`);
  const position = constant(bound, 3, "1");
  const args = texts(bound, context, Math.min(bound.args.length, 3));
  const replacement = args.length > 2 ? "$2" : "''";
  const made = `regexp_replace(${from(position)}, $1, ${replacement}, ${quoteText(flags + (occurrence === "0" ? "g" : ""))})`;
  return call(bound.name, position === "1" ? made : `(left($0, ${Number(position) - 1}) || ${made})`, args, VARCHAR);
};

const regexpCount: FunctionDefinition["bind"] = (bound, context) => {
  const { flags } = options(constant(bound, 3, "c"));
  const subject = from(constant(bound, 2, "1"));
  return call(
    bound.name,
    `CAST(len(regexp_extract_all(${subject}, $1, 0, ${quoteText(flags)})) AS DECIMAL(18,0))`,
    texts(bound, context, 2),
    number(18, 0),
  );
};

/** Where the match begins, or ends with option 1; 0 without a match. Source: "REGEXP_INSTR". */
const regexpInstr: FunctionDefinition["bind"] = (bound, context) => {
  const { flags } = options(constant(bound, 5, "c"));
  if (constant(bound, 3, "1") !== "1" || constant(bound, 2, "1") !== "1") {
    throw unsupported(`${bound.name} with a position or occurrence other than 1`);
  }
  const end = constant(bound, 4, "0") === "1" ? " + length(regexp_extract($0, $1, 0, F))" : "";
  const start = `length(regexp_extract($0, '(?s)^(.*?)(?:' || $1 || ')', 1, F)) + 1`;
  return call(
    bound.name,
    `CAST(CASE WHEN regexp_matches($0, $1, F) THEN ${start}${end} ELSE 0 END AS DECIMAL(18,0))`.replaceAll(
      "F)",
      `${quoteText(flags)})`,
    ),
    texts(bound, context, 2),
    number(18, 0),
  );
};

export const regexpFunctions: readonly FunctionDefinition[] = [
  define(["REGEXP_LIKE", "RLIKE", "REGEXP"], 2, 3, regexpLike),
  define(["REGEXP_SUBSTR"], 2, 6, regexpSubstr),
  define(["REGEXP_SUBSTR_ALL"], 2, 6, (bound, context) => {
    const { flags, extract } = options(constant(bound, 4, "c"));
    const group = bound.args[5] ? Number(constant(bound, 5, "0")) : extract ? 1 : 0;
    const subject = from(constant(bound, 2, "1"));
    return call(
      bound.name,
      `CAST(to_json(regexp_extract_all(${subject}, $1, ${group}, ${quoteText(flags)})) AS JSON)`,
      texts(bound, context, 2),
      ARRAY,
    );
  }),
  define(["REGEXP_REPLACE"], 2, 6, regexpReplace),
  define(["REGEXP_COUNT"], 2, 4, regexpCount),
  define(["REGEXP_INSTR"], 2, 7, regexpInstr),
];

import { RE2JS, RE2JSException } from "re2js";
import { SnowflakeError } from "../../errors";

/** Compiled patterns that are kept: a statement has few, and its rows ask for them again and again. */
const KEPT = 200;
const compiled = new Map<string, RE2JS>();

/**
 * A pattern and its parameters (c, i, m, s and e), compiled by an engine that is linear in the subject, as DuckDB's is.
 *
 * @throws SnowflakeError 100048 for a pattern that is none
 *
 * Source: "String functions (regular expressions)".
 */
function compilePattern(pattern: string, parameters: string): RE2JS {
  const key = `${parameters}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= KEPT) compiled.clear();
  try {
    const made = RE2JS.compile(inlineFlags(parameters) + pattern);
    compiled.set(key, made);
    return made;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new SnowflakeError("100048", "2201B", `Invalid regular expression: '${pattern}', ${error.message}`);
  }
}

/** The parameters as flags at the beginning of a pattern; of c and i the last one counts. */
export function inlineFlags(parameters: string): string {
  let flags = "";
  for (const letter of parameters) {
    if (!"cimes".includes(letter)) {
      throw new SnowflakeError("100047", "2201B", `Invalid parameter of a regular expression: '${letter}'`);
    }
    if (letter === "m" || letter === "s") flags += letter;
  }
  if (parameters.lastIndexOf("i") > parameters.lastIndexOf("c")) flags += "i";
  return flags === "" ? "" : `(?${flags})`;
}

/** A match: where it and its groups are, in UTF-16 units of the subject; -1 for a group that took no part. */
export interface Match {
  readonly start: (group: number) => number;
  readonly end: (group: number) => number;
}

/**
 * The matches in what is left of a subject from a UTF-16 unit on, which is a beginning to `^` and `\b`. An empty pattern
 * matches nothing; an empty match is stepped over.
 */
export function* matchesOf(subject: string, pattern: string, parameters: string, from: number): Generator<Match> {
  if (pattern === "" || from > subject.length) return;
  const matcher = compilePattern(pattern, parameters).matcher(subject.slice(from));
  while (matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => group);
    const shifted = (unit: number): number => (unit < 0 ? unit : unit + from);
    const starts = groups.map((group) => shifted(matcher.start(group)));
    const ends = groups.map((group) => shifted(matcher.end(group)));
    yield { start: (group) => starts[group]!, end: (group) => ends[group]! };
  }
}

export function groupCount(pattern: string, parameters: string): number {
  return compilePattern(pattern, parameters).groupCount();
}

import { SnowflakeError } from "../errors";
import { tooComplex } from "./limits";
import { ERROR_MARK } from "./raise";

/** DuckDB's own run-time errors and what Snowflake calls them. */
const PATTERNS: readonly {
  readonly pattern: RegExp;
  readonly code: string;
  readonly sqlState: string;
  readonly message: (match: RegExpExecArray) => string;
}[] = [
  {
    pattern: /Could not (?:cast value|convert) (?:string )?"?'?(.*?)"?'? to (?:DECIMAL|NUMERIC)\((\d+),\s*(\d+)\)/s,
    code: "100046",
    sqlState: "22003",
    message: (m) => `Number out of representable range: type FIXED[SB16](${m[2]},${m[3]}){nullable}, value ${m[1]}`,
  },
  {
    pattern: /Casting (?:value|to) "?(.*?)"? to type DECIMAL\((\d+),\s*(\d+)\) failed/s,
    code: "100046",
    sqlState: "22003",
    message: (m) => `Number out of representable range: type FIXED[SB16](${m[2]},${m[3]}){nullable}, value ${m[1]}`,
  },
  {
    pattern: /Casting value "(.*?)" to type (?:DOUBLE|DECIMAL|HUGEINT|BIGINT)/s,
    code: "100046",
    sqlState: "22003",
    message: (m) => `Number out of representable range: type FIXED[SB16](38,0){nullable}, value ${m[1]}`,
  },
  {
    pattern:
      /Overflow in (addition|subtraction|multiplication|negation)[^(]*(?:\(38\)|of (?:DECIMAL|HUGEINT|INT128))?/s,
    code: "100046",
    sqlState: "22003",
    message: () => "Number out of representable range: type FIXED[SB16](38,0){nullable}",
  },
  {
    pattern: /Could not convert string '(.*?)' to (?:INT\d+|HUGEINT|DOUBLE|DECIMAL)/s,
    code: "100038",
    sqlState: "22018",
    message: (m) => `Numeric value '${m[1]}' is not recognized`,
  },
  {
    pattern: /invalid date field format: "(.*?)"|date field value out of range: "(.*?)"/s,
    code: "100040",
    sqlState: "22007",
    message: (m) => `Date '${m[1] ?? m[2]}' is not recognized`,
  },
  {
    pattern: /(?:invalid timestamp field format|timestamp field value out of range): "(.*?)"/s,
    code: "100035",
    sqlState: "22007",
    message: (m) => `Timestamp '${m[1]}' is not recognized`,
  },
  {
    pattern: /Malformed JSON(?: at byte \d+ of input)?:?\s*(.*)/s,
    code: "100069",
    sqlState: "22P02",
    message: (m) => `Error parsing JSON: ${(m[1] ?? "").split("\n")[0]}`,
  },
  {
    pattern: /Unknown TimeZone '(.*?)'/s,
    code: "100055",
    sqlState: "22023",
    message: (m) => `Unknown timezone: '${m[1]}'`,
  },
  {
    pattern: /GROUPING (?:statement cannot be used without groups|child .* must be a grouping column)/s,
    code: "000979",
    sqlState: "42601",
    message: () => "SQL compilation error:\nThe arguments of GROUPING are expressions of GROUP BY",
  },
  {
    pattern: /Invalid escape string|Like pattern must not end with escape character/,
    code: "100077",
    sqlState: "22025",
    message: () => "The escape of LIKE is one character, which does not end the pattern",
  },
  {
    pattern: /More than one row returned by a subquery used as an expression/,
    code: "090150",
    sqlState: "22000",
    message: () => "Single-row subquery returns more than one row.",
  },
  {
    pattern: /INTERRUPT Error|Interrupted!/,
    code: "000604",
    sqlState: "57014",
    message: () => "SQL execution canceled",
  },
  {
    pattern:
      /(?:Invalid Input|Invalid) Error: (?:invalid regular expression.*|invalid (?:perl operator|escape|character class|named capture|UTF-8|repetition).*|missing .*|unexpected .*|no argument for repetition.*|bad .*): ?(.*)/s,
    code: "100048",
    sqlState: "2201B",
    message: (m) => `Invalid regular expression: ${(m[1] ?? "").split("\n")[0]}`,
  },
  {
    pattern: /Invalid input for hex digit: (.)|Hex String must have even length/s,
    code: "100115",
    sqlState: "22000",
    message: () => "The following string is not a legal hex-encoded value",
  },
  {
    pattern: /Invalid UTF8 Codepoint (-?\d+)/,
    code: "100097",
    sqlState: "22023",
    message: (m) => `Invalid character code ${m[1]} in the CHR input`,
  },
  {
    pattern: /Unknown TimeZone '(.*?)'/s,
    code: "100091",
    sqlState: "22023",
    message: (m) => `Unknown timezone: '${m[1]}'`,
  },
  {
    pattern: /Out of Memory Error/,
    code: "100130",
    sqlState: "53200",
    message: () => "Out of memory error: the statement needs more memory than this server may use (--memory-limit)",
  },
  {
    pattern: /No space left on device|ENOSPC/,
    code: "100131",
    sqlState: "53100",
    message: () => "Disk full: nothing of this statement was written; make room on the disk of the data folder",
  },
  {
    pattern: /(ACOS|ASIN|ATANH) is undefined outside|cannot take (logarithm|square root) of/,
    code: "100046",
    sqlState: "22003",
    message: (m) =>
      `Invalid floating point operation: ${(m[1] ?? (m[2] === "logarithm" ? "ln" : "sqrt")).toLowerCase()}`,
  },
  {
    pattern: /(?:Out of Range|Conversion) Error: (.*)/s,
    code: "100046",
    sqlState: "22003",
    message: (m) => `Value out of range: ${(m[1] ?? "").split("\n")[0]}`,
  },
];

/**
 * An error of DuckDB's as Snowflake would tell it. What is raised on purpose (see macros) carries its own code and
 * text; DuckDB's conversion and range errors are mapped; all else becomes an internal error with DuckDB's text.
 */
export function translateDuckDbError(error: unknown): SnowflakeError {
  if (error instanceof SnowflakeError) return error;
  // What nests more deeply than any bound foresaw.
  if (error instanceof RangeError && error.message.startsWith("Maximum call stack")) {
    return tooComplex("it is nested too deeply");
  }
  const text = error instanceof Error ? error.message : String(error);
  if (/^Parser Error: memory exhausted/.test(text)) return tooComplex("it is nested too deeply");
  const marked = text.indexOf(ERROR_MARK);
  if (marked >= 0) {
    const [code, sqlState, ...message] = text.slice(marked + ERROR_MARK.length).split("|");
    return new SnowflakeError(code!, sqlState!, message.join("|").replace(/\n\nLINE \d+:[\s\S]*$/, ""));
  }
  const shown = shortened(text);
  for (const { pattern, code, sqlState, message } of PATTERNS) {
    const match = pattern.exec(shown);
    if (match) return new SnowflakeError(code, sqlState, message(match));
  }
  return new SnowflakeError("000603", "XX000", `SQL execution internal error:\n${shown}`);
}

/** Characters of a message that are looked at: the value that it quotes may be megabytes, its words stand at the ends. */
const HEAD = 1_500;
const TAIL = 500;

function shortened(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}...${text.slice(-TAIL)}`;
}

import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { ARRAY, BINARY, BOOLEAN, OBJECT, VARCHAR } from "../../sql/ast/dataType";
import { concatenation, like } from "../operators";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call } from "../construct";
import { number } from "../types/numeric";
import type { FunctionDefinition } from "./definition";
import { argument, coerce, define, nullFirst, scalar, typeMismatch } from "./signature";

const LENGTH = number(18, 0);
const same = (args: readonly BoundExpression[]): DataType => args[0]!.type;
const asLength = (sql: string): string => `CAST(${sql} AS DECIMAL(18,0))`;

/** SUBSTR counts from 1; 0 acts as 1, negative positions count from the end. Source: "SUBSTR, SUBSTRING". */
const SUBSTRING_START = "CASE WHEN $1 = 0 THEN 1 ELSE $1 END";

/** Characters to strip, space where none are given. */
function trim(name: string, sql: string): FunctionDefinition {
  return scalar(name, "T?T", same, [`${sql}($0, ' ')`, `${sql}($0, $1)`]);
}

/** A text padded or cut to a length; padding with nothing only cuts. Source: "LPAD", "RPAD". */
function pad(name: string, sql: string): FunctionDefinition {
  const text = (filler: string): string =>
    `(CASE WHEN $1 <= 0 THEN '' WHEN ${filler} = '' THEN left($0, $1) ELSE ${sql}($0, CAST(fn.text_length($1) AS INTEGER), ${filler}) END)`;
  return scalar(name, "TI?T", VARCHAR, [text("' '"), text("$2")], { guarded: true });
}

/**
 * A text of a BINARY's bytes, or of a text's in UTF-8. A cast of text to BLOB would read escapes in it.
 *
 * @param more kinds of the further arguments, which may be left out
 * @param templates for each number of arguments, of the bytes as $0
 */
function ofBytes(name: string, more: string, templates: readonly string[]): FunctionDefinition {
  return define(name, 1, 1 + more.length, (bound, context) => {
    const rest = bound.args.slice(1).map((_, i) => argument(bound, i + 1, more[i]!, context.session));
    const binary = bound.args[0]!.type.kind === "BINARY";
    const bytes = binary
      ? bound.args[0]!
      : call(name, "encode($0)", [argument(bound, 0, "T", context.session)], BINARY);
    const args = [bytes, ...rest];
    return call(name, nullFirst(templates[rest.length]!, args), args, VARCHAR);
  });
}

const base64Lines = (alphabet: string): string => `host_base64(hex($0), CAST($1 AS VARCHAR), ${alphabet})`;

/** Base64 as BINARY, or as text by `reader`. Source: "BASE64_DECODE_STRING", "TRY_BASE64_DECODE_BINARY". */
function base64Decoder(name: string, reader: string): FunctionDefinition {
  const tries = name.startsWith("TRY_");
  return define(name, 1, 2, (bound, context) => {
    const args = bound.args.map((_, i) => argument(bound, i, "T", context.session));
    const macro = tries ? "fn.try_base64" : "fn.base64";
    const bytes = args.length === 1 ? `${macro}($0)` : `${macro}_by($0, $1)`;
    if (reader === "") return call(name, bytes, args, BINARY, true);
    return call(name, tries ? `host_try_utf8(hex(${bytes}))` : `${reader}(${bytes})`, args, VARCHAR, true);
  });
}

/** Bytes of a BINARY, or of a text in UTF-8, in units of which a byte has so many. */
function size(name: string, units: number): FunctionDefinition {
  return define(name, 1, 1, (bound, context) => {
    const arg = bound.args[0]!;
    const text = arg.type.kind === "BINARY" ? arg : coerce(arg, "T", context.session);
    if (!text) throw typeMismatch(bound);
    const bytes = arg.type.kind === "BINARY" ? "octet_length($0)" : "strlen($0)";
    return call(name, asLength(`${bytes} * ${units}`), [text], LENGTH);
  });
}

/**
 * A function of texts that takes BINARYs, too: their bytes are one character each meanwhile. Source: "SUBSTR, SUBSTRING",
 * "LEFT", "RIGHT", "REVERSE", "LPAD", "RPAD", "INSERT", "CONTAINS", "STARTSWITH", "ENDSWITH", "POSITION".
 *
 * @param texts positions that are all BINARY or none
 */
function ofTextOrBytes(definition: FunctionDefinition, texts: readonly number[] = [0]): FunctionDefinition {
  return {
    ...definition,
    bind: (bound, context) => {
      const given = bound.args.filter((_, i) => texts.includes(i));
      if (!given.some(({ type }) => type.kind === "BINARY")) return definition.bind(bound, context);
      if (given.length < texts.length) throw typeMismatch(bound);
      if (!given.every(({ type }) => type.kind === "BINARY" || type.kind === "NULL")) throw typeMismatch(bound);
      const args = bound.args.map((arg, i) =>
        texts.includes(i)
          ? call(bound.name, "fn.bytes_as_text($0)", [castTo(arg, BINARY, context.session)], VARCHAR)
          : arg,
      );
      const made = definition.bind({ ...bound, args }, context);
      return made.type.kind === "VARCHAR" ? call(bound.name, "fn.text_as_bytes($0)", [made], BINARY) : made;
    },
  };
}

export const stringFunctions: readonly FunctionDefinition[] = [
  scalar("UPPER", "T", same, "upper($0)"),
  scalar("LOWER", "T", same, "lower($0)"),
  scalar("INITCAP", "T?T", same, ["fn.initcap($0)", "fn.initcap_by($0, $1)"]),
  define(["LENGTH", "LEN"], 1, 1, (bound, context) => {
    const arg = bound.args[0]!;
    if (arg.type.kind === "BINARY") return call("LENGTH", asLength("octet_length($0)"), [arg], LENGTH);
    const text = coerce(arg, "T", context.session);
    if (!text) throw typeMismatch(bound);
    return call("LENGTH", asLength("length($0)"), [text], LENGTH);
  }),
  size("OCTET_LENGTH", 1),
  size("BIT_LENGTH", 8),
  define("CONCAT", 1, 1000, (bound, context) => concatenation(bound.args, context.session)),
  define("CONCAT_WS", 2, 1000, (bound, context) => {
    const texts = bound.args.map((arg) => castTo(arg, VARCHAR, context.session));
    // NULL in any argument gives NULL, unlike in other engines.
    if (texts.length === 2) return call("CONCAT_WS", nullFirst("$1", texts), texts, VARCHAR);
    const separated: (string | number)[] = ["("];
    texts.slice(1).forEach((_, i) => separated.push(...(i > 0 ? [" || ", 0, " || ", i + 1] : [i + 1])));
    return call("CONCAT_WS", [...separated, ")"], texts, VARCHAR);
  }),
  ofTextOrBytes(
    scalar(["SUBSTR", "SUBSTRING"], "TI?I", same, [
      `fn.substring_from($0, ${SUBSTRING_START})`,
      `fn.substring_of($0, ${SUBSTRING_START}, $2)`,
    ]),
  ),
  ofTextOrBytes(scalar("LEFT", "TI", same, "left($0, greatest($1, 0))", { guarded: true })),
  ofTextOrBytes(scalar("RIGHT", "TI", same, "right($0, greatest($1, 0))", { guarded: true })),
  trim("TRIM", "trim"),
  trim("LTRIM", "ltrim"),
  trim("RTRIM", "rtrim"),
  ofTextOrBytes(pad("LPAD", "lpad"), [0, 2]),
  ofTextOrBytes(pad("RPAD", "rpad"), [0, 2]),
  scalar("REPEAT", "TI", VARCHAR, "fn.repeat_text($0, $1)", { guarded: true }),
  scalar("SPACE", "I", VARCHAR, "fn.repeat_text(' ', $0)", { guarded: true }),
  ofTextOrBytes(scalar("REVERSE", "T", same, "reverse($0)")),
  scalar(
    "REPLACE",
    "TT?T",
    VARCHAR,
    [
      "(CASE WHEN $1 = '' THEN $0 ELSE replace($0, $1, '') END)",
      "(CASE WHEN $1 = '' THEN $0 ELSE replace($0, $1, $2) END)",
    ],
    { guarded: true },
  ),
  scalar("TRANSLATE", "TTT", VARCHAR, "translate($0, $1, $2)"),
  scalar("SPLIT", "TT", ARRAY, "CAST(to_json(fn.split($0, $1)) AS JSON)", { guarded: true }),
  scalar("SPLIT_PART", "TTI", VARCHAR, "fn.split_part($0, $1, $2)"),
  scalar(
    "STRTOK",
    "T?TI",
    VARCHAR,
    [
      "fn.strtok_list($0, ' ')[1]",
      "fn.strtok_list($0, $1)[1]",
      "(CASE WHEN $2 >= 1 THEN fn.strtok_list($0, $1)[$2] END)",
    ],
    { nullable: true, guarded: true },
  ),
  scalar(
    "STRTOK_TO_ARRAY",
    "T?T",
    ARRAY,
    ["CAST(to_json(fn.strtok_list($0, ' ')) AS JSON)", "CAST(to_json(fn.strtok_list($0, $1)) AS JSON)"],
    { guarded: true },
  ),
  ofTextOrBytes(
    scalar(["POSITION", "CHARINDEX"], "TT?I", LENGTH, [
      asLength("instr($1, $0)"),
      asLength("fn.position_from($0, $1, $2)"),
    ]),
    [0, 1],
  ),
  ofTextOrBytes(scalar("CONTAINS", "TT", BOOLEAN, "contains($0, $1)"), [0, 1]),
  ofTextOrBytes(scalar("STARTSWITH", "TT", BOOLEAN, "starts_with($0, $1)"), [0, 1]),
  ofTextOrBytes(scalar("ENDSWITH", "TT", BOOLEAN, "ends_with($0, $1)"), [0, 1]),
  define(["LIKE", "ILIKE"], 2, 3, (bound, context) =>
    like(bound.name as "LIKE", bound.args[0]!, bound.args[1]!, bound.args[2], context.session),
  ),
  define(["LIKE_ALL", "LIKE_ANY", "ILIKE_ANY"], 2, 3, (bound) => {
    throw unsupported(bound.name.replace("_", " "));
  }),
  scalar("ASCII", "T", number(10, 0), "CAST(CASE WHEN $0 = '' THEN 0 ELSE unicode($0) END AS DECIMAL(10,0))"),
  scalar("UNICODE", "T", number(10, 0), "CAST(CASE WHEN $0 = '' THEN 0 ELSE unicode($0) END AS DECIMAL(10,0))"),
  scalar(["CHR", "CHAR"], "I", { kind: "VARCHAR", length: 1 }, "fn.character($0)"),
  ofTextOrBytes(scalar("INSERT", "TIIT", VARCHAR, "fn.insert_text($0, $1, $2, $3)"), [0, 3]),
  scalar(
    "EDITDISTANCE",
    "TT?I",
    LENGTH,
    [asLength("fn.edit_distance($0, $1)"), asLength("least(fn.edit_distance($0, $1), greatest($2, 0))")],
    { guarded: true },
  ),
  scalar("JAROWINKLER_SIMILARITY", "TT", LENGTH, asLength("host_jaro_winkler($0, $1)")),
  ofBytes("BASE64_ENCODE", "IT", ["base64($0)", base64Lines("''"), base64Lines("$2")]),
  base64Decoder("BASE64_DECODE_STRING", "decode"),
  base64Decoder("BASE64_DECODE_BINARY", ""),
  base64Decoder("TRY_BASE64_DECODE_STRING", "decode"),
  base64Decoder("TRY_BASE64_DECODE_BINARY", ""),
  ofBytes("HEX_ENCODE", "I", ["hex($0)", "(CASE WHEN $1 = 0 THEN lower(hex($0)) ELSE hex($0) END)"]),
  scalar("HEX_DECODE_STRING", "T", VARCHAR, "decode(fn.hex($0))"),
  scalar("HEX_DECODE_BINARY", "T", BINARY, "fn.hex($0)"),
  scalar("TRY_HEX_DECODE_STRING", "T", VARCHAR, "host_try_utf8(hex(fn.try_hex($0)))", { nullable: true }),
  scalar("TRY_HEX_DECODE_BINARY", "T", BINARY, "fn.try_hex($0)", { nullable: true }),
  define("COLLATE", 2, 2, () => {
    throw unsupported("COLLATE");
  }),
  scalar("PARSE_URL", "T?I", OBJECT, [
    "CAST(host_parse_url($0, '0') AS JSON)",
    "CAST(host_parse_url($0, CAST($1 AS VARCHAR)) AS JSON)",
  ]),
  scalar("SOUNDEX", "T", VARCHAR, "host_soundex($0, 'false')"),
  scalar("SOUNDEX_P123", "T", VARCHAR, "host_soundex($0, 'true')"),
  scalar("RTRIMMED_LENGTH", "T", LENGTH, asLength("length(rtrim($0, ' '))")),
];

import { raiseSql } from "./raise";
import { timeMacros } from "./time/timeMacros";
import { variantMacros } from "./variant/variantMacros";

function rejects(name: string, code: string, sqlState: string, before: string): string {
  const message = `'${before} ''' || CAST(x AS VARCHAR) || ''' is not recognized'`;
  return `${name}(x) AS CASE WHEN x IS NULL THEN NULL ELSE ${raiseSql(code, sqlState, message)} END`;
}

/** Bodies of the helper macros; each becomes `CREATE OR REPLACE MACRO fn.<body>`. Later ones use earlier ones. */
const MACROS: readonly string[] = [
  rejects("bad_number", "100038", "22018", "Numeric value"),
  rejects("bad_boolean", "100037", "22018", "Boolean value"),
  rejects("bad_date", "100040", "22007", "Date"),
  rejects("bad_time", "100108", "22007", "Time"),
  rejects("bad_timestamp", "100035", "22007", "Timestamp"),
  rejects("bad_binary", "100115", "22023", "The following string is not a legal hex-encoded value:"),

  // With any separator: DuckDB's own takes a constant.
  `join_texts(l, d) AS CASE WHEN l IS NULL OR d IS NULL THEN NULL WHEN len(l) = 0 THEN ''
     ELSE list_reduce(l, lambda joined, next: joined || d || next) END`,
  "try_hex(x) AS CASE WHEN regexp_full_match(x, '([0-9a-fA-F]{2})*') THEN unhex(x) END",
  `hex(x) AS coalesce(fn.try_hex(x), fn.bad_binary(x))`,
  `character(n) AS CASE WHEN n < 0 OR n > 1114111 OR n BETWEEN 55296 AND 57343
     THEN ${raiseSql("100197", "22023", "'Invalid character code ' || CAST(n AS VARCHAR) || ' in the CHR input'")}
     ELSE chr(CAST(CASE WHEN n < 0 OR n > 1114111 OR n BETWEEN 55296 AND 57343 THEN 0 ELSE n END AS INTEGER)) END`,
  // One character for each byte, from U+0100 on so that none is special, and the way back.
  `bytes_as_text(b) AS array_to_string(list_transform(regexp_extract_all(hex(b), '..'),
     lambda h: chr(CAST(256 + ('0x' || h)::INTEGER AS INTEGER))), '')`,
  `text_as_bytes(x) AS unhex(array_to_string(list_transform(string_split(x, ''),
     lambda c: CASE WHEN c = '' THEN '' ELSE format('{:02X}', unicode(c) - 256) END), ''))`,
  `try_base64(x) AS CASE WHEN regexp_full_match(x, '([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?')
     THEN from_base64(x) END`,
  `base64(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(fn.try_base64(x),
     ${raiseSql("100115", "22023", "'The following string is not a legal base64-encoded value: ' || x")}) END`,
  "try_base64_by(x, alphabet) AS unhex(host_base64_bytes(x, alphabet))",
  `base64_by(x, alphabet) AS CASE WHEN x IS NULL OR alphabet IS NULL THEN NULL ELSE coalesce(fn.try_base64_by(x, alphabet),
     ${raiseSql("100115", "22023", "'The following string is not a legal base64-encoded value: ' || x")}) END`,
  // DuckDB reads digit groups such as 1_000; Snowflake does not.
  "number_text(x) AS CASE WHEN contains(x, '_') THEN '' ELSE x END",
  `double_text(x) AS CASE
     WHEN contains(x, '_') THEN '' WHEN lower(trim(x)) IN ('infinity', '+infinity', '-infinity') THEN '' ELSE x END`,
  `try_boolean(x) AS CASE
     WHEN lower(trim(x)) IN ('true', 't', 'yes', 'y', 'on', '1') THEN true
     WHEN lower(trim(x)) IN ('false', 'f', 'no', 'n', 'off', '0') THEN false
     ELSE NULL END`,
  `double_to_text(x) AS CASE
     WHEN isnan(x) THEN 'NaN'
     WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'inf' ELSE '-inf' END
     WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
     ELSE regexp_replace(CAST(x AS VARCHAR), '\\.0(e|$)', '\\1') END`,

  ...timeMacros,

  // Integer division rounded half away from zero: the exact core of fixed-point division.
  `divide_round(n, d) AS n // d + CASE WHEN abs(n % d) >= abs(d) - abs(n % d) THEN sign(n) * sign(d) ELSE 0 END`,
  // The same with halves to the even neighbour.
  `divide_even(n, d) AS CASE WHEN abs(n % d) * 2 = abs(d) AND (n // d) % 2 = 0 THEN n // d ELSE fn.divide_round(n, d) END`,
  `defined(y, name, x) AS CASE WHEN (isnan(y) OR isinf(y)) AND NOT isnan(x) AND NOT isinf(x)
     THEN ${raiseSql("100046", "22003", "'Invalid floating point operation: ' || name || '(' || CAST(x AS VARCHAR) || ')'")} ELSE y END`,
  // Whole where the cube of the nearest whole number is the argument.
  "cube_root(x) AS CASE WHEN round(cbrt(x)) ** 3 = x THEN round(cbrt(x)) ELSE cbrt(x) END",
  // The limit is the largest number of the sum's type, whose scale a constant here could not follow.
  `check_sum(x, most) AS CASE WHEN abs(x) > most
     THEN ${raiseSql("100058", "22000", "'Value overflow in a SUM aggregate'")} ELSE x END`,
  `division_by_zero() AS ${raiseSql("100051", "22012", "'Division by zero'")}`,

  ...variantMacros,

  // What would not fit into a value is refused before it is made. Sources: "String & binary data types", "Semi-structured
  // data types", sizes.
  `text_length(n) AS CASE WHEN n > 134217728
     THEN ${raiseSql("100078", "22000", "'String of ' || CAST(n AS VARCHAR) || ' characters is too long and would be truncated'")} ELSE n END`,
  "repeat_text(x, n) AS repeat(x, CAST(fn.text_length(length(x) * greatest(n, 0)) / greatest(length(x), 1) AS BIGINT))",
  // DuckDB takes their product in steps, and looks at no interrupt.
  `edit_distance(x, y) AS CASE WHEN CAST(length(x) AS BIGINT) * length(y) > 1000000000
     THEN ${raiseSql("000002", "0A000", "'Unsupported feature ''EDITDISTANCE of texts as long as these''.'")} ELSE levenshtein(x, y) END`,

  // Text.
  "split(x, d) AS CASE WHEN d = '' THEN [x] ELSE string_split(x, d) END",
  // Characters as they stand in a class of a regular expression.
  "class_text(d) AS regexp_replace(d, '([\\\\\\]\\[^-])', '\\\\\\1', 'g')",
  // Without delimiters the text is one token: nothing matches the class of no character.
  `strtok_list(x, d) AS list_filter(string_split_regex(x, CASE WHEN d = '' THEN '[^\\x00-\\x{10FFFF}]'
     ELSE '[' || fn.class_text(d) || ']' END), lambda t: t <> '')`,
  // Seconds with six decimals, of a number of microseconds.
  `seconds_text(us) AS (CASE WHEN us < 0 THEN '-' ELSE '' END) || CAST(abs(us) // 1000000 AS VARCHAR) || '.' ||
     lpad(CAST(abs(us) % 1000000 AS VARCHAR), 6, '0')`,
  "text_microseconds(x) AS CAST(CAST(x AS DECIMAL(38,9)) * 1000000 AS BIGINT)",
  // Delimiters stay as they are, whatever their case.
  `initcap_by(x, d) AS array_to_string(list_transform(regexp_extract_all(x, CASE WHEN d = '' THEN '(?s).+' ELSE
     '(?s)[' || fn.class_text(d) || ']|[^' || fn.class_text(d) || ']+' END),
     lambda w: CASE WHEN contains(d, w) THEN w ELSE upper(w[1]) || lower(w[2:]) END), '')`,
  `initcap(x) AS fn.initcap_by(x, E' \\t\\n\\r\\f\\x0B!?@"^#$&~_,.:;+-*%/|\\\\[](){}<>')`,
  // Positions before the beginning and lengths below one give nothing.
  "substring_from(x, p) AS CASE WHEN p < 0 AND -p > length(x) THEN '' ELSE substr(x, p) END",
  "substring_of(x, p, n) AS CASE WHEN n <= 0 OR (p < 0 AND -p > length(x)) THEN CASE WHEN x IS NULL OR p IS NULL THEN NULL ELSE '' END ELSE substr(x, p, n) END",
  // Only what is there can be replaced.
  `insert_text(x, p, n, y) AS CASE WHEN p < 1 OR n < 0 OR p - 1 + n > length(x)
     THEN ${raiseSql("100049", "22023", "'Position or length of INSERT is outside of the text'")}
     ELSE left(x, p - 1) || y || substr(x, p + n) END`,
  "split_part(x, d, i) AS CASE WHEN d = '' THEN CASE WHEN i IN (0, 1, -1) THEN x ELSE '' END ELSE split_part(x, d, CASE WHEN i = 0 THEN 1 ELSE i END) END",
  `position_from(needle, x, p) AS CASE WHEN instr(substr(x, CAST(p AS BIGINT)), needle) = 0 THEN 0
     ELSE instr(substr(x, CAST(p AS BIGINT)), needle) + p - 1 END`,

  // Numbers.
  `haversine(a, b, c, d) AS 2 * 6371.0 * asin(sqrt(pow(sin(radians(c - a) / 2), 2) +
     cos(radians(a)) * cos(radians(c)) * pow(sin(radians(d - b) / 2), 2)))`,
  `width_bucket(x, low, high, n) AS CASE
     WHEN n < 1 THEN ${raiseSql("100152", "22023", "'The number of buckets of WIDTH_BUCKET must be positive'")}
     WHEN low = high THEN ${raiseSql("100152", "22023", "'The end points of WIDTH_BUCKET must not be equal'")}
     WHEN x < low THEN 0 WHEN x >= high THEN n + 1
     ELSE CAST(floor((x - low) / (high - low) * n) AS BIGINT) + 1 END`,
];

/** Statements that make the helper macros of emitted SQL, in order; run once for a database, in schema `fn`. */
export const macroDefinitions: readonly string[] = [
  "CREATE SCHEMA IF NOT EXISTS fn",
  ...MACROS.map((body) => `CREATE OR REPLACE MACRO fn.${body}`),
];

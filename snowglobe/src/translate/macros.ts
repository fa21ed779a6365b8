import { raiseSql } from "./raise";
import { variantMacros } from "./variant/variantMacros";

function rejects(name: string, code: string, sqlState: string, before: string): string {
  const message = `'${before} ''' || CAST(x AS VARCHAR) || ''' is not recognized'`;
  return `${name}(x) AS CASE WHEN x IS NULL THEN NULL ELSE ${raiseSql(code, sqlState, message)} END`;
}

/** An offset at the end of a text, after a time of day: `Z`, `+02:00`, ` -0700`, `+2`. */
const OFFSET = "(?i)\\d:\\d{2}(?:[.,]\\d+)?\\s*(Z|UTC|GMT|[+-]\\d{1,2}(?::?\\d{2})?)\\s*$";

/** Formats besides ISO that Snowflake's AUTO detection reads. Source: "Date and time input and output formats". */
const OTHER_TIMESTAMPS = [
  "%a, %d %b %Y %H:%M:%S",
  "%a, %d %b %Y %H:%M:%S.%f",
  "%a, %d %b %Y %I:%M:%S %p",
  "%d %b %Y %H:%M:%S",
  "%m/%d/%Y %H:%M:%S",
  "%a %b %d %H:%M:%S %Y",
  "%d-%b-%Y %H:%M:%S",
];
const OTHER_DATES = ["%d-%b-%Y", "%m/%d/%Y"];

const list = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(", ")}]`;

/** By magnitude: seconds, milliseconds, microseconds or nanoseconds since 1970. Source: "TO_TIMESTAMP". */
const EPOCH_MICROSECONDS = `CASE
  WHEN abs(i) < 31536000000 THEN i * 1000000
  WHEN abs(i) < 31536000000000 THEN i * 1000
  WHEN abs(i) < 31536000000000000 THEN i
  ELSE i // 1000 END`;

/** Bodies of the helper macros; each becomes `CREATE OR REPLACE MACRO fn.<body>`. Later ones use earlier ones. */
const MACROS: readonly string[] = [
  rejects("bad_number", "100038", "22018", "Numeric value"),
  rejects("bad_boolean", "100037", "22018", "Boolean value"),
  rejects("bad_date", "100040", "22007", "Date"),
  rejects("bad_time", "100108", "22007", "Time"),
  rejects("bad_timestamp", "100035", "22007", "Timestamp"),
  rejects("bad_binary", "100115", "22023", "The following string is not a legal hex-encoded value:"),

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

  `offset_minutes(s) AS CASE
     WHEN s = '' OR s IS NULL THEN NULL
     WHEN upper(s) IN ('Z', 'UTC', 'GMT') THEN 0
     ELSE (CASE WHEN s[1] = '-' THEN -1 ELSE 1 END) *
       (CAST(regexp_extract(s, '^.(\\d{1,2})', 1) AS INTEGER) * 60 +
        coalesce(TRY_CAST(regexp_extract(s, '^.\\d{1,2}?:?(\\d{2})$', 1) AS INTEGER), 0) *
          (CASE WHEN length(s) > 3 THEN 1 ELSE 0 END)) END`,
  `text_offset(x) AS fn.offset_minutes(regexp_extract(x, '${OFFSET}', 1))`,
  `epoch_timestamp(i) AS make_timestamp(CAST(${EPOCH_MICROSECONDS} AS BIGINT))`,
  `other_timestamp(x) AS coalesce(
     try_strptime(trim(regexp_replace(x, '\\s[+-]\\d{4}(\\s|$)', '\\1')), ${list(OTHER_TIMESTAMPS)}),
     try_strptime(trim(x), ${list(OTHER_DATES)}))`,
  // The wall clock, whatever offset the text has.
  `try_ntz(x) AS CASE
     WHEN regexp_matches(x, '^\\s*\\d{4}-\\d{1,2}-\\d{1,2}([T ]\\s*\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d*)?)?)?\\s*$')
       THEN TRY_CAST(x AS TIMESTAMP)
     WHEN regexp_matches(x, '^\\s*\\d{4}-\\d{1,2}-\\d{1,2}[T ]\\s*\\d{1,2}:\\d{2}')
       THEN TRY_CAST(regexp_replace(x, '(?i)(\\d:\\d{2}(?:[.,]\\d+)?)\\s*(?:Z|UTC|GMT|[+-]\\d{1,2}(?::?\\d{2})?)\\s*$', '\\1') AS TIMESTAMP)
     WHEN regexp_matches(x, '^\\s*\\d{4}-\\d{1,2}-\\d{1,2}[T ]\\s*\\d{1,2}\\s*$')
       THEN TRY_CAST(trim(x) || ':00' AS TIMESTAMP)
     WHEN regexp_full_match(x, '-?\\d{1,19}') THEN fn.epoch_timestamp(TRY_CAST(x AS BIGINT))
     ELSE fn.other_timestamp(x) END`,
  `try_date(x) AS CASE
     WHEN regexp_full_match(x, '\\s*\\d{4}-\\d{1,2}-\\d{1,2}\\s*') THEN TRY_CAST(x AS DATE)
     ELSE CAST(fn.try_ntz(x) AS DATE) END`,
  `try_time(x) AS CASE
     WHEN regexp_full_match(x, '\\s*\\d{1,2}:\\d{2}\\s*') THEN TRY_CAST(trim(x) || ':00' AS TIME)
     WHEN regexp_full_match(x, '\\s*\\d{1,2}:\\d{2}:\\d{2}([.]\\d+)?\\s*') THEN TRY_CAST(trim(x) AS TIME)
     WHEN regexp_full_match(x, '-?\\d{1,19}') THEN CAST(fn.epoch_timestamp(TRY_CAST(x AS BIGINT)) AS TIME)
     ELSE CAST(fn.try_ntz(CASE WHEN contains(x, ':') THEN x END) AS TIME) END`,

  // TIMESTAMP_TZ: an instant and the offset it was given with.
  `tz_make(utc, minutes) AS CASE WHEN utc IS NULL OR minutes IS NULL THEN NULL
     ELSE {'utc': CAST(utc AS TIMESTAMP), 'offset': CAST(minutes AS SMALLINT)} END`,
  'tz_wall(s) AS s.utc + to_minutes(CAST(s."offset" AS BIGINT))',
  "tz_instant(s) AS timezone('UTC', s.utc)",
  "ltz_to_tz(l, zone) AS fn.tz_make(timezone('UTC', l), date_diff('minute', timezone('UTC', l), timezone(zone, l)))",
  "ntz_to_tz(w, zone) AS fn.ltz_to_tz(timezone(zone, w), zone)",
  `try_ltz(x, zone) AS CASE
     WHEN regexp_full_match(x, '-?\\d{1,19}') THEN timezone('UTC', fn.try_ntz(x))
     WHEN fn.text_offset(x) IS NULL THEN timezone(zone, fn.try_ntz(x))
     ELSE timezone('UTC', fn.try_ntz(x) - to_minutes(CAST(fn.text_offset(x) AS BIGINT))) END`,
  `try_tz(x, zone) AS CASE
     WHEN fn.text_offset(x) IS NULL THEN fn.ltz_to_tz(fn.try_ltz(x, zone), zone)
     ELSE fn.tz_make(fn.try_ntz(x) - to_minutes(CAST(fn.text_offset(x) AS BIGINT)), fn.text_offset(x)) END`,
  `offset_text(minutes) AS (CASE WHEN minutes < 0 THEN '-' ELSE '+' END) ||
     lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0')`,

  // Integer division rounded half away from zero: the exact core of fixed-point division.
  `divide_round(n, d) AS n // d + CASE WHEN abs(n % d) >= abs(d) - abs(n % d) THEN sign(n) * sign(d) ELSE 0 END`,
  // The limit is the largest number of the sum's type, whose scale a constant here could not follow.
  `check_sum(x, most) AS CASE WHEN abs(x) > most
     THEN ${raiseSql("100058", "22000", "'Value overflow in a SUM aggregate'")} ELSE x END`,
  `division_by_zero() AS ${raiseSql("100051", "22012", "'Division by zero'")}`,

  ...variantMacros,

  // Text.
  "split(x, d) AS CASE WHEN d = '' THEN [x] ELSE string_split(x, d) END",
  `strtok_list(x, d) AS list_filter(
     string_split_regex(x, '[' || regexp_replace(d, '([\\\\\\]\\[^-])', '\\\\\\1', 'g') || ']'), lambda t: t <> '')`,
  // Seconds with six decimals, of a number of microseconds.
  `seconds_text(us) AS (CASE WHEN us < 0 THEN '-' ELSE '' END) || CAST(abs(us) // 1000000 AS VARCHAR) || '.' ||
     lpad(CAST(abs(us) % 1000000 AS VARCHAR), 6, '0')`,
  "text_microseconds(x) AS CAST(CAST(x AS DECIMAL(38,9)) * 1000000 AS BIGINT)",
  "initcap_by(x, d) AS array_to_string(list_transform(regexp_extract_all(lower(x), CASE WHEN d = '' THEN '(?s).+' ELSE '(?s)[' || regexp_replace(d, '([\\\\\\]\\[^-])', '\\\\\\1', 'g') || ']|[^' || regexp_replace(d, '([\\\\\\]\\[^-])', '\\\\\\1', 'g') || ']+' END), lambda w: upper(w[1]) || w[2:]), '')",
  "initcap(x) AS array_to_string(list_transform(regexp_extract_all(lower(x), '[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+'), lambda w: upper(w[1]) || w[2:]), '')",
  // Positions before the beginning and lengths below one give nothing.
  "substring_from(x, p) AS CASE WHEN p < 0 AND -p > length(x) THEN '' ELSE substr(x, p) END",
  "substring_of(x, p, n) AS CASE WHEN n <= 0 OR (p < 0 AND -p > length(x)) THEN CASE WHEN x IS NULL OR p IS NULL THEN NULL ELSE '' END ELSE substr(x, p, n) END",
  "split_part(x, d, i) AS CASE WHEN d = '' THEN CASE WHEN i IN (0, 1, -1) THEN x ELSE '' END ELSE split_part(x, d, CASE WHEN i = 0 THEN 1 ELSE i END) END",
  `position_from(needle, x, p) AS CASE WHEN instr(substr(x, CAST(p AS BIGINT)), needle) = 0 THEN 0
     ELSE instr(substr(x, CAST(p AS BIGINT)), needle) + p - 1 END`,

  // Numbers and dates.
  `haversine(a, b, c, d) AS 2 * 6371.0 * asin(sqrt(pow(sin(radians(c - a) / 2), 2) +
     cos(radians(a)) * cos(radians(c)) * pow(sin(radians(d - b) / 2), 2)))`,
  `width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1
     ELSE CAST(floor((x - low) / (high - low) * n) AS BIGINT) + 1 END`,
  "as_instant(t) AS timezone('UTC', CAST(t AS TIMESTAMP))",
  `months_between(a, b) AS CASE
     WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(a) AND CAST(b AS DATE) = last_day(b))
       THEN CAST((year(a) - year(b)) * 12 + month(a) - month(b) AS DOUBLE)
     ELSE (year(a) - year(b)) * 12 + month(a) - month(b) +
       (day(a) - day(b) + (epoch_us(a) % 86400000000 - epoch_us(b) % 86400000000) / 86400000000.0) / 31.0 END`,
];

/** Statements that make the helper macros of emitted SQL, in order; run once for a database, in schema `fn`. */
export const macroDefinitions: readonly string[] = [
  "CREATE SCHEMA IF NOT EXISTS fn",
  ...MACROS.map((body) => `CREATE OR REPLACE MACRO fn.${body}`),
];

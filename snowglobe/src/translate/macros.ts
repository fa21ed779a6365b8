/** What begins the text of an error that a macro or a template raises: `SNOWGLOBE|code|sqlState|message`. */
export const ERROR_MARK = "SNOWGLOBE|";

/**
 * DuckDB text that raises one of Snowflake's errors at run time.
 *
 * @param message DuckDB expression of the message
 */
export function raiseSql(code: string, sqlState: string, message: string): string {
  return `error('${ERROR_MARK}${code}|${sqlState}|' || ${message})`;
}

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

  // Semi-structured values.
  "json_text(j) AS CASE WHEN json_type(j) = 'NULL' THEN NULL ELSE j ->> '$' END",
  `type_of(j) AS CASE WHEN j IS NULL THEN NULL ELSE CASE json_type(j)
     WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'BOOLEAN' THEN 'BOOLEAN' WHEN 'VARCHAR' THEN 'VARCHAR'
     WHEN 'ARRAY' THEN 'ARRAY' WHEN 'OBJECT' THEN 'OBJECT'
     WHEN 'DOUBLE' THEN CASE WHEN regexp_matches(CAST(j AS VARCHAR), '[eE]') THEN 'DOUBLE' ELSE 'DECIMAL' END
     ELSE 'INTEGER' END END`,
  `bad_json(x) AS CASE WHEN x IS NULL OR trim(x) = '' THEN NULL
     ELSE ${raiseSql("100069", "22P02", "'Error parsing JSON: ' || CAST(x AS VARCHAR)")} END`,
  "try_json(x) AS CASE WHEN trim(x) <> '' AND json_valid(x) THEN json(x) ELSE NULL END",
  `json_number(x) AS CASE WHEN x = trunc(x) AND abs(x) < 1e15
     THEN CAST(CAST(CAST(x AS BIGINT) AS VARCHAR) AS JSON) ELSE to_json(x) END`,
  // Trailing zeros of the scale are no part of the value.
  `json_decimal(x) AS CAST(CASE WHEN contains(x, '.') THEN rtrim(rtrim(x, '0'), '.') ELSE x END AS JSON)`,
  // One key of an object, or of nothing else. A quoted path: keys may hold any character.
  `json_key(j, k) AS CASE WHEN json_type(j) = 'OBJECT'
     THEN json_extract(j, '$."' || replace(replace(k, '\\', '\\\\'), '"', '\\"') || '"') ELSE NULL END`,
  // Of keys that differ in case alone the first.
  "json_key_of_any_case(j, k) AS fn.json_key(j, list_filter(json_keys(j), lambda e: lower(e) = lower(k))[1])",
  `json_index(j, i) AS CASE WHEN json_type(j) = 'ARRAY' AND i >= 0
     THEN json_extract(j, '$[' || CAST(CAST(i AS BIGINT) AS VARCHAR) || ']') ELSE NULL END`,
  "json_list(j) AS CAST(json_extract(j, '$[*]') AS JSON[])",
  "list_json(l) AS CAST('[' || array_to_string(list_transform(l, lambda e: coalesce(CAST(e AS VARCHAR), 'null')), ',') || ']' AS JSON)",
  // One struct for each element: what FLATTEN yields.
  `path_key(p, k) AS CASE WHEN regexp_full_match(k, '[A-Za-z_][A-Za-z0-9_]*')
     THEN p || CASE WHEN p = '' THEN '' ELSE '.' END || k ELSE p || '[''' || k || ''']' END`,
  `flatten_list(j, p, mode) AS CASE
     WHEN json_type(j) = 'ARRAY' AND mode <> 'OBJECT' THEN list_transform(fn.json_list(j), lambda v, i:
       {'key': CAST(NULL AS VARCHAR), 'path': p || '[' || CAST(i - 1 AS VARCHAR) || ']', 'idx': CAST(i - 1 AS BIGINT), 'val': v})
     WHEN json_type(j) = 'OBJECT' AND mode <> 'ARRAY' THEN list_transform(json_keys(j), lambda k:
       {'key': k, 'path': fn.path_key(p, k), 'idx': CAST(NULL AS BIGINT), 'val': CAST(fn.json_key(j, k) AS JSON)})
     ELSE [] END`,
  `or_one(l, p) AS CASE WHEN l IS NULL OR len(l) = 0
     THEN [{'key': CAST(NULL AS VARCHAR), 'path': p, 'idx': CAST(NULL AS BIGINT), 'val': CAST(NULL AS JSON)}] ELSE l END`,
  // Elements of elements, down to a hundred levels: ord, the positions on the way down, puts parents before children.
  `flatten_children(e, mode) AS list_transform(fn.flatten_list(e.val, e.path, mode), lambda c, i:
     {'ord': list_append(e.ord, i), 'key': c.key, 'path': c.path, 'idx': c.idx, 'val': c.val, 'this': e.val})`,
  `flatten_levels(root, mode) AS list_transform([fn.flatten_children(root, mode)], lambda first: list_reduce(
     list_prepend({'all': first[1:0], 'last': first}, list_transform(range(100), lambda i: {'all': first[1:0], 'last': first[1:0]})),
     lambda found, level: {'all': list_concat(found.all, found.last),
       'last': flatten(list_transform(found.last, lambda e: fn.flatten_children(e, mode)))}))[1]`,
  `flatten_tree(j, p, mode) AS list_sort(list_transform([fn.flatten_levels({'ord': CAST([] AS BIGINT[]), 'key': CAST(NULL AS VARCHAR),
     'path': p, 'idx': CAST(NULL AS BIGINT), 'val': j, 'this': CAST(NULL AS JSON)}, mode)], lambda found:
     CASE WHEN len(found.last) > 0 THEN ${raiseSql("000002", "0A000", "'Unsupported feature ''FLATTEN RECURSIVE of more than 100 levels''.'")}
     ELSE found.all END)[1])`,
  `tree_or_one(l, p) AS CASE WHEN l IS NULL OR len(l) = 0
     THEN [{'ord': CAST(NULL AS BIGINT[]), 'key': CAST(NULL AS VARCHAR), 'path': p, 'idx': CAST(NULL AS BIGINT),
       'val': CAST(NULL AS JSON), 'this': CAST(NULL AS JSON)}] ELSE l END`,
  "split(x, d) AS CASE WHEN d = '' THEN [x] ELSE string_split(x, d) END",
  `strtok_list(x, d) AS list_filter(
     string_split_regex(x, '[' || regexp_replace(d, '([\\\\\\]\\[^-])', '\\\\\\1', 'g') || ']'), lambda t: t <> '')`,
  // Seconds with six decimals, of a number of microseconds.
  `seconds_text(us) AS (CASE WHEN us < 0 THEN '-' ELSE '' END) || CAST(abs(us) // 1000000 AS VARCHAR) || '.' ||
     lpad(CAST(abs(us) % 1000000 AS VARCHAR), 6, '0')`,
  "text_microseconds(x) AS CAST(CAST(x AS DECIMAL(38,9)) * 1000000 AS BIGINT)",
  `member(k, v, keep) AS CASE WHEN k IS NULL OR (v IS NULL AND NOT keep) THEN NULL
     ELSE CAST(to_json(k) AS VARCHAR) || ':' || coalesce(CAST(v AS VARCHAR), 'null') END`,
  "object_of(l) AS CAST('{' || array_to_string(list_filter(l, lambda e: e IS NOT NULL), ',') || '}' AS JSON)",
  `object_pick(j, keys, keep) AS CASE WHEN json_type(j) = 'OBJECT' THEN fn.object_of(list_transform(
     list_filter(json_keys(j), lambda k: list_contains(keys, k) = keep),
     lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(fn.json_key(j, k) AS VARCHAR))) END`,
  `object_insert(j, k, v, replaces) AS CASE
     WHEN json_type(j) <> 'OBJECT' OR j IS NULL THEN NULL
     WHEN list_contains(json_keys(j), k) AND NOT replaces
       THEN ${raiseSql("100104", "22000", "'Duplicate field key ''' || k || ''''")}
     ELSE fn.object_of(list_append(list_transform(list_filter(json_keys(j), lambda e: e <> k),
       lambda e: CAST(to_json(e) AS VARCHAR) || ':' || CAST(fn.json_key(j, e) AS VARCHAR)), fn.member(k, v, false))) END`,
  "list_unique(l) AS list_filter(l, lambda e, i: list_position(list_transform(l, lambda o: CAST(o AS VARCHAR)), CAST(e AS VARCHAR)) = i)",
  `list_slice(l, a, b) AS list_transform(l, lambda e: e)[
     CAST((CASE WHEN a < 0 THEN len(l) + a ELSE a END) + 1 AS BIGINT):CAST(CASE WHEN b < 0 THEN len(l) + b ELSE b END AS BIGINT)]`,

  // Text.
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

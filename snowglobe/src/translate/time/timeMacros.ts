import { raiseSql } from "../raise";

/** By magnitude: seconds, milliseconds, microseconds or nanoseconds since 1970. Source: "TO_TIMESTAMP". */
const EPOCH_MICROSECONDS = `CASE
  WHEN abs(i) < 31536000000 THEN i * 1000000
  WHEN abs(i) < 31536000000000 THEN i * 1000
  WHEN abs(i) < 31536000000000000 THEN i
  ELSE fn.nanos_as_micros(i) END`;

const DAY = "\\d{4}-\\d{1,2}-\\d{1,2}";
const CLOCK = "([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.]\\d{1,6})?)?";
/** What DuckDB reads by itself, and fast. */
const ISO_TIMESTAMP = `'${DAY}([T ]${CLOCK})?'`;

/** Helper macros of dates and times, in order. */
export const timeMacros: readonly string[] = [
  // TIMESTAMP_TZ: an instant and the offset it was given with.
  `tz_make(utc, minutes) AS CASE WHEN utc IS NULL OR minutes IS NULL THEN NULL
     ELSE {'utc': CAST(utc AS TIMESTAMP), 'offset': CAST(minutes AS SMALLINT)} END`,
  'tz_wall(s) AS s.utc + to_minutes(CAST(s."offset" AS BIGINT))',
  "tz_instant(s) AS timezone('UTC', s.utc)",
  "ltz_to_tz(l, zone) AS fn.tz_make(timezone('UTC', l), date_diff('minute', timezone('UTC', l), timezone(zone, l)))",
  "ntz_to_tz(w, zone) AS fn.ltz_to_tz(timezone(zone, w), zone)",

  // What the host's readers answer: a wall clock in microseconds, and behind a bar an offset in minutes.
  "read_wall(r) AS make_timestamp(CAST(split_part(r, '|', 1) AS BIGINT))",
  "read_offset(r) AS to_minutes(CAST(split_part(r, '|', 2) AS BIGINT))",
  `read_ltz(r, zone) AS CASE WHEN contains(r, '|')
     THEN timezone('UTC', fn.read_wall(r) - fn.read_offset(r)) ELSE timezone(zone, fn.read_wall(r)) END`,
  `read_tz(r, zone) AS CASE WHEN contains(r, '|')
     THEN fn.tz_make(fn.read_wall(r) - fn.read_offset(r), CAST(split_part(r, '|', 2) AS INTEGER))
     ELSE fn.ntz_to_tz(fn.read_wall(r), zone) END`,

  `is_iso(x) AS regexp_full_match(x, ${ISO_TIMESTAMP})`,
  "is_epoch(x) AS regexp_full_match(x, '-?\\d{1,19}')",
  // Never cut silently: what microseconds do not hold is refused.
  `nanos_as_micros(n) AS CASE WHEN n % 1000 <> 0
     THEN ${raiseSql("000002", "0A000", "'Unsupported feature ''nanoseconds: a fraction of a second with more than six digits''.'")} ELSE n // 1000 END`,
  `epoch_timestamp(i) AS make_timestamp(CAST(${EPOCH_MICROSECONDS} AS BIGINT))`,
  // The wall clock, whatever offset the text has.
  `try_ntz(x, digits) AS CASE
     WHEN fn.is_iso(x) THEN TRY_CAST(x AS TIMESTAMP)
     WHEN fn.is_epoch(x) THEN fn.epoch_timestamp(TRY_CAST(x AS BIGINT))
     ELSE fn.read_wall(host_read_auto(x, 'timestamp', digits)) END`,
  `try_ltz(x, zone, digits) AS CASE
     WHEN fn.is_iso(x) THEN timezone(zone, TRY_CAST(x AS TIMESTAMP))
     WHEN fn.is_epoch(x) THEN timezone('UTC', fn.epoch_timestamp(TRY_CAST(x AS BIGINT)))
     ELSE fn.read_ltz(host_read_auto(x, 'timestamp', digits), zone) END`,
  `try_tz(x, zone, digits) AS CASE
     WHEN fn.is_iso(x) THEN fn.ntz_to_tz(TRY_CAST(x AS TIMESTAMP), zone)
     WHEN fn.is_epoch(x) THEN fn.ltz_to_tz(timezone('UTC', fn.epoch_timestamp(TRY_CAST(x AS BIGINT))), zone)
     ELSE fn.read_tz(host_read_auto(x, 'timestamp', digits), zone) END`,
  `try_date(x) AS CASE
     WHEN regexp_full_match(x, '${DAY}') THEN TRY_CAST(x AS DATE)
     WHEN fn.is_epoch(x) THEN CAST(fn.epoch_timestamp(TRY_CAST(x AS BIGINT)) AS DATE)
     ELSE CAST(fn.read_wall(host_read_auto(x, 'date', '0')) AS DATE) END`,
  `try_time(x, digits) AS CASE
     WHEN fn.is_epoch(x) THEN CAST(fn.epoch_timestamp(TRY_CAST(x AS BIGINT)) AS TIME)
     ELSE CAST(fn.read_wall(host_read_auto(CASE WHEN contains(x, ':') THEN x END, 'time', digits)) AS TIME) END`,
  `offset_text(minutes) AS (CASE WHEN minutes < 0 THEN '-' ELSE '+' END) ||
     lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0')`,
  // From 0 for Sunday on, by the position of a name among the days.
  `day_of_week(i, name) AS CASE WHEN i = 0 OR (i IS NULL AND name IS NOT NULL)
     THEN ${raiseSql("100040", "22007", "'Day of week ''' || name || ''' is not recognized'")} ELSE i - 1 END`,
  // The last day of a month stays the last day.
  `add_months(w, n) AS CASE WHEN CAST(w AS DATE) = last_day(w)
     THEN last_day(w + to_months(n)) + CAST(w AS TIME) ELSE w + to_months(n) END`,
  `months_between(a, b) AS CASE
     WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(a) AND CAST(b AS DATE) = last_day(b))
       THEN CAST((year(a) - year(b)) * 12 + month(a) - month(b) AS DOUBLE)
     ELSE (year(a) - year(b)) * 12 + month(a) - month(b) +
       (day(a) - day(b) + (epoch_us(a) % 86400000000 - epoch_us(b) % 86400000000) / 86400000000.0) / 31.0 END`,
];

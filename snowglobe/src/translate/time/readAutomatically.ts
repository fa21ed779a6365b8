import { readTime, type ReadTime } from "./readTime";

const DATES = ["YYYY-MM-DD", "DD-MON-YYYY", "MM/DD/YYYY"];

const ZONES = ["", "TZH:TZM", "TZHTZM", "TZH"];
const ISO_TIMES = ["HH24:MI:SS.FF", "HH24:MI:SS", "HH24:MI"];
const RFC_TIMES = ["HH12:MI:SS.FF AM", "HH12:MI:SS AM", "HH12:MI AM"];

const across = (left: readonly string[], right: readonly string[], between = ""): string[] =>
  left.flatMap((a) => right.map((b) => `${a}${between}${b}`));

const TIMES = [...across(ISO_TIMES, ZONES), ...RFC_TIMES];

const RFC_CLOCKS = ["HH24:MI:SS", "HH24:MI:SS.FF", "HH12:MI:SS AM", "HH12:MI:SS.FF AM"];

const TIMESTAMPS = [
  ...across(across(['YYYY-MM-DD"T"', "YYYY-MM-DD "], ISO_TIMES), ZONES),
  'YYYY-MM-DD"T"HH24',
  "YYYY-MM-DD HH24",
  ...across(["DY, DD MON YYYY "], across(RFC_CLOCKS, ["", " TZHTZM"])),
  "MM/DD/YYYY HH24:MI:SS",
  "DY MON DD HH24:MI:SS TZHTZM YYYY",
];

/** What an ISO timestamp needs of the formats above, by its shape: trying them all costs more than reading it. */
const ISO_SHAPE = /^\d{4}-\d{1,2}-\d{1,2}([T ])\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,9})?)?\s*(Z|[+-]\d{1,2}(:?\d{1,2})?)?$/i;

function isoFormat(text: string): string | undefined {
  const shape = ISO_SHAPE.exec(text);
  if (!shape) return undefined;
  const [, between, seconds, fraction, zone, minutes] = shape;
  const clock = seconds === undefined ? "HH24:MI" : fraction === undefined ? "HH24:MI:SS" : "HH24:MI:SS.FF";
  const offset = zone === undefined ? "" : minutes?.startsWith(":") ? "TZH:TZM" : minutes ? "TZHTZM" : "TZH";
  return `YYYY-MM-DD${between === " " ? " " : '"T"'}${clock}${offset}`;
}

const FORMATS = { date: DATES, time: TIMES, timestamp: [...TIMESTAMPS, ...DATES] } as const;

/**
 * A text in any of the formats that Snowflake detects, undefined where it is in none. A date is read from a timestamp,
 * too, and so is a time. Source: "Supported formats for AUTO detection".
 */
export function readAutomatically(text: string, kind: keyof typeof FORMATS): ReadTime | undefined {
  const trimmed = text.trim();
  const iso = kind === "timestamp" ? isoFormat(trimmed) : undefined;
  if (iso !== undefined) return readTime(trimmed, iso);
  for (const format of FORMATS[kind]) {
    const read = readTime(trimmed, format);
    if (read) return read;
  }
  return kind === "timestamp" ? undefined : readAutomatically(text, "timestamp");
}

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

const FORMATS = { date: DATES, time: TIMES, timestamp: [...TIMESTAMPS, ...DATES] } as const;

/**
 * A text in any of the formats that Snowflake detects, undefined where it is in none. A date is read from a timestamp,
 * too, and so is a time. Source: "Supported formats for AUTO detection".
 */
export function readAutomatically(text: string, kind: keyof typeof FORMATS): ReadTime | undefined {
  for (const format of FORMATS[kind]) {
    const read = readTime(text.trim(), format);
    if (read) return read;
  }
  return kind === "timestamp" ? undefined : readAutomatically(text, "timestamp");
}

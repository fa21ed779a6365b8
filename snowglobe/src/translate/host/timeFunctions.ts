import { unsupported } from "../../errors";
import type { HostFunction } from "../../storage";
import { readAutomatically } from "../time/readAutomatically";
import { readTime, type ReadTime } from "../time/readTime";
import { writeTime } from "../time/writeTime";

/**
 * Microseconds, and behind a bar the offset in minutes where there is one; see the macros `read_wall` and so on.
 *
 * @param digits of a fraction that the value is to keep; what lies behind them is cut
 * @throws SnowflakeError Unsupported feature for a value that microseconds do not hold: it is never cut silently
 */
function readText(read: ReadTime | undefined, digits: string): string | null {
  if (!read) return null;
  const kept = Number(digits) > STORED_DIGITS ? Math.floor(read.nanos / 10 ** (ALL_DIGITS - Number(digits))) : 0;
  if (kept !== 0) throw unsupported("nanoseconds: a fraction of a second with more than six digits");
  return read.offset === undefined ? String(read.micros) : `${read.micros}|${read.offset}`;
}

/** Digits of a fraction of a second that are stored, and that there may be. */
const STORED_DIGITS = 6;
const ALL_DIGITS = 9;

/** Readers and writers of dates and times in Snowflake's formats. */
export const timeFunctions: readonly HostFunction[] = [
  {
    name: "host_read_time",
    parameters: 4,
    call: (text, format, centuryStart, digits) =>
      readText(readTime(text.trim(), format.trim(), Number(centuryStart)), digits),
  },
  {
    name: "host_read_auto",
    parameters: 3,
    call: (text, kind, digits) => readText(readAutomatically(text, kind as "date" | "time" | "timestamp"), digits),
  },
  {
    name: "host_write_time",
    parameters: 3,
    call: (micros, offset, format) => writeTime(BigInt(micros), Number(offset), format),
  },
];

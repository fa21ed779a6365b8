import type { HostFunction } from "../../storage";
import { readAutomatically } from "../time/readAutomatically";
import { readTime, type ReadTime } from "../time/readTime";
import { writeTime } from "../time/writeTime";

/** Microseconds, and behind a bar the offset in minutes where there is one; see the macros `read_wall` and so on. */
function readText(read: ReadTime | undefined): string | null {
  if (!read) return null;
  return read.offset === undefined ? String(read.micros) : `${read.micros}|${read.offset}`;
}

/** Readers and writers of dates and times in Snowflake's formats. */
export const timeFunctions: readonly HostFunction[] = [
  {
    name: "host_read_time",
    parameters: 3,
    call: (text, format, centuryStart) => readText(readTime(text.trim(), format.trim(), Number(centuryStart))),
  },
  {
    name: "host_read_auto",
    parameters: 2,
    call: (text, kind) => readText(readAutomatically(text, kind as "date" | "time" | "timestamp")),
  },
  {
    name: "host_write_time",
    parameters: 3,
    call: (micros, offset, format) => writeTime(BigInt(micros), Number(offset), format),
  },
];

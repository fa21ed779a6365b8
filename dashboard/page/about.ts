import type { Envelope } from "../snapshot";
import { formatSeconds, TIME_ZONE } from "./format";

/** Seconds by which two clocks may differ without a word. */
const TOLERANCE = 60;

/** What is watched, the time zone of all times on the page, and whether Snowflake's clock is another one than the reader's. */
export function aboutText({ label, now }: Envelope & { readonly now?: string }, here: number = Date.now()): string {
  const ahead = now === undefined ? 0 : (Date.parse(now) - here) / 1000;
  const clock =
    Math.abs(ahead) < TOLERANCE
      ? []
      : [`its clock is ${formatSeconds(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} this computer's`];
  return [label, `times in ${TIME_ZONE}`, ...clock].join(" · ");
}

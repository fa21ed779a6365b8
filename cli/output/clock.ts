import { formatSeconds } from "./terminal";

/** Seconds by which two clocks may differ without a word. */
const TOLERANCE = 60;

/**
 * Says that snowglobe's clock is ahead of this computer's, as after `scenario --fast`.
 *
 * @param now ISO 8601, by snowglobe's clock
 * @param here milliseconds, by this computer's
 * @returns undefined where the two agree
 */
export function clockNote(now: string, here: number = Date.now()): string | undefined {
  const ahead = (Date.parse(now) - here) / 1000;
  if (!(ahead >= TOLERANCE)) return undefined;
  return `its clock is ${formatSeconds(1000 * ahead)} ahead of this computer's, since --fast moved it: times are by it`;
}

import { IANAZone } from "luxon";

/** Whether a name is one of the time zone database, as the TIMEZONE parameter takes it. */
export function isTimezone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

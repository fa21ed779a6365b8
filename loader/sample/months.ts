/** A calendar month as the count of months since January of year 0. */
export type Month = number;

const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** @param month 1 to 12 */
export function monthOf(year: number, month: number): Month {
  return year * 12 + month - 1;
}

/** As the file writes it: `Dec-2011`. */
export function monthText(month: Month): string {
  return `${NAMES[month % 12]}-${Math.floor(month / 12)}`;
}

/** Reads `Dec-2011`; undefined when it is no such month. */
export function parseMonth(text: string): Month | undefined {
  const match = /^([A-Z][a-z]{2})-(\d{4})$/.exec(text);
  const index = match ? NAMES.indexOf(match[1] as (typeof NAMES)[number]) : -1;
  return match && index >= 0 ? Number(match[2]) * 12 + index : undefined;
}

/** A day of the month as borrowers' notes show it: `12/22/11`. */
export function dayText(month: Month, day: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two((month % 12) + 1)}/${two(day)}/${two(Math.floor(month / 12) % 100)}`;
}

import { type Field, formatElements } from "./formatElements";
import { DAYS, MONTHS, SHORT_NAME } from "./names";

const two = (value: number): string => String(value).padStart(2, "0");

/**
 * A wall clock in a format. Source: "Date and time input and output formats".
 *
 * @param micros microseconds since 1970
 * @param offset minutes east of UTC
 */
export function writeTime(micros: bigint, offset: number, format: string): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - fraction) / 1000n));
  return formatElements(format)
    .map((element) => {
      switch (element.kind) {
        case "text":
          return element.text;
        case "fraction":
          return `${String(fraction).padStart(6, "0")}000`.slice(0, element.digits);
        case "zone":
          return zoneText(offset, element.part);
        case "field":
          return fieldText(date, element.field);
      }
    })
    .join("");
}

function zoneText(offset: number, part: "both" | "hours" | "minutes"): string {
  const minutes = two(Math.abs(offset) % 60);
  const hours = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}`;
  return part === "both" ? hours + minutes : part === "hours" ? hours : minutes;
}

function fieldText(date: Date, field: Field): string {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const hour = date.getUTCHours();
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const half = hour < 12 ? "AM" : "PM";
  switch (field) {
    case "YYYY":
    case "UUUU":
      return String(year).padStart(4, "0");
    case "YY":
      return two(year % 100);
    case "Y":
      return String(year % 100);
    case "MM":
      return two(month + 1);
    case "MO":
      return String(month + 1);
    case "MON":
      return MONTHS[month]!.slice(0, SHORT_NAME);
    case "MMMM":
      return MONTHS[month]!;
    case "DD":
      return two(date.getUTCDate());
    case "D":
      return String(date.getUTCDate());
    case "DY":
      return DAYS[date.getUTCDay()]!.slice(0, SHORT_NAME);
    case "HH24":
      return two(hour);
    case "H24":
      return String(hour);
    case "HH12":
      return two(hour12);
    case "H12":
      return String(hour12);
    case "AM":
      return half;
    case "P":
      return half.slice(0, 1);
    case "MI":
      return two(date.getUTCMinutes());
    case "ME":
      return String(date.getUTCMinutes());
    case "SS":
      return two(date.getUTCSeconds());
    case "S":
      return String(date.getUTCSeconds());
  }
}

import { type Field, type FormatElement, formatElements } from "./formatElements";
import { DAYS, MONTHS, SHORT_NAME } from "./names";

/** What a text says: a wall clock in microseconds since 1970, and minutes east of UTC where it names an offset. */
export interface ReadTime {
  readonly micros: bigint;
  /** Beyond the microseconds: 0 to 999. */
  readonly nanos: number;
  readonly offset?: number;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  afternoon?: boolean;
  zoneSign: number;
  zoneHours?: number;
  zoneMinutes?: number;
}

/** Years of two digits from this one on belong to the 20th century. Source: TWO_DIGIT_CENTURY_START's default. */
const CENTURY_START = 1970;
const MAX_ZONE_HOURS = 14;

const parsed = new Map<string, readonly FormatElement[]>();
const KNOWN_FORMATS = 1000;

function elementsOf(format: string): readonly FormatElement[] {
  let elements = parsed.get(format);
  if (!elements) {
    if (parsed.size >= KNOWN_FORMATS) parsed.clear();
    elements = formatElements(format);
    parsed.set(format, elements);
  }
  return elements;
}

/**
 * A text read by a format; undefined where it does not fit. White space may stand before any element, and must stand
 * where the format has it.
 *
 * @param centuryStart see TWO_DIGIT_CENTURY_START
 *
 * Source: "Date and time input and output formats".
 */
export function readTime(text: string, format: string, centuryStart = CENTURY_START): ReadTime | undefined {
  const reader = new TimeReader(text, centuryStart);
  return reader.read(elementsOf(format));
}

class TimeReader {
  private at = 0;
  private readonly parts: Parts = {
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    zoneSign: 1,
  };

  constructor(
    private readonly text: string,
    private readonly centuryStart: number,
  ) {}

  read(elements: readonly FormatElement[]): ReadTime | undefined {
    for (const element of elements) if (!this.element(element)) return undefined;
    this.space();
    return this.at === this.text.length ? this.result() : undefined;
  }

  private space(): boolean {
    const start = this.at;
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at += 1;
    return this.at > start;
  }

  private element(element: FormatElement): boolean {
    switch (element.kind) {
      case "text":
        return [...element.text].every((letter) => this.literal(letter));
      case "fraction":
        return this.fraction(element.digits);
      case "zone":
        this.space();
        return this.zone(element.part);
      case "field":
        this.space();
        return this.field(element.field);
    }
  }

  private literal(letter: string): boolean {
    if (letter === " ") return this.space() || /\s/.test(this.text[this.at - 1] ?? "");
    if (this.text[this.at]?.toUpperCase() !== letter.toUpperCase()) return false;
    this.at += 1;
    return true;
  }

  /** A whole number of at most so many digits. */
  private digits(most: number): number | undefined {
    const start = this.at;
    while (this.at - start < most && this.text[this.at]! >= "0" && this.text[this.at]! <= "9") this.at += 1;
    return this.at === start ? undefined : Number(this.text.slice(start, this.at));
  }

  private fraction(most: number): boolean {
    const start = this.at;
    const value = this.digits(most);
    if (value === undefined) return most === 0;
    this.parts.nanos = value * 10 ** (9 - (this.at - start));
    return true;
  }

  private zone(part: "both" | "hours" | "minutes"): boolean {
    if (part === "minutes") {
      if (this.parts.zoneHours === 0 && /z/i.test(this.text[this.at - 1] ?? "")) return true;
      return this.set("zoneMinutes", this.digits(2), 0, 59);
    }
    if (/z/i.test(this.text[this.at] ?? "")) {
      this.at += 1;
      this.parts.zoneHours = 0;
      return true;
    }
    const sign = this.text[this.at];
    if (sign === "+" || sign === "-") {
      this.at += 1;
      this.parts.zoneSign = sign === "-" ? -1 : 1;
    }
    if (!this.set("zoneHours", this.digits(2), 0, MAX_ZONE_HOURS)) return false;
    return part === "hours" || this.set("zoneMinutes", this.digits(2), 0, 59);
  }

  private set(
    part: "year" | "month" | "day" | "hour" | "minute" | "second" | "zoneHours" | "zoneMinutes",
    value: number | undefined,
    least: number,
    most: number,
  ): boolean {
    if (value === undefined || value < least || value > most) return false;
    this.parts[part] = value;
    return true;
  }

  private field(field: Field): boolean {
    switch (field) {
      case "YYYY":
        return this.set("year", this.digits(4), 0, 9999);
      case "UUUU": {
        const negative = this.text[this.at] === "-";
        if (negative) this.at += 1;
        const year = this.digits(4);
        return this.set("year", year === undefined ? undefined : negative ? -year : year, -9999, 9999);
      }
      case "YY":
      case "Y":
        return this.set("year", this.shortYear(this.digits(2)), 0, 9999);
      case "MM":
      case "MO":
        return this.set("month", this.digits(2), 1, 12);
      case "MON":
      case "MMMM":
        return this.set("month", this.name(MONTHS), 1, 12);
      case "DD":
      case "D":
        return this.set("day", this.digits(2), 1, 31);
      case "DY":
        return this.name(DAYS) !== undefined;
      case "HH24":
      case "H24":
        return this.set("hour", this.digits(2), 0, 23);
      case "HH12":
      case "H12":
        return this.set("hour", this.digits(2), 1, 12);
      case "MI":
      case "ME":
        return this.set("minute", this.digits(2), 0, 59);
      case "SS":
      case "S":
        return this.set("second", this.digits(2), 0, 59);
      case "AM":
      case "P":
        return this.halfOfDay(field === "AM" ? 2 : 1);
    }
  }

  private shortYear(year: number | undefined): number | undefined {
    if (year === undefined) return undefined;
    const century = Math.floor(this.centuryStart / 100) * 100;
    return century + year < this.centuryStart ? century + year + 100 : century + year;
  }

  /** A name or its first three letters: its number, from 1. */
  private name(names: readonly string[]): number | undefined {
    const rest = this.text.slice(this.at, this.at + 9).toLowerCase();
    for (const [i, name] of names.entries()) {
      for (const form of [name, name.slice(0, SHORT_NAME)]) {
        if (!rest.startsWith(form.toLowerCase())) continue;
        this.at += form.length;
        return i + 1;
      }
    }
    return undefined;
  }

  private halfOfDay(length: number): boolean {
    const word = this.text.slice(this.at, this.at + length).toUpperCase();
    if (word !== "AM".slice(0, length) && word !== "PM".slice(0, length)) return false;
    this.at += length;
    this.parts.afternoon = word.startsWith("P");
    return true;
  }

  private result(): ReadTime | undefined {
    const { year, month, day, minute, second, nanos, afternoon } = this.parts;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1) return undefined;
    const hour = afternoon === undefined ? this.parts.hour : (this.parts.hour % 12) + (afternoon ? 12 : 0);
    const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second);
    const micros = seconds * 1_000_000n + BigInt(Math.floor(nanos / 1000));
    const { zoneHours, zoneMinutes = 0, zoneSign } = this.parts;
    const read = { micros, nanos: nanos % 1000 };
    return zoneHours === undefined ? read : { ...read, offset: zoneSign * (zoneHours * 60 + zoneMinutes) };
  }
}

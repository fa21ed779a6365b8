import { unsupported } from "../../errors";

/** Where a sign stands. `floating`: right before the first digit; `fixed`: where the element stands. */
type SignPlace = "default" | "S before" | "S after" | "MI before" | "MI after";

type WholePlace = "9" | "0" | ",";

/** A fixed-position format of a number. Source: "SQL format models". */
export interface FixedModel {
  readonly kind: "fixed";
  /** `9`, `0` and separators of the whole part, left to right. */
  readonly whole: readonly WholePlace[];
  /** Hexadecimal digits, in the case of this letter. */
  readonly hex?: "X" | "x";
  /** Digits behind the point; absent: no point. */
  readonly fraction?: readonly ("9" | "0")[];
  readonly sign: SignPlace;
  readonly currency: boolean;
  readonly percent: boolean;
  /** Zero before the point is a blank. */
  readonly blankZero: boolean;
  /** FM: without the blanks that keep columns aligned. */
  readonly compact: boolean;
  readonly before: string;
  readonly after: string;
}

/** As many digits as the number has. */
export interface MinimalModel {
  readonly kind: "minimal";
  readonly scientific: boolean;
  readonly sign: SignPlace;
  readonly currency: boolean;
  readonly percent: boolean;
  readonly before: string;
  readonly after: string;
}

export type NumberModel = FixedModel | MinimalModel;

const LITERALS = ";:-=/()";

/** @throws SnowflakeError Unsupported feature for elements that this server has not */
export function numberModel(format: string): NumberModel {
  const reader = new ModelReader(format);
  return reader.read();
}

class ModelReader {
  private at = 0;
  private readonly whole: WholePlace[] = [];
  private hex: "X" | "x" | undefined;
  private fraction: ("9" | "0")[] | undefined;
  private minimal: "TM9" | "TME" | undefined;
  private sign: SignPlace = "default";
  private currency = false;
  private percent = false;
  private blankZero = false;
  private compact = false;
  private before = "";
  private after = "";

  constructor(private readonly format: string) {}

  read(): NumberModel {
    while (this.at < this.format.length) this.element();
    const { sign, currency, percent } = this;
    if (this.minimal) {
      if (this.started()) throw this.refused();
      const { before, after } = this;
      return { kind: "minimal", scientific: this.minimal === "TME", sign, currency, percent, before, after };
    }
    if (!this.started()) throw this.refused();
    return {
      kind: "fixed",
      whole: this.whole,
      ...(this.hex && { hex: this.hex }),
      ...(this.fraction && { fraction: this.fraction }),
      sign,
      currency,
      percent,
      blankZero: this.blankZero,
      compact: this.compact,
      before: this.before,
      after: this.after,
    };
  }

  private refused(): Error {
    return unsupported(`number format '${this.format}'`);
  }

  private started(): boolean {
    return this.whole.length > 0 || this.fraction !== undefined;
  }

  private take(...spellings: readonly string[]): boolean {
    const upper = this.format.slice(this.at).toUpperCase();
    const found = spellings.find((spelling) => upper.startsWith(spelling));
    if (found !== undefined) this.at += found.length;
    return found !== undefined;
  }

  private element(): void {
    if (this.take("FM")) this.compact = !this.compact;
    else if (this.take("FX")) throw this.refused();
    else if (this.take("TM9", "TME", "TM")) {
      this.minimal = this.format.slice(this.at - 3, this.at).toUpperCase() === "TME" ? "TME" : "TM9";
      if (this.format[this.at] === "(") throw this.refused();
    } else if (this.take("MI")) this.sign = this.started() || this.minimal ? "MI after" : "MI before";
    else if (this.take("S")) this.sign = this.started() || this.minimal ? "S after" : "S before";
    else if (this.take("$")) this.currency = true;
    else if (this.take("B")) this.blankZero = true;
    else if (this.take("_")) return;
    else if (this.digit() || this.separator()) return;
    else if (this.take("%")) {
      this.percent = true;
      this.literal("%");
    } else if (this.format[this.at] === '"') this.quoted();
    else if (LITERALS.includes(this.format[this.at]!)) {
      this.literal(this.format[this.at]!);
      this.at += 1;
    } else throw this.refused();
  }

  private digit(): boolean {
    const letter = this.format[this.at];
    if (letter === "X" || letter === "x") {
      if (this.fraction || (!this.hex && this.whole.includes("9")) || this.currency || this.percent)
        throw this.refused();
      this.hex ??= letter;
    }
    const digit = letter === "0" ? "0" : letter === "9" || letter?.toUpperCase() === "X" ? "9" : undefined;
    if (digit === undefined) return false;
    if (this.after !== "" || (this.hex && letter === "9")) throw this.refused();
    this.at += 1;
    if (this.fraction) this.fraction.push(digit);
    else this.whole.push(digit);
    return true;
  }

  private separator(): boolean {
    if (this.take(",", "G")) {
      if (this.fraction) throw this.refused();
      if (this.whole.length > 0) this.whole.push(",");
      else this.literal(",");
      return true;
    }
    if (this.take(".", "D")) {
      if (this.fraction || this.hex) throw this.refused();
      this.fraction = [];
      return true;
    }
    return false;
  }

  private quoted(): void {
    const end = this.format.indexOf('"', this.at + 1);
    if (end < 0) throw this.refused();
    this.literal(this.format.slice(this.at + 1, end));
    this.at = end + 1;
  }

  private literal(text: string): void {
    if (this.started() || this.minimal) this.after += text;
    else this.before += text;
  }
}

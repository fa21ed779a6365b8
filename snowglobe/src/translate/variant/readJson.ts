import { SnowflakeError } from "../../errors";
import { storedNumber } from "./numberText";
import { compareKeys, quoteJson } from "./quoteJson";
import { tagged, UNDEFINED_ELEMENT } from "./tags";

/** Nesting that is read; deeper documents are refused before they exhaust the stack. */
const MAX_DEPTH = 1000;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Words, in any case, that stand for values. */
const WORDS: Readonly<Record<string, string>> = {
  true: "true",
  false: "false",
  null: "null",
  undefined: UNDEFINED_ELEMENT,
  nan: tagged("DOUBLE", "NaN"),
  inf: tagged("DOUBLE", "inf"),
  infinity: tagged("DOUBLE", "inf"),
  "-inf": tagged("DOUBLE", "-inf"),
  "-infinity": tagged("DOUBLE", "-inf"),
};

/**
 * A JSON document as PARSE_JSON takes it, in the stored form of a VARIANT. Besides JSON it takes keys without quotes,
 * texts in single quotes, words in any case, NaN, and array elements that are left out (undefined).
 *
 * @param duplicates whether the last of several members of one name counts, instead of an error
 * @returns undefined for a text of nothing but white space
 * @throws SnowflakeError 100069
 *
 * Source: "PARSE_JSON".
 */
export function readJson(text: string, duplicates = false): string | undefined {
  const reader = new JsonReader(text, duplicates);
  return reader.document();
}

class JsonReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly duplicates: boolean,
  ) {}

  document(): string | undefined {
    this.space();
    if (this.at >= this.text.length) return undefined;
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.error("more than one document in the input");
    return value;
  }

  private error(what: string): SnowflakeError {
    return new SnowflakeError("100069", "22P02", `Error parsing JSON: ${what}, pos ${this.at}`);
  }

  private space(): void {
    while (this.at < this.text.length && " \t\r\n\f\v\uFEFF".includes(this.text[this.at]!)) this.at += 1;
  }

  private value(depth: number): string {
    if (depth > MAX_DEPTH) throw this.error("document is nested too deeply");
    this.space();
    const first = this.text[this.at];
    if (first === undefined) throw this.error("unexpected end of input");
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"' || first === "'") return quoteJson(this.quoted(first));
    return this.number() ?? this.word();
  }

  private object(depth: number): string {
    const members = new Map<string, string>();
    this.at += 1;
    for (;;) {
      this.space();
      if (this.text[this.at] === "}") break;
      const key = this.key();
      if (members.has(key) && !this.duplicates) throw this.error(`duplicate object attribute ${quoteJson(key)}`);
      this.space();
      if (this.text[this.at] !== ":") throw this.error("missing colon");
      this.at += 1;
      const value = this.value(depth + 1);
      if (value === UNDEFINED_ELEMENT) members.delete(key);
      else members.set(key, value);
      this.space();
      if (this.text[this.at] === ",") this.at += 1;
      else if (this.text[this.at] !== "}") throw this.error(this.ended() ? "incomplete object value" : "missing comma");
    }
    this.at += 1;
    const keys = [...members.keys()].sort(compareKeys);
    return `{${keys.map((key) => `${quoteJson(key)}:${members.get(key)!}`).join(",")}}`;
  }

  private key(): string {
    const first = this.text[this.at];
    if (first === '"' || first === "'") return this.quoted(first);
    const start = this.at;
    while (this.at < this.text.length && /[\w$\u0080-\uFFFF]/.test(this.text[this.at]!)) this.at += 1;
    if (this.at === start) throw this.error(this.ended() ? "incomplete object value" : "invalid object attribute");
    return this.text.slice(start, this.at);
  }

  private array(depth: number): string {
    const elements: string[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === "]") {
      this.at += 1;
      return "[]";
    }
    for (;;) {
      this.space();
      const next = this.text[this.at];
      elements.push(next === "," || next === "]" ? UNDEFINED_ELEMENT : this.value(depth + 1));
      this.space();
      if (this.text[this.at] === "]") break;
      if (this.text[this.at] !== ",") throw this.error(this.ended() ? "incomplete array value" : "missing comma");
      this.at += 1;
    }
    this.at += 1;
    return `[${elements.join(",")}]`;
  }

  private ended(): boolean {
    return this.at >= this.text.length;
  }

  private quoted(quote: string): string {
    let made = "";
    this.at += 1;
    for (;;) {
      let end = this.at;
      while (end < this.text.length && this.text[end] !== quote && this.text[end] !== "\\") end += 1;
      made += this.text.slice(this.at, end);
      this.at = end;
      if (this.ended()) throw this.error("unfinished string");
      if (this.text[end] === quote) break;
      made += this.escape();
    }
    this.at += 1;
    return made;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    if (letter === "u") {
      const code = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(code)) throw this.error("bad unicode escape sequence");
      this.at += 6;
      return String.fromCharCode(parseInt(code, 16));
    }
    if (this.at + 1 >= this.text.length) throw this.error("unfinished string");
    this.at += 2;
    return ESCAPES[letter] ?? letter;
  }

  private number(): string | undefined {
    const pattern = /([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    const [all = "", sign = "", whole = "", fraction = "", exponent = ""] = match ?? [];
    if (whole === "" && fraction === "") return undefined;
    if (!Number.isFinite(Number(all))) throw this.error("number out of range");
    this.at += all.length;
    return storedNumber(sign === "-" ? "-" : "", whole, fraction, exponent);
  }

  private word(): string {
    const pattern = /-?[A-Za-z_]\w*/y;
    pattern.lastIndex = this.at;
    const word = pattern.exec(this.text)?.[0];
    if (word === undefined) throw this.error(`unexpected character '${this.text[this.at]!}'`);
    const value = Object.hasOwn(WORDS, word.toLowerCase()) ? WORDS[word.toLowerCase()] : undefined;
    if (value === undefined) throw this.error(`unknown keyword "${word}"`);
    this.at += word.length;
    return value;
  }
}

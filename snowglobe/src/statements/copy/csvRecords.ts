import { unsupported } from "../../errors";
import { lineBreaks, type DataRecord, type RecordFault, type RecordParser } from "./dataRecord";

/** How delimited text is cut into records and fields. Source: "CREATE FILE FORMAT", TYPE = CSV. */
export interface CsvDialect {
  /** null: a record is one field. */
  readonly fieldDelimiter: string | null;
  /** `\n` also ends a record as `\r\n`, and then a lone `\r` is data. */
  readonly recordDelimiter: string;
  readonly quote: string | null;
  /** ESCAPE: in quoted and in bare fields. */
  readonly escape: string | null;
  /** ESCAPE_UNENCLOSED_FIELD: in bare fields only. */
  readonly escapeUnenclosed: string | null;
  readonly emptyAsNull: boolean;
  readonly skipBlankLines: boolean;
  /** Lines before the first record. */
  readonly skipHeader: number;
  /** Blanks and tabs around fields, and around their quotes, are no data. */
  readonly trimSpace: boolean;
  readonly nullIf: readonly string[];
}

interface MutableRecord {
  fields: (string | null)[];
  starts: number[];
  fault?: RecordFault;
  end: number;
  next: number;
}

/** Cuts delimited text into records. */
export class CsvParser implements RecordParser {
  private text = "";
  private at = 0;
  private line = 1;
  private number = 0;
  private linesToSkip: number;

  /** By character code: what may end a field or begin an escape. */
  private readonly special: readonly boolean[];

  constructor(private readonly dialect: CsvDialect) {
    const { fieldDelimiter, recordDelimiter, escape, escapeUnenclosed } = dialect;
    const begins = [fieldDelimiter, recordDelimiter, escape, escapeUnenclosed, "\r"].map((one) => one?.charCodeAt(0));
    this.special = Array.from({ length: 128 }, (_, code) => begins.includes(code));
    this.linesToSkip = dialect.skipHeader;
  }

  /** @returns the records that are complete now */
  push(piece: string): DataRecord[] {
    this.text = this.text.slice(this.at) + piece;
    this.at = 0;
    return this.records(false);
  }

  /** @returns what is left at the end of the file */
  end(): DataRecord[] {
    return this.records(true);
  }

  private records(final: boolean): DataRecord[] {
    const found: DataRecord[] = [];
    if (!this.skipLines()) return found;
    while (this.at < this.text.length) {
      const record = this.record(this.at, final);
      if (!record) break;
      const text = this.text.slice(this.at, record.end);
      const line = this.line;
      this.line += lineBreaks(this.text, this.at, record.next);
      this.at = record.next;
      if (text === "" && this.dialect.skipBlankLines) continue;
      this.number += 1;
      const { fields, starts, fault } = record;
      found.push({ number: this.number, line, text, fields, starts, ...(fault && { fault }) });
    }
    return found;
  }

  /** SKIP_HEADER counts lines, whatever quotes they hold. */
  private skipLines(): boolean {
    while (this.linesToSkip > 0) {
      const end = this.text.indexOf("\n", this.at);
      if (end < 0) {
        this.at = this.text.length;
        return false;
      }
      this.at = end + 1;
      this.line += 1;
      this.linesToSkip -= 1;
    }
    return true;
  }

  /** One record from an offset on; undefined when the text ends before it does. */
  private record(from: number, final: boolean): MutableRecord | undefined {
    const made: MutableRecord = { fields: [], starts: [], end: 0, next: 0 };
    let at = from;
    for (;;) {
      if (this.dialect.trimSpace) at = this.pastBlanks(at);
      made.starts.push(at - from);
      const enclosed = this.dialect.quote !== null && this.text.startsWith(this.dialect.quote, at);
      const field = enclosed ? this.enclosed(at) : this.bare(at);
      at = this.dialect.trimSpace && enclosed ? this.pastBlanks(field.end) : field.end;
      made.fields.push(field.value);
      const delimiter = this.fieldDelimiterAt(at);
      if (delimiter > 0) {
        at += delimiter;
        continue;
      }
      if (field.open) made.fault = { kind: "open quote", offset: made.starts.at(-1)!, field: made.fields.length - 1 };
      let recordEnd = this.recordEndAt(at);
      if (recordEnd === 0 && at < this.text.length) {
        made.fault = { kind: "after quote", offset: at - from, field: made.fields.length - 1 };
        while (at < this.text.length && recordEnd === 0) recordEnd = this.recordEndAt((at += 1));
      }
      if (recordEnd === 0 && !final) return undefined;
      made.end = at;
      made.next = at + recordEnd;
      return made;
    }
  }

  private enclosed(from: number): { value: string; end: number; open: boolean } {
    const { escape } = this.dialect;
    const quote = this.dialect.quote!;
    let value = "";
    let at = from + 1;
    let run = at;
    while (at < this.text.length) {
      const character = this.text[at]!;
      if (character === quote) {
        value += this.text.slice(run, at);
        if (this.text[at + 1] !== quote) return { value, end: at + 1, open: false };
        run = at + 1;
        at += 2;
      } else if (character === escape) {
        value += this.text.slice(run, at);
        run = at + 1;
        at += 2;
        if (at <= this.text.length) value += this.escaped(escape, run, "ESCAPE");
        run = at;
      } else at += 1;
    }
    return { value: value + this.text.slice(run, at), end: this.text.length, open: true };
  }

  private bare(from: number): { value: string | null; end: number; open: boolean } {
    const { escape, escapeUnenclosed } = this.dialect;
    let value = "";
    let run = from;
    let at = from;
    while (at < this.text.length) {
      if (!this.isSpecial(this.text.charCodeAt(at))) {
        at += 1;
        continue;
      }
      if (this.fieldDelimiterAt(at) > 0 || this.recordEndAt(at) > 0) break;
      const character = this.text[at]!;
      if ((character !== escape && character !== escapeUnenclosed) || at + 1 >= this.text.length) {
        at += 1;
        continue;
      }
      value += this.text.slice(run, at);
      const name = character === escapeUnenclosed ? "ESCAPE_UNENCLOSED_FIELD" : "ESCAPE";
      value += this.escaped(character, at + 1, name);
      at += 2;
      run = at;
    }
    value += this.text.slice(run, at);
    if (this.dialect.trimSpace) value = value.trim();
    return { value: value === "" && this.dialect.emptyAsNull ? null : value, end: at, open: false };
  }

  /** What an escaped character stands for: delimiters, quotes and the escape itself are taken as they are. */
  private escaped(escape: string, at: number, option: string): string {
    const { fieldDelimiter, recordDelimiter, quote, nullIf } = this.dialect;
    const character = this.text[at]!;
    if (nullIf.includes(escape + character)) return escape + character;
    const special = [fieldDelimiter?.[0], recordDelimiter[0], "\r", "\n", quote, escape];
    if (special.includes(character)) return character;
    throw unsupported(
      `escape sequence ${escape}${character} in a file; to read ${escape} as it stands, give the file format ${option} = NONE`,
    );
  }

  private pastBlanks(from: number): number {
    let at = from;
    while ((this.text[at] === " " || this.text[at] === "\t") && this.fieldDelimiterAt(at) === 0) at += 1;
    return at;
  }

  private isSpecial(code: number): boolean {
    return code < 128 ? this.special[code]! : true;
  }

  private fieldDelimiterAt(at: number): number {
    const { fieldDelimiter } = this.dialect;
    return fieldDelimiter !== null && this.text.startsWith(fieldDelimiter, at) ? fieldDelimiter.length : 0;
  }

  /** Length of the record delimiter at an offset; 0 where there is none. */
  private recordEndAt(at: number): number {
    const { recordDelimiter } = this.dialect;
    if (recordDelimiter !== "\n") return this.text.startsWith(recordDelimiter, at) ? recordDelimiter.length : 0;
    const character = this.text.charCodeAt(at);
    if (character === 10) return 1;
    return character === 13 && this.text.charCodeAt(at + 1) === 10 ? 2 : 0;
  }
}

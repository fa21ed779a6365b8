import type { CsvDialect } from "./csvRecords";

const NEWLINE = 10;
const RETURN = 13;
const NONE = -1;

/** The one byte of an option, NONE where it is not given. */
function byteOf(text: string | null): number {
  return text === null || text === "" ? NONE : text.charCodeAt(0);
}

/**
 * Finds what DuckDB's reader takes otherwise than Snowflake: it drops blank lines, blanks around quotes, and one surplus
 * delimiter at a line's end; it knows no escapes in bare fields. One pass over the bytes, with quotes kept in mind, so that
 * text which only looks so within quotes raises no alarm. A false alarm would only cost time.
 */
export class PlainText {
  private plain = true;
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly escape: number;
  private readonly escapeUnenclosed: number;
  private headerLines: number;

  private quoted = false;
  /** The byte before was a quote that may have closed a field, or be the first of two. */
  private closed = false;
  /** The byte before was a carriage return. */
  private returned = false;
  /** Nothing of the field, and of the record, has come yet. */
  private fieldStart = true;
  private recordStart = true;
  private delimiters = 0;

  /** @param fields how many each record should have */
  constructor(
    dialect: CsvDialect,
    private readonly fields: number,
  ) {
    this.delimiter = byteOf(dialect.fieldDelimiter);
    this.quote = byteOf(dialect.quote);
    this.escape = byteOf(dialect.escape);
    this.escapeUnenclosed = byteOf(dialect.escapeUnenclosed);
    this.headerLines = dialect.skipHeader;
  }

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.plain; at += 1) {
      const byte = chunk[at]!;
      this.plain = byte !== 0 && byte !== this.escape && (this.quoted ? this.inQuotes(byte) : this.bare(byte));
    }
  }

  /** @returns whether all was plain */
  end(): boolean {
    return this.plain && !this.quoted && !this.returned && !this.hasSurplusDelimiter();
  }

  private inQuotes(byte: number): boolean {
    if (byte === this.quote) {
      this.quoted = false;
      this.closed = true;
    }
    // SKIP_HEADER counts lines, DuckDB counts on to the end of an open quote.
    return byte !== NEWLINE || this.headerLines === 0;
  }

  private bare(byte: number): boolean {
    if (this.closed) {
      this.closed = false;
      if (byte === this.quote) {
        this.quoted = true;
        return true;
      }
      if (byte !== this.delimiter && byte !== NEWLINE && byte !== RETURN) return false;
    }
    if (this.returned && byte !== NEWLINE) return false;
    this.returned = byte === RETURN;
    if (byte === RETURN) return true;
    if (byte === NEWLINE) return this.newRecord();
    this.recordStart = false;
    if (byte === this.delimiter) {
      this.delimiters += 1;
      this.fieldStart = true;
      return true;
    }
    // A quote inside a bare field: the readers differ.
    const misplaced = byte === this.quote && !this.fieldStart;
    this.quoted = byte === this.quote;
    this.fieldStart = false;
    return !misplaced && byte !== this.escapeUnenclosed;
  }

  private newRecord(): boolean {
    const fine = !this.recordStart && !this.hasSurplusDelimiter();
    this.recordStart = true;
    this.fieldStart = true;
    this.delimiters = 0;
    if (this.headerLines > 0) this.headerLines -= 1;
    return fine;
  }

  /** An empty field at a line's end is fine, one delimiter too many is not. */
  private hasSurplusDelimiter(): boolean {
    return !this.recordStart && this.fieldStart && this.delimiters !== this.fields - 1;
  }
}

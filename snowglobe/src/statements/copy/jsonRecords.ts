import { lineBreaks, type DataRecord, type RecordParser } from "./dataRecord";

const BLANK = new Set([" ", "\t", "\r", "\n"]);

/**
 * Cuts text into JSON documents: one after the other, with or without commas between them. Whether each is valid is for
 * the reader of its text to find. Source: "CREATE FILE FORMAT", TYPE = JSON.
 */
export class JsonParser implements RecordParser {
  private text = "";
  private at = 0;
  private line = 1;
  private number = 0;
  /** Before the first character; inside the array around all documents; after it. */
  private outer: "before" | "in" | "none";

  /** Where the document under way has been read to, and what is open there. */
  private reached = 0;
  private depth = 0;
  private inString = false;

  /** @param stripOuterArray the elements of one array around all are the documents */
  constructor(stripOuterArray: boolean) {
    this.outer = stripOuterArray ? "before" : "none";
  }

  push(piece: string): DataRecord[] {
    this.reached -= this.at;
    this.text = this.text.slice(this.at) + piece;
    this.at = 0;
    return this.records(false);
  }

  end(): DataRecord[] {
    return this.records(true);
  }

  private records(final: boolean): DataRecord[] {
    const found: DataRecord[] = [];
    while (this.atDocument()) {
      const end = this.documentEnd();
      if (end === undefined && !final) return found;
      const text = this.text.slice(this.at, end ?? this.text.length).trimEnd();
      this.number += 1;
      found.push({ number: this.number, line: this.line, text, fields: [text], starts: [0] });
      this.moveTo(end ?? this.text.length);
      this.depth = 0;
      this.inString = false;
    }
    return found;
  }

  /** Moves past what stands between documents. @returns whether one begins here */
  private atDocument(): boolean {
    if (this.reached > this.at) return true;
    let to = this.at;
    while (to < this.text.length) {
      const character = this.text[to]!;
      if (this.outer === "before" && !BLANK.has(character)) {
        this.outer = character === "[" ? "in" : "none";
        if (this.outer === "none") break;
      } else if (this.outer === "in" && character === "]") this.outer = "none";
      else if (!BLANK.has(character) && character !== ",") break;
      to += 1;
    }
    this.moveTo(to);
    return this.at < this.text.length;
  }

  private moveTo(to: number): void {
    this.line += lineBreaks(this.text, this.at, to);
    this.at = to;
    this.reached = to;
  }

  private documentEnd(): number | undefined {
    const { text } = this;
    let at = this.reached;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.inString) {
        if (code === 92) {
          // The escaped character may be in the next piece.
          if (at + 1 >= text.length) break;
          at += 1;
        } else if (code === 34) {
          this.inString = false;
          if (this.depth === 0) return at + 1;
        }
      } else if (code === 34) this.inString = true;
      else if (code === 123 || code === 91) this.depth += 1;
      else if (code === 125 || code === 93) {
        if (this.depth === 0) return at > this.at ? at : at + 1;
        this.depth -= 1;
        if (this.depth === 0) return at + 1;
      } else if (this.depth === 0 && (code === 44 || BLANK.has(text[at]!))) return at;
    }
    this.reached = at;
    return undefined;
  }
}

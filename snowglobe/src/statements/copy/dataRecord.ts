/** A field that cannot be read; the record goes on as if it ended at the next record delimiter. */
export interface RecordFault {
  readonly kind: "after quote" | "open quote";
  /** Offset in the record's text. */
  readonly offset: number;
  /** Index of the field. */
  readonly field: number;
}

/** One record of a file of text: a line of fields, or a document with the document as its only field. */
export interface DataRecord {
  /** From 1; headers are no records. */
  readonly number: number;
  /** Line of the file where the record begins, from 1. */
  readonly line: number;
  /** As in the file, without its delimiter. */
  readonly text: string;
  readonly fields: readonly (string | null)[];
  /** Offsets in `text` where the fields begin. */
  readonly starts: readonly number[];
  readonly fault?: RecordFault;
}

/** Cuts text into records, as it comes in pieces of any length. */
export interface RecordParser {
  /** @returns the records that are complete now */
  push(piece: string): DataRecord[];
  /** @returns what is left at the end of the file */
  end(): DataRecord[];
}

export function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Line and character, both from 1, of an offset in a record's text. */
export function placeInFile(record: DataRecord, offset: number): { readonly line: number; readonly character: number } {
  const before = record.text.slice(0, offset);
  return {
    line: record.line + lineBreaks(before, 0, before.length),
    character: offset - (before.lastIndexOf("\n") + 1) + 1,
  };
}

import { SourceError } from "./errors";

/** Bytes from a file's beginning that {@link checkKind} looks at. */
export const KIND_BYTES = 64;

/** What a file may be that is often taken for a CSV file: its first bytes, and what to do. */
const OTHER_KINDS: readonly { readonly bytes: readonly number[]; readonly is: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: "a zip archive or a spreadsheet: unpack it, or save the sheet as CSV" },
  { bytes: [0x50, 0x4b, 0x05, 0x06], is: "an empty zip archive" },
  { bytes: [0x42, 0x5a, 0x68], is: "packed by bzip2: unpack it, or pack it by gzip" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: "packed by zstd: unpack it, or pack it by gzip" },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], is: "packed by xz: unpack it, or pack it by gzip" },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], is: "a 7z archive: unpack it" },
  { bytes: [0x50, 0x41, 0x52, 0x31], is: "a Parquet file: save it as CSV" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], is: "a spreadsheet: save it as CSV" },
  { bytes: [0xff, 0xfe], is: "UTF-16 text: save it as UTF-8" },
  { bytes: [0xfe, 0xff], is: "UTF-16 text: save it as UTF-8" },
];

/**
 * Tells by a file's first bytes whether it can be a CSV file.
 *
 * @param first the first {@link KIND_BYTES} bytes, fewer when the file is shorter
 * @param name the file's name in messages
 * @returns whether the file is packed by gzip
 * @throws SourceError that says what the file is instead, and what to do
 */
export function checkKind(first: Buffer, name: string): { readonly gzip: boolean } {
  if (first.length === 0) throw new SourceError(`${name} is empty: a CSV file with a heading is needed`);
  if (first[0] === 0x1f && first[1] === 0x8b) return { gzip: true };
  const other = OTHER_KINDS.find(({ bytes }) => bytes.every((byte, index) => first[index] === byte));
  if (other) throw new SourceError(`${name} is ${other.is}`);
  // ASCII as UTF-16 without a byte order mark: every other byte is 0.
  if (first.length >= 4 && (first[0] === 0) !== (first[1] === 0) && (first[2] === 0) === (first[0] === 0)) {
    throw new SourceError(`${name} is UTF-16 text: save it as UTF-8`);
  }
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(first.toString("latin1"))) {
    throw new SourceError(`${name} is a web page or XML, not CSV: was its address a page for signing in?`);
  }
  return { gzip: false };
}

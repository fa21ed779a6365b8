import { closeSync, fstatSync, openSync, readSync, truncateSync } from "node:fs";

/** The log begins with its version; then come entries: size and checksum, 8 bytes each, and so many bytes. */
const FIRST_ENTRY = 8;
const ENTRY_HEAD = 16;

/** How a log ends that does not end with a whole entry. */
export interface LogEnd {
  /** Zeros, which some file systems append when a computer loses power; or an entry that breaks off. */
  readonly kind: "zeros" | "broken";
  /** Bytes up to the end of the last whole entry. */
  readonly bytes: number;
}

/**
 * Looks at the end of DuckDB's write-ahead log. DuckDB leaves out an entry that breaks off without a word, and takes
 * zeros for damage.
 *
 * @param path of the data file
 * @returns undefined for a log that ends well, or that is not there
 */
export function logEnd(path: string): LogEnd | undefined {
  let file: number;
  try {
    file = openSync(logOf(path), "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = lastEntryEnd(file, size);
    if (bytes === undefined || bytes === size) return undefined;
    return { kind: isZero(file, bytes, size) ? "zeros" : "broken", bytes };
  } finally {
    closeSync(file);
  }
}

/** Cuts what follows a log's last whole entry off. Nobody else may have the data file open. */
export function cutLog(path: string, { bytes }: LogEnd): void {
  truncateSync(logOf(path), bytes);
}

function logOf(path: string): string {
  return `${path}.wal`;
}

/** Where the last whole entry ends; undefined where the file is no log. */
function lastEntryEnd(file: number, size: number): number | undefined {
  const head = Buffer.alloc(ENTRY_HEAD);
  let at = FIRST_ENTRY;
  while (at + ENTRY_HEAD <= size) {
    readSync(file, head, 0, ENTRY_HEAD, at);
    const length = Number(head.readBigUInt64LE(0));
    if (length === 0 || at + ENTRY_HEAD + length > size) break;
    at += ENTRY_HEAD + length;
  }
  return at > FIRST_ENTRY ? at : undefined;
}

function isZero(file: number, from: number, to: number): boolean {
  const part = Buffer.alloc(64 * 1024);
  for (let at = from; at < to; at += part.length) {
    const length = readSync(file, part, 0, Math.min(part.length, to - at), at);
    if (!part.subarray(0, length).every((byte) => byte === 0)) return false;
  }
  return true;
}

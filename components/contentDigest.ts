/**
 * Digests of files, by which a command knows that what it runs on has changed. They depend on names and content only,
 * not on times or on where the checkout lies.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join, posix } from "node:path";

const CHUNK_BYTES = 1 << 20;

/** Hexadecimal digits of a digest; enough to tell contents apart, short enough for a person to compare. */
const DIGITS = 16;

/**
 * A folder's files with the digest of each, a line a file (`models/a.sql 0123456789abcdef`), in the order of their names.
 *
 * @param folder absolute path
 * @param accept whether a file counts, by its path within the folder with `/` between the names. Hidden files and
 *   folders never count.
 * @throws Error of the file system when the folder cannot be read
 */
export function folderListing(folder: string, accept: (path: string) => boolean = () => true): string {
  return filesOf(folder, "")
    .filter(accept)
    .sort()
    .map((path) => `${path} ${fileDigest(join(folder, path))}`)
    .join("\n");
}

/**
 * Files that differ between two listings of {@link folderListing}; pure.
 *
 * @returns paths within the folder, sorted
 */
export function changedFiles(before: string, after: string): string[] {
  const [old, now] = [before, after].map((text) => new Set(text.split("\n").filter(Boolean)));
  const lines = [...old!].filter((line) => !now!.has(line)).concat([...now!].filter((line) => !old!.has(line)));
  return [...new Set(lines.map((line) => line.slice(0, line.lastIndexOf(" "))))].sort();
}

/** The digest of a folder's files, of which {@link folderListing} has each. */
export function folderDigest(folder: string, accept?: (path: string) => boolean): string {
  return createHash("sha256").update(folderListing(folder, accept)).digest("hex").slice(0, DIGITS);
}

/**
 * The digest of one file's content.
 *
 * @param path absolute path
 * @throws Error of the file system when the file cannot be read
 */
export function fileDigest(path: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, size));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex").slice(0, DIGITS);
}

function filesOf(root: string, within: string): string[] {
  return readdirSync(join(root, within), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => {
      const path = posix.join(within, entry.name);
      return entry.isDirectory() ? filesOf(root, path) : entry.isFile() ? [path] : [];
    });
}

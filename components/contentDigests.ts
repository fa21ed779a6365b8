/**
 * What the loader and dbt run on, as digests of the checkout's files.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileDigest, folderDigest } from "./contentDigest";

const DBT_CONTENT = /^(?:(?:models|macros|seeds|snapshots|tests|analyses)\/.+|[^/]+\.ya?ml)$/;

/**
 * The digest of the dbt project: models, macros, seeds and settings, not what dbt writes.
 *
 * @param root the checkout
 */
export function dbtDigest(root: string): string {
  return folderDigest(join(root, "dbt"), (path) => DBT_CONTENT.test(path));
}

/**
 * The digest of the loader's code, and of the source where that is a file on this computer.
 *
 * @param root the checkout, to which a relative path of the source refers
 * @param source as configured: URL, path or the name of a built-in source
 */
export function loaderDigest(root: string, source: string): string {
  const code = folderDigest(join(root, "loader"), (path) => path.endsWith(".ts"));
  const file = resolve(root, source);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? `${code}-${fileDigest(file)}` : code;
}

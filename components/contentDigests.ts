/**
 * What the loader and dbt run on, as digests of the checkout's files.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileDigest, folderDigest, folderListing } from "./contentDigest";

const DBT_CONTENT = /^(?:(?:models|macros|seeds|snapshots|tests|analyses)\/.+|[^/]+\.ya?ml)$/;

/**
 * The dbt project's models, macros, seeds and settings, a line a file with its digest; not what dbt writes. It is a listing
 * so that a preview names the files for which dbt would run.
 *
 * @param root the checkout
 */
export function dbtContent(root: string): string {
  return folderListing(join(root, "dbt"), (path) => DBT_CONTENT.test(path));
}

/**
 * Names of the dbt project's models and seeds, which are those of their files.
 *
 * @param content listing of {@link dbtContent}
 */
export function dbtModels(content: string): string[] {
  return content
    .split("\n")
    .flatMap((line) => /^(?:models\/.*?|seeds\/.*?)([^/]+)\.(?:sql|csv) [0-9a-f]+$/.exec(line)?.[1] ?? [])
    .sort();
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

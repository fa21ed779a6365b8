import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COLUMNS } from "./columns";
import { readCsv } from "./csv";
import { download, plainUrl, type DownloadLimits } from "./download";
import { SourceError } from "./errors";
import type { LoadProgress } from "./progress";
import { isRemarkAbove, readHeader } from "./header";
import { sampleLoans } from "./sample/generate";

/** The public file of the original workshop: 42,535 loans of 2007 to 2011. */
export const PUBLIC_SOURCE = "https://datacoves-sample-data-public.s3.us-west-2.amazonaws.com/PERSONAL_LOANS.csv";
/** `--source` of the built-in synthetic loans. */
export const SAMPLE_SOURCE = "sample";

/** Where loans come from. */
export type Source =
  | { readonly kind: "sample" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: URL };

/** A record of a source, with its place. */
export interface SourceRow {
  readonly fields: readonly string[];
  /** From 1, after the heading. */
  readonly row: number;
  readonly line?: number;
}

/** An open source: its heading has been read and found right. */
export interface OpenSource {
  /** Position of each column of the table among a row's fields. */
  readonly order: readonly number[];
  readonly rows: AsyncIterable<SourceRow> | Iterable<SourceRow>;
  /** Bytes read so far. */
  bytes(): number;
  readonly totalBytes?: number;
}

/**
 * Reads `--source`: `sample`, `public`, an http(s) or file URL, or a path.
 *
 * @throws SourceError for a URL of another kind, or one with a password
 */
export function parseSource(text: string): Source {
  if (text === SAMPLE_SOURCE) return { kind: "sample" };
  if (text === "public") return { kind: "url", url: new URL(PUBLIC_SOURCE) };
  if (text === "")
    throw new SourceError("--source is empty: give a URL, the path of a csv or csv.gz file, or 'sample'");
  // A single letter before the colon is a drive of Windows, not a scheme.
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: "file", path: text };
  if (!URL.canParse(text)) throw new SourceError(`--source '${text}' is not a valid URL`);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new SourceError("--source holds a user name or a password: secrets do not belong on a command line");
  }
  if (url.protocol === "file:") return { kind: "file", path: fileURLToPath(url) };
  if (url.protocol === "http:" || url.protocol === "https:") return { kind: "url", url };
  throw new SourceError(`--source '${plainUrl(url)}': only http, https and file URLs are read; download it first`);
}

/** A source as reports show it. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case "sample":
      return "built-in sample (synthetic)";
    case "file":
      return source.path;
    case "url":
      return plainUrl(source.url);
  }
}

/**
 * Opens a source: fetches it where it is far away, and checks its heading.
 *
 * @param folder for the downloaded file; the caller removes it
 * @throws SourceError when the source cannot be reached or has other columns
 */
export async function openSource(
  source: Source,
  folder: string,
  progress: LoadProgress,
  signal?: AbortSignal,
  limits?: DownloadLimits,
): Promise<OpenSource> {
  switch (source.kind) {
    case "sample":
      return openSample();
    case "file":
      return openFile(source.path, source.path);
    case "url": {
      const path = join(folder, "source");
      progress.step("Downloading");
      const onBytes = (bytes: number, total: number | undefined): void => progress.update(0, bytes, total);
      await download(source.url, path, onBytes, signal, limits);
      return openFile(path, describeSource(source));
    }
  }
}

function openSample(): OpenSource {
  let bytes = 0;
  function* rows(): Generator<SourceRow, void> {
    let row = 0;
    for (const fields of sampleLoans()) {
      for (const field of fields) bytes += field.length + 1;
      yield { fields, row: ++row };
    }
  }
  return { order: COLUMNS.map((_column, index) => index), rows: rows(), bytes: () => bytes };
}

async function openFile(path: string, name: string): Promise<OpenSource> {
  let bytes = 0;
  const records = readCsv(
    path,
    (read) => {
      bytes = read;
    },
    name,
  );
  let order: readonly number[];
  try {
    let heading = await records.next();
    // The lender's own file has a line of text above the heading.
    if (!heading.done && isRemarkAbove(heading.value.fields)) heading = await records.next();
    if (heading.done) throw new SourceError(`${name} holds no heading: a CSV file with 52 columns is needed`);
    order = readHeader(heading.value.fields);
  } catch (error) {
    await records.return();
    throw error;
  }
  async function* rows(): AsyncGenerator<SourceRow, void> {
    let row = 0;
    for await (const { fields, line } of records) yield { fields, row: ++row, line };
  }
  return { order, rows: rows(), bytes: () => bytes, totalBytes: (await stat(path)).size };
}

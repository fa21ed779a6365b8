import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "snowflake-sdk";
import { ChunkWriter } from "./chunks";
import { execute, isMissingObject, messageOf, type ResultRow } from "./connection";
import type { DownloadLimits } from "./download";
import { LoadError, SourceError } from "./errors";
import { noProgress, type LoadProgress } from "./progress";
import type { LoadReport, Refusal } from "./report";
import { checkRow } from "./row";
import { describeSource, openSource, parseSource, type OpenSource } from "./source";
import * as statements from "./statements";

/** What to load, and where. */
export interface LoadOptions {
  /** `sample`, `public`, a URL, or the path of a csv or csv.gz file. */
  readonly source: string;
  /** Two-letter codes of the states to load; all of them when absent or empty. */
  readonly states?: readonly string[];
  /** Default `RAW`. */
  readonly database?: string;
  /** Default `LOANS`. */
  readonly schema?: string;
  /** Default `PERSONAL_LOANS`. */
  readonly table?: string;
  /** Ends the load; the table keeps its rows unless they were replaced already. */
  readonly signal?: AbortSignal;
  /** Limits of a download, for tests. */
  readonly downloadLimits?: DownloadLimits;
}

/** Update the progress after so many rows. */
const PROGRESS_ROWS = 500;
/** Milliseconds that dropping the temporary objects may take. */
const CLEAN_UP_MS = 10_000;

export type { LoadReport };

/** Where the workshop keeps its loans. */
export const DEFAULT_TARGET = { database: "RAW", schema: "LOANS", table: "PERSONAL_LOANS" } as const;

/**
 * Replaces the rows of the loans table by those of a source. All or nothing: whatever goes wrong before the last
 * statement leaves the table as it was. The table object stays, so change tracking, streams and grants survive.
 *
 * @param connection an open session whose role may create stages and tables in the schema, and whose warehouse is set
 * @throws LoadError with one line for the user
 */
export async function load(
  options: LoadOptions,
  connection: Connection,
  progress: LoadProgress = noProgress,
): Promise<LoadReport> {
  const started = performance.now();
  const source = parseSource(options.source);
  const states = parseStates(options.states);
  const names = statements.loadNames(
    {
      database: options.database ?? DEFAULT_TARGET.database,
      schema: options.schema ?? DEFAULT_TARGET.schema,
      table: options.table ?? DEFAULT_TARGET.table,
    },
    randomBytes(4).toString("hex"),
  );
  const run = (sql: string): Promise<ResultRow[]> => unlessAborted(execute(connection, sql), options.signal);
  let folder: string | undefined;
  let replacing = false;
  try {
    await createStage(run, names);
    folder = await mkdtemp(join(tmpdir(), "loans-"));
    const open = await openSource(source, folder, progress, options.signal, options.downloadLimits);
    const counts = await stageRows(open, states, folder, progress, options.signal, async (path) => {
      await run(statements.putFile(names, path));
    });
    if (counts.loaded === 0) throw new SourceError(nothingToLoad(describeSource(source), states));
    progress.step("Copying");
    await run(statements.createLoadTable(names));
    const copied = await run(statements.copyIntoLoadTable(names));
    checkCopied(copied, counts.loaded);
    options.signal?.throwIfAborted();
    progress.step("Replacing");
    await run(statements.createTarget(names));
    replacing = true;
    await run(statements.replaceTarget(names));
    return {
      source: describeSource(source),
      synthetic: source.kind === "sample",
      target: names.target,
      states,
      rowsRead: counts.read,
      rowsLoaded: counts.loaded,
      rowsOfOtherStates: counts.otherStates,
      rowsRefused: counts.refused.reduce((sum, { rows }) => sum + rows, 0),
      refusals: counts.refused,
      bytes: open.bytes(),
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } catch (error) {
    throw forPeople(error, names.target, replacing, options.signal);
  } finally {
    progress.finish();
    await cleanUp(connection, names);
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Reads the states' codes: two letters each, any case, each once.
 *
 * @returns null for all states
 * @throws LoadError that names a code of another form
 */
export function parseStates(states: readonly string[] | undefined): readonly string[] | null {
  const codes = (states ?? []).map((code) => code.trim().toUpperCase()).filter((code) => code !== "");
  for (const code of codes) {
    if (!/^[A-Z]{2}$/.test(code)) {
      throw new LoadError(`State '${code}' is not a two-letter code: give codes with commas between, as CA,NY`);
    }
  }
  return codes.length === 0 ? null : [...new Set(codes)];
}

interface Counts {
  readonly read: number;
  readonly loaded: number;
  readonly otherStates: number;
  readonly refused: readonly Refusal[];
}

/** Checks all rows of the source and brings those of the wanted states to the stage. */
async function stageRows(
  source: OpenSource,
  states: readonly string[] | null,
  folder: string,
  progress: LoadProgress,
  signal: AbortSignal | undefined,
  upload: (path: string) => Promise<void>,
): Promise<Counts> {
  const wanted = states && new Set(states);
  const refused = new Map<string, { reason: string; rows: number; firstRow: number }>();
  const writer = new ChunkWriter(folder, upload);
  let read = 0;
  let loaded = 0;
  let otherStates = 0;
  progress.step("Loading", source.totalBytes);
  try {
    for await (const { fields, ...position } of source.rows) {
      read++;
      if (read % PROGRESS_ROWS === 0) {
        signal?.throwIfAborted();
        progress.update(read, source.bytes());
      }
      const checked = checkRow(fields, source.order, position);
      if ("refused" in checked) {
        const entry = refused.get(checked.refused);
        if (entry) entry.rows++;
        else refused.set(checked.refused, { reason: checked.refused, rows: 1, firstRow: position.row });
      } else if (wanted && !wanted.has(checked.state)) {
        otherStates++;
      } else {
        loaded++;
        await writer.add(checked.csv);
      }
    }
    await writer.end();
  } finally {
    writer.abort();
  }
  progress.update(read, source.bytes());
  return { read, loaded, otherStates, refused: [...refused.values()] };
}

function nothingToLoad(source: string, states: readonly string[] | null): string {
  return states
    ? `${source} holds no loan of ${states.join(", ")}: the table keeps its rows`
    : `${source} holds no loan: the table keeps its rows`;
}

/** COPY INTO answers a row for each file ("COPY INTO <table>", output). */
function checkCopied(rows: readonly ResultRow[], expected: number): void {
  let copied = 0;
  for (const row of rows) copied += Number(row.rows_loaded ?? row.ROWS_LOADED ?? 0);
  if (copied !== expected) {
    throw new LoadError(`COPY INTO loaded ${copied} of ${expected} rows: the table keeps its rows; try again`);
  }
}

/** Waits for a statement, but not beyond an interrupt: Snowflake may take its time to answer. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop!);
  }
}

/** What is temporary also goes with the session; here it goes at once, but nobody waits long for that. */
async function cleanUp(connection: Connection, names: statements.LoadNames): Promise<void> {
  const drop = async (): Promise<void> => {
    for (const sql of [statements.dropLoadTable(names), statements.dropStage(names)]) {
      await execute(connection, sql).catch(() => undefined);
    }
  };
  const timeout = new AbortController();
  await Promise.race([drop(), sleep(CLEAN_UP_MS, undefined, { signal: timeout.signal }).catch(() => undefined)]);
  timeout.abort();
}

/** The first statement, because it is the cheapest way to learn that database or schema is missing. */
async function createStage(run: (sql: string) => Promise<ResultRow[]>, names: statements.LoadNames): Promise<void> {
  try {
    await run(statements.createStage(names));
  } catch (error) {
    if (!isMissingObject(error)) throw error;
    throw new LoadError(
      `Schema ${names.database}.${names.schema} does not exist, or the role may not use it: ` +
        `create it, or name another by --database and --schema (Snowflake: ${messageOf(error)})`,
      { cause: error },
    );
  }
}

/** The error as one line that says what, where, and how to fix it. */
function forPeople(error: unknown, target: string, replacing: boolean, signal: AbortSignal | undefined): Error {
  if (error instanceof LoadError) return error;
  const cause = { cause: error };
  // A connection that breaks now leaves open whether Snowflake came to the end of the statement.
  const state = replacing ? "it holds all of the old rows or all of the new" : "it keeps its rows";
  if (signal?.aborted) return new LoadError(`Interrupted while loading ${target}: ${state}`, cause);
  return new LoadError(`Loading ${target} failed, ${state}: ${messageOf(error)}`, cause);
}

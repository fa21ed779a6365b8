import type { Column, Table } from "../../catalog/objects";
import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { Query, StageLocation } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import type { StatementReader, StatementWriter } from "../../storage";
import type { Handler, StatementContext } from "../../execution/context";
import type { Outcome } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import type { CopiedFile } from "../../account/copyHistory";
import type { RunSql } from "../../catalog/change";
import { contentDigest } from "../../account/stageFiles";
import { dmlTarget, notATable, targetColumns, writeTable } from "../dml/dmlTarget";
import { resolveLocation } from "../stage/files";
import { checkFile, type FileReport } from "./copyCheck";
import { abortedLoad } from "./copyErrors";
import { evolvedTable } from "./evolveSchema";
import { filesToLoad, type FileToLoad } from "./copyFiles";
import { copyOptions, type CopyOptions } from "./copyOptions";
import { copyColumns, copyOutcome, errorLimit, type FileOutcome } from "./copyOutcome";
import type { Load, LoadFile } from "./load";
import { plainPlan, transformationPlan, type LoadPlan } from "./loadPlan";
import { parquetSource } from "./parquetFile";
import { batches, scan } from "./recordFile";
import { duckDbSource, recordRows, recordSource, suitsDuckDb, type CsvFile } from "./recordSource";
import { rejectedRows, type RejectedFile } from "./rejectedRows";
import { isParquet, openSource, type SourceFile } from "./sourceFile";
import { validate } from "./validation";

/**
 * COPY INTO <table>. Source: "COPY INTO <table>".
 *
 * Loads in one pass by DuckDB's own readers where those read the files exactly as Snowflake would and all rows are good.
 * Otherwise nothing of that pass remains, and the files are read record by record: first to find what is wrong, then to
 * load what ON_ERROR lets through.
 */
export const copyIntoTable: Handler<StatementOf<"copyIntoTable">> = async (statement, context) => {
  const { table: found } = dmlTarget(statement.table, context, "COPY", "INSERT");
  if (found.kind !== "TABLE") throw notATable(found, "COPY INTO");
  const { location, query, properties } = sourceOf(statement);
  const resolved = resolveLocation(location, context, "READ");
  const options = copyOptions([...properties, ...statement.properties], resolved.fileFormat, context);
  if (query) refuseWithTransformation(options);
  if (context.describeOnly) return copyColumns(context);
  const evolves = !query && !options.validation && statement.columns.length === 0;
  const table = evolves
    ? await evolvedTable(found, await filesToLoad(resolved, found, options, context), options, context)
    : found;
  const columns = targetColumns(table, statement.columns);

  const planOf = planner(table, columns, query, options, context);
  for (;;) {
    const files = await open(await filesToLoad(resolved, table, options, context), planOf, options, context);
    const load: Load = { table, options, context, files };
    try {
      if (options.validation) return await validate(load, options.validation);
      return await run(load);
    } catch (error) {
      if (!(error instanceof LoadedMeanwhile)) throw error;
    }
  }
};

function open(
  files: readonly FileToLoad[],
  planOf: (file: SourceFile) => LoadPlan,
  options: CopyOptions,
  context: StatementContext,
): Promise<LoadFile[]> {
  const transaction = context.session.transaction?.storage;
  return context.instance.storage.read(transaction, context.signal, async (reader) => {
    const opened: LoadFile[] = [];
    for (const one of files) {
      const file = await openSource(one.staged, one.name, options.format, reader);
      opened.push({ ...one, file, plan: planOf(file) });
    }
    return opened;
  });
}

async function run(load: Load): Promise<Outcome> {
  const { files, options, context } = load;
  const outcomes = files.length === 0 ? [] : ((await loadAtOnce(load)) ?? (await loadByRecord(load)));
  if (options.purge) {
    for (const [index, file] of files.entries()) {
      if (outcomes[index]!.errors > 0) continue;
      const transaction = context.session.transaction?.storage;
      if (transaction) context.instance.stageFiles.removeAfter(transaction, file.staged);
      else await context.instance.stageFiles.remove(file.staged);
    }
  }
  return copyOutcome(outcomes, options.onError, options.returnFailedOnly, context);
}

function sourceOf({ from }: StatementOf<"copyIntoTable">): {
  location: StageLocation;
  query?: Query;
  /** FILE_FORMAT and PATTERN of the query's stage. */
  properties: StatementOf<"copyIntoTable">["properties"];
} {
  if (from.kind === "url") throw unsupported("COPY INTO from an external location");
  if (from.kind === "stage") return { location: from.location, properties: [] };
  const { body } = from.query;
  const source = body.kind === "select" ? body.from[0] : undefined;
  if (source?.kind !== "stage") {
    throw compilationError("COPY statement only supports simple SELECT from stage statements for import.");
  }
  const { span } = source;
  const given = (name: string, value: string | undefined): StatementOf<"copyIntoTable">["properties"] =>
    value === undefined ? [] : [{ name, value: { kind: "string", value, span }, span }];
  const properties = [...given("FILE_FORMAT", source.fileFormat), ...given("PATTERN", source.pattern)];
  return { location: source.location, query: from.query, properties };
}

function refuseWithTransformation(options: CopyOptions): void {
  if (options.matchByName) throw unsupported("MATCH_BY_COLUMN_NAME in a COPY with a query");
  if (options.validation) {
    throw compilationError("VALIDATION_MODE does not go together with a query: leave it out.", "002019", "0A000");
  }
}

function planner(
  table: Table,
  columns: readonly Column[],
  query: Query | undefined,
  options: CopyOptions,
  context: StatementContext,
): (file: SourceFile) => LoadPlan {
  if (!query) return (file) => plainPlan(table, columns, file, options, context);
  const plan = transformationPlan(table, columns, query, options, context);
  return (file) => ({ ...plan, select: (source) => plan.select(source, file) });
}

/** A file holds what DuckDB reads otherwise than Snowflake does. */
class NotPlain extends Error {}

/** Another COPY has loaded one of the files while this one waited for the table. */
class LoadedMeanwhile extends SnowflakeError {
  constructor() {
    super("000625", "57014", "Another COPY has loaded the same file: run the statement again.");
  }
}

/** Errors that have nothing to do with the files: trying again would not help. */
const FINAL_CODES = new Set(["000604", "000606", "000607", "000625", "003001"]);

/** The quick way. @returns undefined when it cannot tell, and has changed nothing */
async function loadAtOnce(load: Load): Promise<FileOutcome[] | undefined> {
  const { files, table, context } = load;
  const suitable = files.every(({ file, plan }) => {
    if (isParquet(file)) return true;
    return !plan.needsRowNumber && suitsDuckDb(file, plan.expected ?? file.first?.fields.length ?? 0);
  });
  if (!suitable) return undefined;
  try {
    return await writing(load, async (writer) => {
      const outcomes: FileOutcome[] = [];
      const digests: string[] = [];
      for (const one of files) {
        const { count, digest } = await insertAtOnce(one, table, writer, context);
        digests.push(digest);
        outcomes.push({ name: one.name, parsed: count, loaded: count, errors: 0 });
      }
      keepRejected(load, []);
      return { outcomes, loaded: files, digests };
    });
  } catch (error) {
    if (error instanceof LoadedMeanwhile) throw error;
    if (error instanceof SnowflakeError && FINAL_CODES.has(error.code)) throw error;
    return undefined;
  }
}

async function insertAtOnce(
  { file, plan }: LoadFile,
  table: Table,
  writer: StatementWriter,
  context: StatementContext,
): Promise<{ count: number; digest: string }> {
  if (isParquet(file)) {
    const select = plan.select(parquetSource(file, plan.shape, queryEnvironment(context).session));
    const count = await writer.insert(table.storageId, plan.names, select);
    return { count, digest: await contentDigest(file.staged.file) };
  }
  const csv = file as CsvFile;
  const width = csv.first!.fields.length;
  const select = plan.select(duckDbSource(csv, width, plan.width));
  // Another thread looks at the text meanwhile.
  const [inserted, scanned] = await Promise.allSettled([
    writer.insert(table.storageId, plan.names, select),
    scan(csv, width),
  ]);
  if (inserted.status === "rejected") throw inserted.reason;
  if (scanned.status === "rejected") throw scanned.reason;
  if (!scanned.value.plain) throw new NotPlain();
  return { count: inserted.value, digest: scanned.value.digest };
}

/** The exact way: files are checked first, without a lock, so that an error of theirs cannot undo what is good. */
async function loadByRecord(load: Load): Promise<FileOutcome[]> {
  const { table, options, context, files } = load;
  const { storage } = context.instance;
  const reports = await storage.read(context.session.transaction?.storage, context.signal, (reader) =>
    checkFiles(load, reader),
  );
  keepRejected(
    load,
    files.map((file, index) => ({ file: file.name, report: reports[index]! })),
  );
  return writing(load, async (writer) => {
    const outcomes: FileOutcome[] = [];
    const loaded: LoadFile[] = [];
    const digests: string[] = [];
    for (const [index, file] of files.entries()) {
      const report = reports[index]!;
      const count = isSkipped(report, options) ? 0 : await insertGood(file, report, table, writer, context);
      if (count > 0 || report.bad.size === 0) {
        loaded.push(file);
        digests.push(await contentDigest(file.staged.file));
      }
      const { parsed, bad, first } = report;
      outcomes.push({ name: file.name, parsed, loaded: count, errors: bad.size, ...(first && { first }) });
    }
    return { outcomes, loaded, digests };
  });
}

/** Errors that are kept of one file for VALIDATE. */
const KEPT_ERRORS = 100;

function keepRejected({ table, context }: Load, files: readonly RejectedFile[]): void {
  const { queryId, session, instance } = context;
  rejectedRows(instance).keep({ queryId, sessionId: session.id, tableId: table.id }, files);
}

async function checkFiles(load: Load, reader: StatementReader): Promise<FileReport[]> {
  const { table, options, context, files } = load;
  const aborts = options.onError.kind === "ABORT_STATEMENT";
  const made: FileReport[] = [];
  for (const one of files) {
    const check = { table: table.name, copy: options, context, keepErrors: aborts ? 1 : KEPT_ERRORS };
    const report = await checkFile(one, check, reader);
    if (report.first && aborts) {
      keepRejected(load, [{ file: one.name, report: { ...report, complete: false } }]);
      throw abortedLoad(one.name, report.first);
    }
    made.push(report);
  }
  return made;
}

function isSkipped({ parsed, bad }: FileReport, { onError }: CopyOptions): boolean {
  if (onError.kind !== "SKIP_FILE" || bad.size === 0) return false;
  return onError.percent ? bad.size * 100 > parsed * onError.limit : bad.size >= onError.limit;
}

async function insertGood(
  { file, plan }: LoadFile,
  report: FileReport,
  table: Table,
  writer: StatementWriter,
  context: StatementContext,
): Promise<number> {
  if (isParquet(file)) {
    const source = parquetSource(file, plan.shape, queryEnvironment(context).session);
    const good =
      report.bad.size === 0 ? source : `(SELECT * FROM ${source} WHERE n NOT IN (${[...report.bad].join(", ")}))`;
    return writer.insert(table.storageId, plan.names, plan.select(good));
  }
  const select = plan.select(recordSource(file, plan.width, "raise"));
  let count = 0;
  for await (const batch of batches(file)) {
    const good = batch.filter((record) => !report.bad.has(record.number));
    if (good.length > 0) count += await writer.insert(table.storageId, plan.names, select, [recordRows(good)]);
  }
  return count;
}

interface Written {
  readonly outcomes: FileOutcome[];
  readonly loaded: readonly LoadFile[];
  /** One for each of `loaded`. */
  readonly digests: readonly string[];
}

/** What the history shows of a COPY. */
function copiedFiles({ table, files, options, context }: Load, outcomes: readonly FileOutcome[]): CopiedFile[] {
  return outcomes.map((outcome, index): CopiedFile => {
    const { staged } = files[index]!;
    const { loaded, parsed, errors, first } = outcome;
    return {
      tableId: table.id,
      file: staged.name,
      stage: files[index]!.place,
      loadedOn: context.startedOn,
      loaded,
      parsed,
      size: staged.size,
      errors,
      errorLimit: errorLimit(outcome, options.onError),
      status: errors === 0 ? "Loaded" : loaded === 0 ? "Load failed" : "Partially loaded",
      ...(first && { first }),
    };
  });
}

/**
 * Runs the writing part, and notes with the same commit what was loaded. The table is locked against other COPYs, so
 * that no file is loaded twice.
 */
function writing(load: Load, work: (writer: StatementWriter) => Promise<Written>): Promise<FileOutcome[]> {
  const { table, context } = load;
  return writeTable(context, table, "exclusive", async (writer) => {
    const { outcomes, loaded, digests } = await work(writer);
    const records = loaded.map((file, index) => ({
      tableId: table.id,
      file: file.key,
      digest: digests[index]!,
      loadedOn: context.startedOn,
    }));
    const transaction = context.session.transaction?.storage;
    const value = (sql: string, values: readonly unknown[]) => writer.value(sql, values as never);
    if (!load.options.force && (await context.instance.loads.anyLoaded(records, transaction, value)))
      throw new LoadedMeanwhile();
    const run: RunSql = (sql, parameters) => writer.run(sql, parameters as never);
    await context.instance.loads.record(records, transaction, run);
    await context.instance.copies.record(copiedFiles(load, outcomes), transaction, run);
    return outcomes;
  });
}

import type { Column, Table } from "../../catalog/objects";
import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { Query, StageLocation } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import type { StatementWriter } from "../../storage";
import type { Handler, StatementContext } from "../../execution/context";
import { checkFile, type FileReport } from "./copyCheck";
import { abortedLoad } from "./copyErrors";
import { filesToLoad, type FileToLoad } from "./copyFiles";
import { copyOptions, type CopyOptions } from "./copyOptions";
import { copyColumns, copyOutcome, type FileOutcome } from "./copyOutcome";
import { batches, openCsv, scan, type CsvFile } from "./csvFile";
import { duckDbSource, jsonRows, jsonSource, suitsDuckDb } from "./csvSource";
import { dmlTarget, targetColumns, writeTable } from "../dml/dmlTarget";
import { resolveLocation } from "../stage/files";
import { plainPlan, transformationPlan, type LoadPlan } from "./loadPlan";
import { contentDigest } from "../../account/stageFiles";

/** One COPY on its way. */
interface Load {
  readonly table: Table;
  readonly options: CopyOptions;
  readonly context: StatementContext;
  readonly files: readonly LoadFile[];
}

interface LoadFile extends FileToLoad {
  readonly csv: CsvFile;
  readonly plan: LoadPlan;
}

/**
 * COPY INTO <table>. Source: "COPY INTO <table>".
 *
 * Loads in one pass by DuckDB's own CSV reader where that reads the files exactly as Snowflake would and all rows are
 * good. Otherwise nothing of that pass remains, and the files are read record by record: first to find what is wrong,
 * then to load what ON_ERROR lets through.
 */
export const copyIntoTable: Handler<StatementOf<"copyIntoTable">> = async (statement, context) => {
  const { table } = dmlTarget(statement.table, context, "COPY", "INSERT");
  const columns = targetColumns(table, statement.columns);
  const { location, query } = sourceOf(statement);
  const resolved = resolveLocation(location, context, "READ");
  const options = copyOptions(statement.properties, resolved.fileFormat, context);
  if (query) refuseWithTransformation(options);
  const transaction = context.session.transaction?.storage;
  if (options.purge && transaction) throw unsupported("PURGE = TRUE in a transaction");
  if (context.describeOnly) return copyColumns();

  const planOf = planner(table, columns, query, options, context);
  for (;;) {
    const files: LoadFile[] = [];
    for (const file of await filesToLoad(resolved, table, options, context)) {
      const csv = await openCsv(file.staged, file.name, options);
      files.push({ ...file, csv, plan: planOf(csv) });
    }
    try {
      const outcomes = await run({ table, options, context, files });
      return copyOutcome(outcomes, options.onError, options.returnFailedOnly);
    } catch (error) {
      if (!(error instanceof LoadedMeanwhile)) throw error;
    }
  }
};

async function run(load: Load): Promise<FileOutcome[]> {
  if (load.files.length === 0) return [];
  const outcomes = (await loadAtOnce(load)) ?? (await loadByRecord(load));
  if (load.options.purge) {
    for (const [index, file] of load.files.entries()) {
      if (outcomes[index]!.errors === 0) await load.context.instance.stageFiles.remove(file.staged);
    }
  }
  return outcomes;
}

function sourceOf(statement: StatementOf<"copyIntoTable">): { location: StageLocation; query?: Query } {
  const { from } = statement;
  if (from.kind === "url") throw unsupported("COPY INTO from an external location");
  if (from.kind === "stage") return { location: from.location };
  const { body } = from.query;
  const source = body.kind === "select" ? body.from[0] : undefined;
  if (source?.kind !== "stage") {
    throw compilationError("COPY statement only supports simple SELECT from stage statements for import.");
  }
  if (source.fileFormat !== undefined || source.pattern !== undefined) {
    throw unsupported("FILE_FORMAT and PATTERN in the FROM of a COPY's query; give them as options of the COPY");
  }
  return { location: source.location, query: from.query };
}

function refuseWithTransformation(options: CopyOptions): void {
  if (options.onError.kind !== "ABORT_STATEMENT") {
    throw unsupported(`ON_ERROR = ${options.onError.kind} in a COPY with a query`);
  }
  if (options.matchByName) throw unsupported("MATCH_BY_COLUMN_NAME in a COPY with a query");
  if (options.truncate) throw unsupported("TRUNCATECOLUMNS in a COPY with a query");
}

function planner(
  table: Table,
  columns: readonly Column[],
  query: Query | undefined,
  options: CopyOptions,
  context: StatementContext,
): (file: CsvFile) => LoadPlan {
  if (!query) return (file) => plainPlan(table, columns, file, options, context);
  const plan = transformationPlan(table, columns, query, context);
  return (file) => ({ ...plan, select: (source) => plan.select(source, file.name) });
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
  const suitable = load.files.every(
    ({ csv, plan }) => !plan.needsRowNumber && suitsDuckDb(csv, plan.expected ?? csv.first?.fields.length ?? 0),
  );
  if (!suitable) return undefined;
  try {
    return await writing(load, async (writer) => {
      const outcomes: FileOutcome[] = [];
      const digests: string[] = [];
      for (const file of load.files) {
        const { count, digest } = await insertAtOnce(file, load.table, writer);
        digests.push(digest);
        outcomes.push({ name: file.name, parsed: count, loaded: count, errors: 0 });
      }
      return { outcomes, loaded: load.files, digests };
    });
  } catch (error) {
    if (error instanceof LoadedMeanwhile) throw error;
    if (error instanceof SnowflakeError && FINAL_CODES.has(error.code)) throw error;
    return undefined;
  }
}

/** Inserts a file's rows while another thread looks at its text. */
async function insertAtOnce(
  { csv, plan }: LoadFile,
  table: Table,
  writer: StatementWriter,
): Promise<{ count: number; digest: string }> {
  const width = csv.first!.fields.length;
  const select = plan.select(duckDbSource(csv, width, plan.width));
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
  const reports = await storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    const made: FileReport[] = [];
    for (const { csv, plan } of files) {
      const report = await checkFile(csv, plan, table.name, options, reader, context);
      if (report.first && options.onError.kind === "ABORT_STATEMENT") throw abortedLoad(csv.name, report.first);
      made.push(report);
    }
    return made;
  });
  return writing(load, async (writer) => {
    const outcomes: FileOutcome[] = [];
    const loaded: LoadFile[] = [];
    const digests: string[] = [];
    for (const [index, file] of files.entries()) {
      const report = reports[index]!;
      const count = isSkipped(report, options) ? 0 : await insertByRecord(file, report, table, writer);
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

function isSkipped({ parsed, bad }: FileReport, { onError }: CopyOptions): boolean {
  if (onError.kind !== "SKIP_FILE" || bad.size === 0) return false;
  return onError.percent ? bad.size * 100 > parsed * onError.limit : bad.size >= onError.limit;
}

async function insertByRecord(
  { csv, plan }: LoadFile,
  report: FileReport,
  table: Table,
  writer: StatementWriter,
): Promise<number> {
  const select = plan.select(jsonSource(csv, plan.width));
  let count = 0;
  for await (const batch of batches(csv)) {
    const good = batch.filter((record) => !report.bad.has(record.number));
    if (good.length > 0) count += await writer.insert(table.storageId, plan.names, select, [jsonRows(good)]);
  }
  return count;
}

interface Written {
  readonly outcomes: FileOutcome[];
  readonly loaded: readonly LoadFile[];
  /** One for each of `loaded`. */
  readonly digests: readonly string[];
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
    await context.instance.loads.record(records, transaction, (sql, parameters) =>
      writer.run(sql, parameters as never),
    );
    return outcomes;
  });
}

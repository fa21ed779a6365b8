import { unsupported } from "../../errors";
import { collectedRows, INTEGER, TEXT, type Outcome } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { StatementType } from "../../account/statementType";
import { RowCollector } from "../../rowset";
import type { SqlParameters } from "../../storage";
import { batchProjection, translateDuckDbError } from "../../translate";
import { checkFile, type RejectedRecord } from "./copyCheck";
import { abortedLoad } from "./copyErrors";
import type { Load } from "./load";
import type { Validation } from "./copyOptions";
import { parquetSource } from "./parquetFile";
import { batches } from "./recordFile";
import { recordRows, recordSource } from "./recordSource";
import type { RejectedFile } from "./rejectedRows";
import { isParquet } from "./sourceFile";
import { type ShownColumn, shown } from "../../execution/shownColumn";

/** Columns of RETURN_ERRORS and of VALIDATE. Source: "COPY INTO <table>", validating staged files. */
export const ERROR_COLUMNS: readonly ShownColumn<FileError>[] = [
  ["ERROR", TEXT, ({ error }) => error.message],
  ["FILE", TEXT, ({ file }) => file],
  ["LINE", INTEGER, ({ error }) => error.line],
  ["CHARACTER", INTEGER, ({ error }) => error.character],
  ["BYTE_OFFSET", INTEGER],
  ["CATEGORY", TEXT, ({ error }) => (PARSING_CODES.includes(error.code) ? "parsing" : "conversion")],
  ["CODE", INTEGER, ({ error }) => Number(error.code)],
  ["SQL_STATE", TEXT, ({ error }) => error.sqlState],
  ["COLUMN_NAME", TEXT, ({ error }) => error.column],
  ["ROW_NUMBER", INTEGER, ({ error }) => error.row],
  ["ROW_START_LINE", INTEGER, ({ error }) => error.startLine],
  ["REJECTED_RECORD", TEXT, ({ error }) => error.text],
];

/** Codes of what is wrong with a file's form, rather than with a value. */
const PARSING_CODES: readonly string[] = ["100065", "100080", "100016", "100068"];

/** An error and the file that it is in. */
interface FileError {
  readonly file: string;
  readonly error: RejectedRecord;
}

/** The errors of files as rows of `ERROR_COLUMNS`. */
export function fileErrors(files: readonly RejectedFile[]): FileError[] {
  return files.flatMap(({ file, report }) => report.errors.map((error) => ({ file, error })));
}

/** COPY with VALIDATION_MODE: what would be loaded, or what is wrong; nothing is loaded. */
export function validate(load: Load, mode: Validation): Promise<Outcome> {
  const { context } = load;
  const transaction = context.session.transaction?.storage;
  return context.instance.storage.read(transaction, context.signal, async (reader) => {
    if (mode.kind === "ROWS") return firstRows(load, mode.count, reader);
    const files: RejectedFile[] = [];
    for (const one of load.files) {
      const options = { table: load.table.name, copy: load.options, context, keepErrors: Number.MAX_SAFE_INTEGER };
      files.push({ file: one.name, report: await checkFile(one, options, reader) });
    }
    return shown(ERROR_COLUMNS, fileErrors(files), context, StatementType.COPY);
  });
}

type Reader = Parameters<typeof checkFile>[2];

/** The first rows as they would be loaded; the first error among them fails. */
async function firstRows({ table, options, context, files }: Load, count: number, reader: Reader): Promise<Outcome> {
  const { session } = queryEnvironment(context);
  const columns = table.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
  const bound = table.columns.map((column) => ({ ...column, id: column.physical }));
  const collector = new RowCollector(
    columns.map(({ type }) => type),
    () => context.instance.results.createFile(context.queryId),
  );
  for (const { file, plan, name } of files) {
    if (collector.rowCount >= count) break;
    const report = await checkFile(
      { file, plan },
      { table: table.name, copy: options, context, keepErrors: 1 },
      reader,
    );
    if (report.first && report.first.row <= count - collector.rowCount) throw abortedLoad(name, report.first);
    const take = (select: string, parameters?: SqlParameters): Promise<void> =>
      reader.chunks(
        batchProjection(`${select} LIMIT ${count - collector.rowCount}`, bound),
        (chunk) => collector.add(chunk),
        { parameters },
      );
    try {
      if (isParquet(file)) await take(plan.select(parquetSource(file, plan.shape, session)));
      else {
        const select = plan.select(recordSource(file, plan.width, "raise"));
        for await (const batch of batches(file)) {
          const good = batch.slice(0, count - collector.rowCount);
          if (good.length === 0) break;
          await take(select, [recordRows(good)]);
        }
      }
    } catch (error) {
      throw translateDuckDbError(error);
    }
  }
  if (columns.length === 0) throw unsupported("VALIDATION_MODE of a table without columns");
  return collectedRows(columns, await collector.end(), StatementType.COPY);
}

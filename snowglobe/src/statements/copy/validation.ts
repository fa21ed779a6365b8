import { unsupported } from "../../errors";
import { encodedRows, INTEGER, rows, TEXT, type Cell, type ColumnSpec, type Outcome } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { StatementType } from "../../account/statementType";
import { rowsetSql, translateDuckDbError } from "../../translate";
import { checkFile } from "./copyCheck";
import { abortedLoad } from "./copyErrors";
import type { Load } from "./load";
import type { Validation } from "./copyOptions";
import { parquetSource } from "./parquetFile";
import { batches } from "./recordFile";
import { recordRows, recordSource } from "./recordSource";
import type { RejectedFile } from "./rejectedRows";
import { isParquet } from "./sourceFile";

/** Columns of RETURN_ERRORS and of VALIDATE. Source: "COPY INTO <table>", validating staged files. */
export const ERROR_COLUMNS: readonly ColumnSpec[] = [
  ["ERROR", TEXT],
  ["FILE", TEXT],
  ["LINE", INTEGER],
  ["CHARACTER", INTEGER],
  ["BYTE_OFFSET", INTEGER],
  ["CATEGORY", TEXT],
  ["CODE", INTEGER],
  ["SQL_STATE", TEXT],
  ["COLUMN_NAME", TEXT],
  ["ROW_NUMBER", INTEGER],
  ["ROW_START_LINE", INTEGER],
  ["REJECTED_RECORD", TEXT],
];

/** The errors of files as rows of `ERROR_COLUMNS`. */
export function errorRows(files: readonly RejectedFile[]): Cell[][] {
  return files.flatMap(({ file, report }) =>
    report.errors.map((error): Cell[] => [
      error.message,
      file,
      error.line,
      error.character,
      null,
      error.code === "100065" || error.code === "100080" || error.code === "100016" || error.code === "100068"
        ? "parsing"
        : "conversion",
      Number(error.code),
      error.sqlState,
      error.column,
      error.row,
      error.startLine,
      error.text,
    ]),
  );
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
    return rows(ERROR_COLUMNS, errorRows(files), StatementType.COPY);
  });
}

type Reader = Parameters<typeof checkFile>[2];

/** The first rows as they would be loaded; the first error among them fails. */
async function firstRows({ table, options, context, files }: Load, count: number, reader: Reader): Promise<Outcome> {
  const { session } = queryEnvironment(context);
  const columns = table.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
  const bound = table.columns.map((column) => ({ ...column, id: column.physical }));
  const texts: string[] = [];
  for (const { file, plan, name } of files) {
    if (texts.length >= count) break;
    const report = await checkFile(
      { file, plan },
      { table: table.name, copy: options, context, keepErrors: 1 },
      reader,
    );
    if (report.first && report.first.row <= count - texts.length) throw abortedLoad(name, report.first);
    const rowset = (select: string): string => rowsetSql(`${select} LIMIT ${count - texts.length}`, bound);
    try {
      if (isParquet(file))
        texts.push(
          ...((await reader.texts(rowset(plan.select(parquetSource(file, plan.shape, session))))) as string[]),
        );
      else {
        const select = plan.select(recordSource(file, plan.width, "raise"));
        for await (const batch of batches(file)) {
          const good = batch.slice(0, count - texts.length);
          if (good.length === 0) break;
          texts.push(...((await reader.texts(rowset(select), [recordRows(good)])) as string[]));
        }
      }
    } catch (error) {
      throw translateDuckDbError(error);
    }
  }
  if (columns.length === 0) throw unsupported("VALIDATION_MODE of a table without columns");
  return encodedRows(columns, [{ rowCount: texts.length, json: texts.join(",") }], StatementType.COPY);
}

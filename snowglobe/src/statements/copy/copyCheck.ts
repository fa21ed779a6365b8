import type { SnowflakeError } from "../../errors";
import type { StatementReader } from "../../storage";
import { translateDuckDbError } from "../../translate";
import type { StatementContext } from "../../execution/context";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { countError, faultOf, valueError, type ErrorTarget, type RowError } from "./copyErrors";
import type { CopyOptions } from "./copyOptions";
import type { CsvFormat } from "./dataFormat";
import type { DataRecord } from "./dataRecord";
import { conversionBy, intoColumn, misfit } from "./fieldValue";
import type { LoadPlan } from "./loadPlan";
import { parquetSource, type ParquetFile } from "./parquetFile";
import { batches, type RecordFile } from "./recordFile";
import { recordRows, recordSource } from "./recordSource";
import { fieldName } from "./sourceColumns";
import { isParquet, type SourceFile } from "./sourceFile";

/** So much of a text that is too long a message quotes, as that of INSERT. */
const QUOTED_CHARACTERS = 50;

/** What reading a whole file without loading it has shown. */
export interface FileReport {
  readonly parsed: number;
  /** Numbers of the rows that cannot be loaded. */
  readonly bad: ReadonlySet<number>;
  readonly first?: RowError;
  /** What is wrong with the bad rows, in their order; only as many as `keepErrors` asks for. */
  readonly errors: readonly RejectedRecord[];
}

/** An error, and the record that it is in. */
export interface RejectedRecord extends RowError {
  /** Line where the record begins. */
  readonly startLine: number;
  /** As it stands in the file; undefined where the file is no text. */
  readonly text?: string;
}

/** A file on its way into a table. */
export interface Checked {
  readonly file: SourceFile;
  readonly plan: LoadPlan;
}

export interface CheckOptions {
  readonly table: string;
  readonly copy: CopyOptions;
  readonly context: StatementContext;
  /** Of how many bad rows the errors are wanted; of the first at least. */
  readonly keepErrors: number;
}

/** Reads a file, and finds all rows that do not go into the table, and what is wrong with the first. */
export async function checkFile(checked: Checked, options: CheckOptions, reader: StatementReader): Promise<FileReport> {
  const { file, plan } = checked;
  const check = new Check(plan, options, reader);
  if (isParquet(file)) await check.parquet(file);
  else await check.records(file);
  return check.report();
}

/** A row that its columns do not take, and the input that is to blame: its index, or DOCUMENT_ITSELF. */
interface Misfit {
  readonly record: DataRecord;
  readonly input: number;
}

const DOCUMENT_ITSELF = -1;

interface Failure {
  readonly record: DataRecord;
  readonly error: SnowflakeError;
}

class Check {
  private readonly target: ErrorTarget;
  private readonly bad = new Set<number>();
  private readonly errors: RejectedRecord[] = [];
  private parsed = 0;

  constructor(
    private readonly plan: LoadPlan,
    private readonly options: CheckOptions,
    private readonly reader: StatementReader,
  ) {
    this.target = { table: options.table, columns: plan.fieldNames };
  }

  report(): FileReport {
    const errors = [...this.errors].sort((a, b) => a.row - b.row);
    const [first] = errors;
    return { parsed: this.parsed, bad: this.bad, errors, ...(first && { first }) };
  }

  private get stopsAtFirst(): boolean {
    return this.options.copy.onError.kind === "ABORT_STATEMENT" && this.options.keepErrors <= 1;
  }

  private note(error: RowError, record: DataRecord): void {
    this.bad.add(error.row);
    this.errors.push({ ...error, startLine: record.line, ...(record.fields.length > 0 && { text: record.text }) });
  }

  async records(file: RecordFile): Promise<void> {
    for await (const batch of batches(file)) {
      const sound = batch.filter((record) => !this.isUnsound(record, file));
      this.parsed += batch.length;
      if (this.plan.inputs) await this.findMisfits(sound, file);
      else {
        const source = recordSource(file, this.plan.width, "raise");
        await this.findFailures(sound, (some) => [this.plan.select(source), recordRows(some)]);
      }
      if (this.errors.length > 0 && this.stopsAtFirst) return;
    }
  }

  private isUnsound(record: DataRecord, file: RecordFile): boolean {
    if (file.format.type !== "CSV") return false;
    const { dialect } = file.format as CsvFormat;
    const { expected } = this.plan;
    const error =
      faultOf(record, this.target, dialect) ??
      (expected === undefined ? undefined : countError(record, expected, this.target, dialect));
    if (error) this.note(error, record);
    return error !== undefined;
  }

  private async findMisfits(records: readonly DataRecord[], file: RecordFile): Promise<void> {
    const { inputs } = this.plan;
    const { copy, context } = this.options;
    const conversion = conversionBy(copy, queryEnvironment(context).session);
    const cases = inputs!.flatMap(({ value, column }, index) =>
      column ? [`WHEN ${misfit(value, column, conversion)} THEN ${index}`] : [],
    );
    if (file.format.type === "JSON") {
      cases.unshift(`WHEN ${fieldName(0)} IS NULL AND trim(raw) <> '' THEN ${DOCUMENT_ITSELF}`);
    }
    if (records.length === 0 || cases.length === 0) return;
    const source = recordSource(file, this.plan.width, "null");
    const { columns } = await this.reader.columns(
      `SELECT n, c FROM (SELECT n, CASE ${cases.join(" ")} END AS c FROM ${source}) WHERE c IS NOT NULL ORDER BY n`,
      [recordRows(records)],
    );
    const [numbers = [], found = []] = columns;
    const byNumber = new Map(records.map((record) => [record.number, record]));
    for (const [index, number] of numbers.entries()) {
      this.bad.add(Number(number));
      if (this.errors.length >= this.options.keepErrors && this.errors.every((error) => error.row < Number(number))) {
        continue;
      }
      const record = byNumber.get(Number(number))!;
      this.note(await this.misfitError({ record, input: Number(found[index]) }, file), record);
    }
  }

  private async misfitError({ record, input }: Misfit, file: RecordFile): Promise<RowError> {
    const { copy, context } = this.options;
    const nullIf = file.format.nullIf;
    const field = file.format.type === "CSV" ? input : 0;
    const raw = record.fields[field] ?? null;
    const value = raw !== null && nullIf.includes(raw) ? null : raw;
    const column = input === DOCUMENT_ITSELF ? undefined : this.plan.inputs![input]!.column!;
    const at = Math.max(input, 0);
    if (column && file.format.type === "CSV" && value === null) {
      return valueError(record, at, this.target, {
        code: "100088",
        sqlState: "22000",
        message:
          "NULL result in a non-nullable column. Use quotes if an empty field should be interpreted as an empty string instead of a null",
      });
    }
    if (column?.type.kind === "VARCHAR" && file.format.type === "CSV") {
      return valueError(record, at, this.target, {
        code: "100074",
        sqlState: "54000",
        message: `User character length limit (${column.type.length}) exceeded by string '${shortValue(value)}'`,
      });
    }
    const conversion = conversionBy(copy, queryEnvironment(context).session);
    const into = column ? intoColumn(this.plan.inputs![input]!.value, column, conversion) : fieldName(0);
    const source = recordSource(file, this.plan.width, "raise");
    // Hashes need the value.
    const sql = `SELECT hash(v) FROM (SELECT ${into} AS v FROM ${source} AS s) AS t`;
    const error = await failureOf(() => this.reader.value(sql, [recordRows([record])]));
    if (!error) throw new Error(`field ${at + 1} of row ${record.number} was refused and then accepted`);
    return valueError(record, at, this.target, error);
  }

  /** Rows that a query over them fails on, found by halves. @param query its text, and the rows as its parameter */
  private async findFailures(
    records: readonly DataRecord[],
    query: (some: readonly DataRecord[]) => readonly [sql: string, parameter?: string],
  ): Promise<void> {
    if (records.length === 0) return;
    const [select, parameter] = query(records);
    const sql = `SELECT max(hash(t)) FROM (${select}) AS t`;
    const error = await failureOf(() => this.reader.value(sql, parameter === undefined ? [] : [parameter]));
    if (!error) return;
    if (records.length === 1) {
      this.note(this.failureError({ record: records[0]!, error }), records[0]!);
      return;
    }
    const half = records.length >> 1;
    await this.findFailures(records.slice(0, half), query);
    if (this.errors.length > 0 && this.stopsAtFirst) return;
    await this.findFailures(records.slice(half), query);
  }

  private failureError({ record, error }: Failure): RowError {
    // NULL in a column names the column itself; which expression failed otherwise is not known.
    const name = /NULL result in a non-nullable column: (.*)$/.exec(error.message)?.[1];
    const index = name === undefined ? 0 : this.plan.fieldNames.indexOf(name);
    return { ...valueError(record, Math.max(0, index), this.target, error), line: record.line, character: 1 };
  }

  async parquet(file: ParquetFile): Promise<void> {
    const { session } = queryEnvironment(this.options.context);
    const source = parquetSource(file, this.plan.shape, session);
    const total = Number(await this.reader.value(`SELECT count(*) FROM ${source}`));
    this.parsed = total;
    const rowsOf = Array.from({ length: total }, (_, index): DataRecord => ({
      number: index + 1,
      line: index + 1,
      text: "",
      fields: [],
      starts: [],
    }));
    await this.findFailures(rowsOf, (some) => [
      this.plan.select(`(SELECT * FROM ${source} WHERE n BETWEEN ${some[0]!.number} AND ${some.at(-1)!.number})`),
    ]);
  }
}

async function failureOf(work: () => Promise<unknown>): Promise<SnowflakeError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const translated = translateDuckDbError(error);
    if (translated.code === "000604" || translated.code === "000603") throw translated;
    return translated;
  }
}

/** A text that is too long for its column, as far as a message quotes it. */
function shortValue(value: string | null): string {
  const characters = [...(value ?? "").slice(0, 4 * QUOTED_CHARACTERS)];
  return characters.slice(0, QUOTED_CHARACTERS).join("");
}

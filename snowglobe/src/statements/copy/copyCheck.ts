import type { SnowflakeError } from "../../errors";
import type { StatementReader } from "../../storage";
import { translateDuckDbError } from "../../translate";
import type { StatementContext } from "../../execution/context";
import { countError, faultOf, valueError, type ErrorTarget, type RowError } from "./copyErrors";
import type { CopyOptions } from "./copyOptions";
import { batches, type CsvFile } from "./csvFile";
import type { CsvRecord } from "./csvRecords";
import { jsonRows, jsonSource } from "./csvSource";
import { conversionOf, misfit, type LoadPlan } from "./loadPlan";

/** What reading a whole file without loading it has shown. */
export interface FileReport {
  readonly parsed: number;
  /** Numbers of the rows that cannot be loaded. */
  readonly bad: ReadonlySet<number>;
  readonly first?: RowError;
}

/** A row that its columns do not take, and the field that is to blame. */
interface Misfit {
  readonly record: CsvRecord;
  readonly field: number;
}

/** Reads a file record by record, and finds all rows that do not go into the table, and what is wrong with the first. */
export async function checkFile(
  file: CsvFile,
  plan: LoadPlan,
  table: string,
  options: CopyOptions,
  reader: StatementReader,
  context: StatementContext,
): Promise<FileReport> {
  const target: ErrorTarget = { table, columns: plan.fieldNames };
  const bad = new Set<number>();
  let parsed = 0;
  let first: RowError | undefined;
  const note = (error: RowError): void => {
    bad.add(error.row);
    if (!first || error.row < first.row) first = error;
  };
  for await (const batch of batches(file)) {
    const sound: CsvRecord[] = [];
    for (const record of batch) {
      const error =
        faultOf(record, target, file.dialect) ??
        (plan.expected === undefined ? undefined : countError(record, plan.expected, target, file.dialect));
      if (error) note(error);
      else sound.push(record);
    }
    parsed += batch.length;
    if (plan.fields) {
      const misfits = await findMisfits(sound, file, plan, options, reader, context);
      for (const one of misfits) bad.add(one.record.number);
      const earliest = misfits[0];
      if (earliest && (!first || earliest.record.number < first.row)) {
        note(await misfitError(earliest, file, plan, target, options, reader, context));
      }
    } else {
      const failure = await failingRow(sound, file, plan, reader);
      if (failure) note(transformationError(failure, plan, target));
    }
    if (first && options.onError.kind === "ABORT_STATEMENT") break;
  }
  return { parsed, bad, ...(first && { first }) };
}

/** In the order of rows. */
async function findMisfits(
  records: readonly CsvRecord[],
  file: CsvFile,
  plan: LoadPlan,
  options: CopyOptions,
  reader: StatementReader,
  context: StatementContext,
): Promise<Misfit[]> {
  if (records.length === 0) return [];
  const cases = plan.fields!.flatMap((column, index) =>
    column ? [`WHEN ${misfit(index, column, options, context)} THEN ${index}`] : [],
  );
  if (cases.length === 0) return [];
  const source = jsonSource(file, plan.width);
  const { columns } = await reader.columns(
    `SELECT n, c FROM (SELECT n, CASE ${cases.join(" ")} END AS c FROM ${source}) WHERE c IS NOT NULL ORDER BY n`,
    [jsonRows(records)],
  );
  const [numbers = [], fields = []] = columns;
  const byNumber = new Map(records.map((record) => [record.number, record]));
  return numbers.map((number, index) => ({ record: byNumber.get(Number(number))!, field: Number(fields[index]) }));
}

async function misfitError(
  { record, field }: Misfit,
  file: CsvFile,
  plan: LoadPlan,
  target: ErrorTarget,
  options: CopyOptions,
  reader: StatementReader,
  context: StatementContext,
): Promise<RowError> {
  const column = plan.fields![field]!;
  const raw = record.fields[field] ?? null;
  const value = raw !== null && file.dialect.nullIf.includes(raw) ? null : raw;
  if (value === null) {
    return valueError(record, field, target, {
      code: "100088",
      sqlState: "22000",
      message:
        "NULL result in a non-nullable column. Use quotes if an empty field should be interpreted as an empty string instead of a null",
    });
  }
  if (column.type.kind === "VARCHAR") {
    return valueError(record, field, target, {
      code: "100074",
      sqlState: "54000",
      message: `User character length limit (${column.type.length}) exceeded by string '${value}'`,
    });
  }
  const error = await failureOf(() => reader.value(conversionOf(value, column, options, context)));
  if (!error) throw new Error(`field ${field + 1} of row ${record.number} was refused and then accepted`);
  return valueError(record, field, target, error);
}

interface Failure {
  readonly record: CsvRecord;
  readonly error: SnowflakeError;
}

/** The first row of some that a transformation fails on, found by halves. */
async function failingRow(
  records: readonly CsvRecord[],
  file: CsvFile,
  plan: LoadPlan,
  reader: StatementReader,
): Promise<Failure | undefined> {
  if (records.length === 0) return undefined;
  // Hashes need every value.
  const sql = `SELECT max(hash(t)) FROM (${plan.select(jsonSource(file, plan.width))}) AS t`;
  const error = await failureOf(() => reader.value(sql, [jsonRows(records)]));
  if (!error) return undefined;
  if (records.length === 1) return { record: records[0]!, error };
  const half = records.length >> 1;
  return (
    (await failingRow(records.slice(0, half), file, plan, reader)) ??
    (await failingRow(records.slice(half), file, plan, reader))
  );
}

function transformationError({ record, error }: Failure, plan: LoadPlan, target: ErrorTarget): RowError {
  // NULL in a column names the column itself; which expression failed otherwise is not known.
  const name = /NULL result in a non-nullable column: (.*)$/.exec(error.message)?.[1];
  const index = name === undefined ? 0 : plan.fieldNames.indexOf(name);
  return { ...valueError(record, Math.max(0, index), target, error), line: record.line, character: 1 };
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

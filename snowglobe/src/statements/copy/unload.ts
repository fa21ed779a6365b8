import { randomUUID } from "node:crypto";
import { createWriteStream, promises as fs } from "node:fs";
import path from "node:path";
import { Readable, type Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliCompress, createDeflate, createDeflateRaw, createGzip } from "node:zlib";
import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { Handler, StatementContext } from "../../execution/context";
import { INTEGER, rows, TEXT, type ColumnSpec, type Outcome } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { scanTexts } from "../../execution/scans";
import { useWarehouse } from "../../execution/useWarehouse";
import { StatementType } from "../../account/statementType";
import type { Expression } from "../../sql/ast/expression";
import type { Query, Select } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import { type StatementReader } from "../../storage";
import { emitPlan, isSemiStructured, translateDuckDbError, type BoundQuery, type PlanColumn } from "../../translate";
import { bind } from "../query/query";
import { resolveLocation, type ResolvedLocation } from "../stage/files";
import { extensionOf, unloadOptions, type UnloadCompression, type UnloadOptions } from "./unloadOptions";
import { csvHeader, csvLine, textStyle } from "./unloadText";
import { literal } from "../../quoting";

const TOTALS: readonly ColumnSpec[] = [
  ["rows_unloaded", INTEGER],
  ["input_bytes", INTEGER],
  ["output_bytes", INTEGER],
];
const DETAILS: readonly ColumnSpec[] = [
  ["FILE_NAME", TEXT],
  ["FILE_SIZE", INTEGER],
  ["ROW_COUNT", INTEGER],
];

/** What became of one file. */
interface Unloaded {
  readonly name: string;
  readonly rows: number;
  /** Before and after compression. */
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** Rows on their way into files. */
interface Unload {
  readonly options: UnloadOptions;
  readonly location: ResolvedLocation;
  /** Columns of the files. */
  readonly columns: readonly PlanColumn[];
  /** FROM item with all rows. */
  readonly from: string;
  readonly reader: StatementReader;
  readonly context: StatementContext;
}

/** COPY INTO <location>. Source: its page. */
export const copyIntoLocation: Handler<StatementOf<"copyIntoLocation">> = async (statement, context) => {
  if (statement.to.kind === "url") throw unsupported("COPY INTO an external location");
  const location = resolveLocation(statement.to.location, context, "WRITE");
  const { partitionBy } = statement;
  const options = unloadOptions(statement.properties, location.fileFormat, partitionBy !== undefined, context);
  const bound = await bind(queryOf(statement.from, partitionBy), context);
  const columns = partitionBy ? bound.columns.slice(0, -1) : bound.columns;
  requireFit(columns, options);
  if (context.describeOnly) return rows(options.detailedOutput ? DETAILS : TOTALS, [], StatementType.UNLOAD);
  useWarehouse(context);
  const files = await unloaded(bound, columns, partitionBy !== undefined, { options, location, context });
  return answer(files, options);
};

function answer(files: readonly Unloaded[], options: UnloadOptions): Outcome {
  if (options.detailedOutput) {
    return rows(
      DETAILS,
      files.map((file) => [file.name, file.outputBytes, file.rows]),
      StatementType.UNLOAD,
    );
  }
  const sum = (of: (file: Unloaded) => number): number => files.reduce((total, file) => total + of(file), 0);
  return rows(
    TOTALS,
    [[sum((file) => file.rows), sum((file) => file.inputBytes), sum((file) => file.outputBytes)]],
    StatementType.UNLOAD,
  );
}

/** The rows as one query, with the partition as its last column. */
function queryOf(from: StatementOf<"copyIntoLocation">["from"], partitionBy: Expression | undefined): Query {
  if (from.kind === "query" && !partitionBy) return from.query;
  const span = from.kind === "query" ? from.query.span : from.name[0]!.span;
  const source: Select["from"][number] =
    from.kind === "query"
      ? { kind: "derived", lateral: false, query: from.query, columnAliases: [], span }
      : { kind: "table", name: from.name, columnAliases: [], span };
  const star: Expression = { kind: "star", qualifier: [], span };
  const items = [star, ...(partitionBy ? [partitionBy] : [])].map((expression) => ({ expression, span }));
  const body: Select = { kind: "select", distinct: false, items, from: [source], span };
  return { kind: "query", ctes: [], recursive: false, body, orderBy: [], span };
}

function requireFit(columns: readonly PlanColumn[], { type }: UnloadOptions): void {
  if (type === "JSON" && (columns.length !== 1 || !isSemiStructured(columns[0]!.type))) {
    throw compilationError(
      "JSON file format needs one column of type VARIANT, OBJECT or ARRAY: use OBJECT_CONSTRUCT in a query.",
      "002019",
      "0A000",
    );
  }
  const zoned = columns.find(({ type: one }) => one.kind === "TIMESTAMP_TZ" || one.kind === "TIMESTAMP_LTZ");
  if (type === "PARQUET" && zoned) {
    throw compilationError(
      `Error encountered when unloading to PARQUET: TIMESTAMP_TZ and LTZ types are not supported for unloading to Parquet. (column ${zoned.name})`,
      "002019",
      "0A000",
    );
  }
}

async function unloaded(
  bound: BoundQuery,
  columns: readonly PlanColumn[],
  partitioned: boolean,
  how: Pick<Unload, "options" | "location" | "context">,
): Promise<Unloaded[]> {
  const { context } = how;
  const transaction = context.session.transaction?.storage;
  try {
    return await context.instance.storage.read(transaction, context.signal, async (reader) => {
      const scans = await scanTexts(bound.plan, reader, context);
      const from = `(${emitPlan(bound.plan, { scan: (node) => scans.get(node.scanId)! })})`;
      const unload: Unload = { ...how, columns, from, reader };
      if (!partitioned) return writeFiles(unload, unload.from, "");
      const id = bound.columns.at(-1)!.id;
      const { columns: found } = await reader.columns(
        `SELECT DISTINCT CAST(${id} AS VARCHAR) AS p FROM ${from} ORDER BY p`,
      );
      const files: Unloaded[] = [];
      for (const value of (found[0] ?? []) as (string | null)[]) {
        const only = value === null ? `${id} IS NULL` : `CAST(${id} AS VARCHAR) = ${literal(value)}`;
        const part = value === null ? "__NULL__" : value.replace(/^\/+|\/+$/g, "");
        files.push(...(await writeFiles(unload, `(SELECT * FROM ${from} WHERE ${only})`, `${part}/`)));
      }
      return files;
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
}

async function writeFiles(unload: Unload, from: string, partition: string): Promise<Unloaded[]> {
  return unload.options.type === "PARQUET" ? writeParquet(unload, from, partition) : writeText(unload, from, partition);
}

/** Name of the n-th file of a partition, relative to the stage. */
function nameOf({ options, location, context }: Unload, partition: string, index: number): string {
  const folder = location.path === "" || location.path.endsWith("/");
  if (options.single) return folder ? `${location.path}data` : location.path;
  const id = options.includeQueryId ? `_${context.queryId}` : "";
  const base =
    partition !== ""
      ? `${folder || location.path === "" ? location.path : `${location.path}/`}${partition}data`
      : folder
        ? `${location.path}data`
        : location.path;
  return `${base}${id}_0_${index}_0${extensionOf(options)}`;
}

/** Writes beside the stage first: a file is there whole or not at all. */
async function placed(unload: Unload, name: string, write: (file: string) => Promise<void>): Promise<number> {
  const { instance } = unload.context;
  const target = await instance.stageFiles.placeFor(unload.location.folder, name);
  if (!unload.options.overwrite && (await exists(target))) {
    throw new SnowflakeError(
      "001030",
      "22000",
      `Files already existing at the unload destination: ${unload.location.label}/${name}. Use overwrite option to force unloading.`,
    );
  }
  const work = path.join(instance.settings.stageRoot, ".incoming");
  await fs.mkdir(work, { recursive: true });
  const temporary = path.join(work, randomUUID());
  try {
    await write(temporary);
    const { size } = await fs.stat(temporary);
    await fs.rename(temporary, target);
    return size;
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => true,
    () => false,
  );
}

async function writeParquet(unload: Unload, from: string, partition: string): Promise<Unloaded[]> {
  const { reader, columns, options } = unload;
  const count = Number(await reader.value(`SELECT count(*) FROM ${from}`));
  if (count === 0) return [];
  const selected = columns.map(({ id, name, type }, index) => {
    const shown = options.header ? name : `_COL_${index}`;
    const value = isSemiStructured(type) ? `fn.variant_text(${id})` : id;
    return `${value} AS "${shown.replaceAll('"', '""')}"`;
  });
  const codec = options.compression === "SNAPPY" ? "snappy" : "uncompressed";
  const name = nameOf(unload, partition, 0);
  const size = await placed(unload, name, async (file) => {
    await reader.rows(
      `COPY (SELECT ${selected.join(", ")} FROM ${from}) TO ${literal(file)} (FORMAT parquet, COMPRESSION ${codec})`,
    );
  });
  return [{ name, rows: count, inputBytes: size, outputBytes: size }];
}

const PACK: Readonly<Partial<Record<UnloadCompression, () => Duplex>>> = {
  GZIP: () => createGzip(),
  BROTLI: () => createBrotliCompress(),
  DEFLATE: () => createDeflate(),
  RAW_DEFLATE: () => createDeflateRaw(),
};

async function writeText(unload: Unload, from: string, partition: string): Promise<Unloaded[]> {
  const { reader, columns, options, context } = unload;
  const style = textStyle(options.format);
  const { session } = queryEnvironment(context);
  const isCsv = options.type === "CSV";
  const line = isCsv ? csvLine(columns, style, session) : `(fn.variant_text(${columns[0]!.id}) || chr(10))`;
  const lines = (await reader.texts(`SELECT ${line} FROM ${from}`)) as string[];
  const header = isCsv && options.header ? csvHeader(columns, style) : "";
  const files: Unloaded[] = [];
  for (const [index, part] of parts(lines, options).entries()) {
    const name = nameOf(unload, partition, index);
    const texts = header === "" ? part : [header, ...part];
    const outputBytes = await placed(unload, name, async (file) => {
      const pack = PACK[options.compression]?.();
      const source = Readable.from(texts);
      if (pack) await pipeline(source, pack, createWriteStream(file));
      else await pipeline(source, createWriteStream(file));
    });
    const inputBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    files.push({ name, rows: part.length, inputBytes, outputBytes });
  }
  return files;
}

/** Lines by files: another is begun where one has grown to MAX_FILE_SIZE. */
function parts(lines: readonly string[], { single, maxFileSize }: UnloadOptions): string[][] {
  const found: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    if (bytes >= maxFileSize && (found.length === 0 || !single)) {
      found.push([]);
      bytes = 0;
    }
    found.at(-1)!.push(line);
    bytes += Buffer.byteLength(line);
  }
  return found;
}

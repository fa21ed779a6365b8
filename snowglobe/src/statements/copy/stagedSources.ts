import { randomUUID } from "node:crypto";
import { createWriteStream, promises as fs } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { StagedRelations, StatementContext } from "../../execution/context";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { parseObjectName } from "../../sql";
import type { StageSource } from "../../sql/ast/query";
import type { Statement } from "../../sql/ast/statement";
import type { FunctionCall } from "../../sql/ast/expression";
import { nodesOf } from "../../sql/syntaxNodes";
import type { StatementReader } from "../../storage";
import type { SqlRelation } from "../../translate";
import { directoryRelation } from "../stage/directoryTable";
import { resolveLocation } from "../stage/files";
import { formatByName } from "../stage/formatOptions";
import { abortedLoad, faultOf } from "./copyErrors";
import { dataFormat } from "./dataFormat";
import { inferSchema, isInferSchema } from "./inferSchema";
import { parquetSource } from "./parquetFile";
import { batches, scan, type RecordFile } from "./recordFile";
import { duckDbSource, recordFileSource, recordLine, suitsDuckDb } from "./recordSource";
import { fieldName } from "./sourceColumns";
import { isParquet, openSource, type SourceFile } from "./sourceFile";
import { fileRelation, withFileColumns } from "./stagedRelation";

/** Statements whose queries may read stages. */
const READERS: ReadonlySet<Statement["kind"]> = new Set([
  ...(["queryStatement", "insert", "createTable", "merge", "update", "delete", "copyIntoLocation"] as const),
]);

/** Folder for files under way, which the server empties when it starts. */
const WORK_FOLDER = ".incoming";

/**
 * Runs a statement with what its stages hold. Source: "Querying data in staged files".
 *
 * @param run gets the context in which the statement's names are bound
 */
export async function withStagedRelations<T>(
  statement: Statement,
  context: StatementContext,
  run: (context: StatementContext) => Promise<T>,
): Promise<T> {
  // Most statements have neither: that costs no walk over their nodes.
  if (!READERS.has(statement.kind) || !/@|infer_schema/i.test(context.text)) return run(context);
  const nodes = [...nodesOf(statement)];
  const sources = nodes.filter((node) => node.kind === "stage" && "columnAliases" in node) as unknown as StageSource[];
  const calls = nodes.filter((node) => node.kind === "call" && isInferSchema(node)) as unknown as FunctionCall[];
  if (sources.length === 0 && calls.length === 0) return run(context);
  const wishes: Wishes = {
    positions: Math.max(0, ...nodes.map((node) => (node.kind === "positional" ? (node.position as number) : 0))),
    rowNumbers: nodes.some(
      (node) => node.kind === "column" && JSON.stringify(node.parts).includes("METADATA$FILE_ROW_NUMBER"),
    ),
  };
  const written: string[] = [];
  try {
    const transaction = context.session.transaction?.storage;
    const staged = await context.instance.storage.read(transaction, context.signal, async (reader) => {
      const found = new Map<number, SqlRelation>();
      for (const source of sources) {
        found.set(source.span.start, await relationOf(source, wishes, reader, context, written));
      }
      const schemas = new Map<string, SqlRelation>();
      for (const call of calls) {
        const [location, relation] = await inferSchema(call, reader, context);
        schemas.set(location, relation);
      }
      return { text: context.text, sources: found, schemas } satisfies StagedRelations;
    });
    return await run({ ...context, staged });
  } finally {
    for (const file of written) await fs.rm(file, { force: true });
  }
}

/** What a statement asks of all of its stages. */
interface Wishes {
  /** The largest n of `$n`. */
  readonly positions: number;
  readonly rowNumbers: boolean;
}

async function relationOf(
  source: StageSource,
  wishes: Wishes,
  reader: StatementReader,
  context: StatementContext,
  written: string[],
): Promise<SqlRelation> {
  if (source.directory) return directoryRelation(source, context);
  const resolved = resolveLocation(source.location, context, "READ");
  const named = source.fileFormat;
  const format = dataFormat(named === undefined ? resolved.fileFormat : formatByName(parseObjectName(named), context));
  const staged = await context.instance.stageFiles.list(resolved.folder, resolved.path, source.pattern, context.signal);
  const files: SourceFile[] = [];
  for (const file of staged) files.push(await openSource(file, file.name, format, reader));
  const widths = files.map((file) => (isParquet(file) ? 1 : (file.first?.fields.length ?? 0)));
  const width = format.type === "CSV" ? Math.max(1, wishes.positions, ...widths) : 1;
  const shape = format.type === "CSV" ? width : "document";
  const columns = [...Array.from({ length: width }, (_, index) => fieldName(index)), "n"];
  const { session } = queryEnvironment(context);
  const parts: string[] = [];
  for (const file of files) {
    const read = isParquet(file)
      ? parquetSource(file, "document", session)
      : await recordsOf(file, width, wishes, context, written);
    parts.push(
      `SELECT ${columns.join(", ")}, file_name, file_modified, scan_began FROM ${withFileColumns(read, file, context)} AS s`,
    );
  }
  if (parts.length === 0) parts.push(nothing(shape, columns));
  return fileRelation(shape, `(${parts.join(" UNION ALL ")})`);
}

function nothing(shape: number | "document", columns: readonly string[]): string {
  const fields = columns.map((name) =>
    name === "n"
      ? "CAST(NULL AS BIGINT) AS n"
      : `CAST(NULL AS ${shape === "document" ? "JSON" : "VARCHAR"}) AS ${name}`,
  );
  const file = "CAST(NULL AS VARCHAR) AS file_name, CAST(NULL AS TIMESTAMP) AS file_modified";
  return `SELECT ${fields.join(", ")}, ${file}, CAST(NULL AS TIMESTAMPTZ) AS scan_began LIMIT 0`;
}

/** DuckDB's reader where it reads the file as Snowflake does; else the records are laid out so that it can. */
async function recordsOf(
  file: RecordFile,
  width: number,
  wishes: Wishes,
  context: StatementContext,
  written: string[],
): Promise<string> {
  const fields = file.first?.fields.length ?? 0;
  if (!wishes.rowNumbers && suitsDuckDb(file, fields) && (await scan(file, fields)).plain) {
    return `(SELECT *, CAST(NULL AS BIGINT) AS n FROM ${duckDbSource(file, fields, width)} AS s)`;
  }
  const folder = path.join(context.instance.settings.stageRoot, WORK_FOLDER);
  await fs.mkdir(folder, { recursive: true });
  const laidOut = path.join(folder, `${randomUUID()}.ndjson`);
  written.push(laidOut);
  const length = { longest: 0 };
  await pipeline(Readable.from(linesOf(file, length)), createWriteStream(laidOut));
  return recordFileSource(laidOut, file, width, length.longest);
}

/** @param length told the bytes of the longest line */
async function* linesOf(file: RecordFile, length: { longest: number }): AsyncGenerator<string> {
  for await (const batch of batches(file)) {
    for (const record of batch) {
      const fault = file.format.type === "CSV" && faultOf(record, { table: "STAGE", columns: [] }, file.format.dialect);
      if (fault) throw abortedLoad(file.name, fault);
    }
    const lines = batch.map(recordLine);
    for (const line of lines) length.longest = Math.max(length.longest, Buffer.byteLength(line));
    yield lines.join("");
  }
}

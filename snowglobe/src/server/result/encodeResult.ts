import { arrowRows, jsonRows, type ArrowColumn } from "../../rowset";
import type { ClientSession, ResultForm } from "../../session/contract";
import type { ResultColumn, RowChunk, StatementResult } from "../../account/result";
import { StatementType } from "../../account/statementType";
import { VARCHAR } from "../../sql/ast/dataType";
import { transferColumns } from "../stage/transferAnswer";
import { clientParameters } from "./clientParameters";
import { rowTypeEntry } from "./rowType";

/** What an encoded result needs from the server around it. */
export interface ResultLinks {
  /** Address of a chunk that is not in the answer itself. */
  chunkUrl(index: number, form: ResultForm): string;
  /** PUT and GET: the keys of the answer that tell the driver where the bytes go. */
  transfer?(): Readonly<Record<string, unknown>>;
}

/** A driver takes a result without columns for a broken one. */
const STATUS_COLUMN: ResultColumn = { name: "status", type: VARCHAR, nullable: true };

const UMBRELLA_COLUMN: ResultColumn = { name: "multiple statement execution", type: VARCHAR, nullable: false };
const UMBRELLA_CHUNK: RowChunk = { rowCount: 1, json: '["Multiple statements executed successfully."]' };

/** The rows of a chunk in the form that a client reads. */
export type EncodedRows =
  { readonly format: "json"; readonly text: string } | { readonly format: "arrow"; readonly bytes: Uint8Array };

/** Rows of a chunk for a client: JSON without the outer brackets, or an Arrow stream. */
export function encodeRows(result: StatementResult, chunk: RowChunk, form: ResultForm): EncodedRows {
  if (!chunk.source) return { format: "json", text: chunk.json };
  const types = result.columns.map(({ type }) => type);
  if (!form.arrow) return { format: "json", text: jsonRows(chunk.source.load(), types, form.indent) };
  const columns = result.columns.map((column, index): ArrowColumn => ({
    ...column,
    wide: result.wide?.includes(index) ?? false,
  }));
  return { format: "arrow", bytes: arrowRows(chunk.source.load(), columns, form.indent) };
}

/** Whether all of a result's rows go as Arrow: a driver reads one form in one answer. */
function goesAsArrow(result: StatementResult, form: ResultForm): boolean {
  return form.arrow && result.chunks.length > 0 && result.chunks.every(({ source }) => source !== undefined);
}

/**
 * The whole answer for a statement that went well, as JSON text: the first chunk of rows inline, the others by address.
 */
export function encodeResult(result: StatementResult, session: ClientSession, links: ResultLinks): string {
  const shown = result.children ? umbrella(result) : result;
  const rowtype = shownColumns(shown).map(rowTypeEntry);
  const later = shown.chunks.slice(1);
  const [first] = shown.chunks;
  const form = { ...session.resultForm, arrow: goesAsArrow(shown, session.resultForm) };
  const rows = first && encodeRows(shown, first, form);
  const { database, schema, warehouse, role } = session.current;
  const head = {
    ...(result.transfer ? links.transfer?.() : {}),
    parameters: clientParameters(session),
    rowtype,
    total: shown.total,
    returned: shown.total,
    queryId: result.queryId,
    sqlState: null,
    databaseProvider: null,
    finalDatabaseName: database,
    finalSchemaName: schema,
    finalWarehouseName: warehouse,
    finalRoleName: role,
    numberOfBinds: result.numberOfBinds,
    arrayBindSupported: result.statementTypeId === StatementType.INSERT,
    metaDataOfBinds: Array.from({ length: result.numberOfBinds }, (_, i) =>
      rowTypeEntry({ name: String(i + 1), type: VARCHAR, nullable: true }),
    ),
    statementTypeId: shown.statementTypeId,
    version: 1,
    sendResultTime: Date.now(),
    queryResultFormat: form.arrow ? "arrow" : "json",
    queryContext: null,
    ...(result.statistics ? { stats: result.statistics } : {}),
    ...(result.children ? childKeys(result.children) : {}),
    ...(later.length > 0 ? chunkKeys(later, form, links) : {}),
  };
  const open = JSON.stringify(head).slice(0, -1);
  const inline =
    rows?.format === "arrow"
      ? `"rowsetBase64":"${shown.total === 0 ? "" : Buffer.from(rows.bytes).toString("base64")}"`
      : `"rowset":[${rows?.text ?? ""}]`;
  return `{"data":${open},${inline}},"code":null,"message":null,"success":true}`;
}

function shownColumns(result: StatementResult): readonly ResultColumn[] {
  if (result.transfer) return transferColumns(result.transfer);
  return result.columns.length > 0 ? result.columns : [STATUS_COLUMN];
}

function umbrella(result: StatementResult): StatementResult {
  const statementTypeId = StatementType.MULTI;
  return { ...result, statementTypeId, columns: [UMBRELLA_COLUMN], total: 1, chunks: [UMBRELLA_CHUNK] };
}

function childKeys(children: NonNullable<StatementResult["children"]>): Record<string, string> {
  return {
    resultIds: children.map((child) => child.queryId).join(","),
    resultTypes: children.map((child) => child.statementTypeId).join(","),
  };
}

function chunkKeys(later: readonly RowChunk[], form: ResultForm, links: ResultLinks): Record<string, unknown> {
  return {
    chunks: later.map((chunk, i) => {
      // Rows on disk are written for the client when it asks for them: until then their size is an estimate.
      const size = chunk.source?.bytes ?? Buffer.byteLength(chunk.json);
      return {
        url: links.chunkUrl(i + 1, form),
        rowCount: chunk.rowCount,
        uncompressedSize: size,
        compressedSize: size,
      };
    }),
    // Without it drivers send the headers of an encrypted object store.
    chunkHeaders: { Accept: "*/*" },
  };
}

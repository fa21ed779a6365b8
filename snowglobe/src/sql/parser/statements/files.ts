import { unsupported } from "../../../errors";
import type { Expression } from "../../ast/expression";
import type { ObjectName } from "../../ast/identifier";
import type { Property } from "../../ast/property";
import type { StageLocation } from "../../ast/query";
import type {
  CopyIntoLocation,
  CopyIntoTable,
  Get,
  ListFiles,
  Put,
  RemoveFiles,
  StageTarget,
} from "../../ast/statements/stage";
import { TokenKind } from "../../lexer/tokens";
import type { TokenCursor } from "../cursor";
import { parseObjectName, parseOptionalColumnList, parseVariable } from "../identifier";
import { parseProperties } from "../property";
import { atStageLocation, parseStageLocation } from "../stageLocation";

/** Sources: "COPY INTO <table>", "COPY INTO <location>". */
export function parseCopy(cursor: TokenCursor): CopyIntoTable | CopyIntoLocation {
  const first = cursor.index;
  cursor.expect("COPY");
  if (cursor.is("FILES")) throw unsupported("COPY FILES");
  cursor.expect("INTO");
  if (atStageLocation(cursor) || cursor.atString) return parseCopyIntoLocation(cursor, first);
  const tableIndex = cursor.index;
  const table = parseObjectName(cursor);
  const span = cursor.spanFrom(tableIndex);
  const columns = parseOptionalColumnList(cursor);
  // Without FROM the table's own stage is read.
  const from = cursor.accept("FROM")
    ? parseCopySource(cursor)
    : ({ kind: "stage", location: tableStage(table, span) } as const);
  const properties = parseProperties(cursor);
  return { kind: "copyIntoTable", table, columns, from, properties, span: cursor.spanFrom(first) };
}

function tableStage(name: ObjectName, span: StageLocation["span"]): StageLocation {
  return { stage: { kind: "table", name }, path: "", span };
}

function parseCopySource(cursor: TokenCursor): CopyIntoTable["from"] {
  if (atStageLocation(cursor)) return { kind: "stage", location: parseStageLocation(cursor) };
  if (cursor.atString) return { kind: "url", url: cursor.string() };
  cursor.expect("(");
  const query = cursor.grammar.query(cursor);
  cursor.expect(")");
  return { kind: "query", query };
}

function parseCopyIntoLocation(cursor: TokenCursor, first: number): CopyIntoLocation {
  const to: CopyIntoLocation["to"] = atStageLocation(cursor)
    ? { kind: "stage", location: parseStageLocation(cursor) }
    : { kind: "url", url: cursor.string() };
  cursor.expect("FROM");
  const from: CopyIntoLocation["from"] = cursor.is("(")
    ? { kind: "query", query: cursor.parenthesized(() => cursor.grammar.query(cursor))[0]! }
    : { kind: "table", name: parseObjectName(cursor) };
  let partitionBy: Expression | undefined;
  if (cursor.accept("PARTITION", "BY")) partitionBy = cursor.grammar.expression(cursor);
  const properties: Property[] = parseProperties(cursor);
  if (cursor.is("HEADER")) {
    const headerIndex = cursor.index++;
    const span = cursor.spanFrom(headerIndex);
    properties.push({ name: "HEADER", value: { kind: "boolean", value: true, span }, span });
  }
  return {
    kind: "copyIntoLocation",
    to,
    from,
    ...(partitionBy && { partitionBy }),
    properties,
    span: cursor.spanFrom(first),
  };
}

/** Source: "PUT". */
export function parsePut(cursor: TokenCursor): Put {
  const first = cursor.index;
  cursor.expect("PUT");
  const localPath = parseLocalPath(cursor);
  const target = parseStageTarget(cursor);
  const properties = parseProperties(cursor);
  return { kind: "put", localPath, ...target, properties, span: cursor.spanFrom(first) };
}

/** Source: "GET". */
export function parseGet(cursor: TokenCursor): Get {
  const first = cursor.index;
  cursor.expect("GET");
  const target = parseStageTarget(cursor);
  const localPath = parseLocalPath(cursor);
  const properties = parseProperties(cursor);
  return { kind: "get", localPath, ...target, properties, span: cursor.spanFrom(first) };
}

/** What follows `file://`, bare or in quotes. */
function parseLocalPath(cursor: TokenCursor): string {
  const text = cursor.kind === TokenKind.String ? cursor.source.slice(1, -1) : cursor.source;
  const local = cursor.kind === TokenKind.String || cursor.kind === TokenKind.LocalFile;
  if (!local || !/^file:\/\//i.test(text)) throw cursor.unexpected();
  cursor.index++;
  return text.slice("file://".length);
}

function parseStageTarget(cursor: TokenCursor): StageTarget {
  const variable = parseVariable(cursor);
  return variable ? { variable } : { location: parseStageLocation(cursor) };
}

/** Source: "LIST". */
export function parseList(cursor: TokenCursor): ListFiles {
  return parseStageFiles(cursor, "list");
}

/** Source: "REMOVE". */
export function parseRemove(cursor: TokenCursor): RemoveFiles {
  return parseStageFiles(cursor, "remove");
}

function parseStageFiles<K extends "list" | "remove">(cursor: TokenCursor, kind: K) {
  const first = cursor.index;
  cursor.index++;
  const target = parseStageTarget(cursor);
  let pattern: string | undefined;
  if (cursor.accept("PATTERN", "=")) pattern = cursor.string();
  return { kind, ...target, ...(pattern !== undefined && { pattern }), span: cursor.spanFrom(first) };
}

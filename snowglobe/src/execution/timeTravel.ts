import type { CatalogObject } from "../catalog/objects";
import { compilationError, SnowflakeError, unsupported } from "../errors";
import { parseObjectName } from "../sql";
import type { TimeTravel } from "../sql/ast/query";
import type { StatementReader } from "../storage";
import { Binder, emitExpression, encodeForWire, type BoundTimeTravel } from "../translate";
import { requirePrivilege } from "./authorize";
import type { StatementContext } from "./context";
import { instantSql } from "./instantSql";
import { find } from "./lookup";
import { retentionTime } from "./parameters";
import { queryEnvironment } from "./queryEnvironment";
import { readableSource } from "./changes/streamSource";

const DAY = 86_400 * 1e6;

/**
 * The version that AT or BEFORE means. Source: "AT | BEFORE".
 *
 * @param table what is looked at, for its age and retention
 * @throws SnowflakeError for a time before the table existed or beyond its retention
 */
export async function travelVersion(
  travel: BoundTimeTravel,
  table: CatalogObject | undefined,
  reader: StatementReader,
  context: StatementContext,
): Promise<number> {
  const { storage } = context.instance;
  const before = travel.kind === "BEFORE" ? 1 : 0;
  let version: number | undefined;
  let time: number;
  switch (travel.by) {
    case "TIMESTAMP": {
      time = (await microseconds(travel, reader, context)) - before;
      version = storage.versionAt(time);
      break;
    }
    case "OFFSET": {
      const text = await constant(travel, reader);
      time = context.startedOn + Number(text) * 1e6 - before;
      version = storage.versionAt(time);
      break;
    }
    case "STATEMENT": {
      const queryId = await constant(travel, reader);
      const record = context.instance.queries.find(queryId);
      if (!record) throw new SnowflakeError("000709", "02000", `Statement ${queryId} not found`);
      time = record.startedOn;
      version = before ? record.versionBefore : (record.versionAfter ?? record.versionBefore);
      break;
    }
    case "STREAM": {
      if (before) throw unsupported("BEFORE (STREAM => ...)");
      return streamOffset(await constant(travel, reader), table, context);
    }
  }
  const first = table && "firstVersion" in table ? table.firstVersion : 0;
  const kept = table ? Number(retentionTime(context, table)) * DAY : 0;
  if (version === undefined || version < first || time < context.startedOn - kept) throw unavailable(table);
  return version;
}

/** AT or BEFORE of a statement that is no query, such as CREATE ... CLONE. */
export function boundTravel({ kind, by, value }: TimeTravel, context: StatementContext): BoundTimeTravel {
  return { kind, by, value: new Binder(queryEnvironment(context), context.text).scalar(value) };
}

/** The offset of a stream, whose history is kept as long as the stream is not stale. */
function streamOffset(name: string, table: CatalogObject | undefined, context: StatementContext): number {
  const stream = find(context, "STREAM", parseObjectName(name), "SELECT");
  requirePrivilege(context, stream, "SELECT");
  readableSource(stream, context.instance);
  if (!stream.bases.some((base) => base.id === table?.id)) throw unavailable(table);
  return context.instance.streamOffsets.of(stream.id).offset;
}

function unavailable(table: CatalogObject | undefined): Error {
  return compilationError(
    `Time travel data is not available for table ${table?.name ?? ""}. The requested time is either beyond the allowed time travel period or before the object creation time.`,
    "000707",
    "02000",
  );
}

async function constant(travel: BoundTimeTravel, reader: StatementReader): Promise<string> {
  const sql = emitExpression(travel.value, { scan: noScan });
  const value = await reader.value(`SELECT ${encodeForWire(sql, travel.value.type)}`);
  if (value === null || value === undefined) throw compilationError("AT and BEFORE need a value that is not NULL");
  return String(value);
}

async function microseconds(
  travel: BoundTimeTravel,
  reader: StatementReader,
  context: StatementContext,
): Promise<number> {
  const sql = emitExpression(travel.value, { scan: noScan });
  const value = await reader.value(`SELECT epoch_us(${instantSql(sql, travel.value.type, context)})`);
  if (value === null || value === undefined) throw compilationError("AT and BEFORE need a value that is not NULL");
  return Number(value);
}

function noScan(): never {
  throw unsupported("AT or BEFORE with a subquery");
}

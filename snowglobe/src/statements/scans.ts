import { compilationError, SnowflakeError, unsupported } from "../errors";
import type { StatementReader } from "../storage";
import { emitExpression, encodeForWire, type BoundTimeTravel, type Plan, type ScanNode, scansOf } from "../translate";
import type { StatementContext } from "./context";
import { instantSql } from "./instantSql";
import { retentionTime } from "./parameters";

const DAY = 86_400 * 1e6;

/** The FROM item of each scan of a plan, by the scan's id. */
export type ScanTexts = ReadonlyMap<number, string>;

/**
 * Decides which version of each table a plan reads: the current one, or the one that AT, BEFORE or CHANGES name.
 * @throws SnowflakeError for time before the table existed or beyond its retention
 */
export async function scanTexts(plan: Plan, reader: StatementReader, context: StatementContext): Promise<ScanTexts> {
  const texts = new Map<number, string>();
  for (const scan of scansOf(plan)) texts.set(scan.scanId, await scanText(scan, reader, context));
  return texts;
}

async function scanText(scan: ScanNode, reader: StatementReader, context: StatementContext): Promise<string> {
  if (scan.relation.kind === "stream") throw unsupported("STREAM");
  const { id } = scan.relation;
  if (scan.changes) throw unsupported("CHANGES");
  if (!scan.timeTravel) return reader.current(id);
  return reader.asOf(id, await versionOf(scan, scan.timeTravel, reader, context));
}

/** The version that AT or BEFORE means. Source: "AT | BEFORE". */
async function versionOf(
  scan: ScanNode,
  travel: BoundTimeTravel,
  reader: StatementReader,
  context: StatementContext,
): Promise<number> {
  const { storage } = context.instance;
  const table = context.instance.catalog.object(scan.relation.tag as number);
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
    case "STREAM":
      throw unsupported("AT (STREAM => ...)");
  }
  const first = table && "firstVersion" in table ? table.firstVersion : 0;
  const kept = table ? Number(retentionTime(context, table)) * DAY : 0;
  if (version === undefined || version < first || time < context.startedOn - kept) {
    throw compilationError(
      `Time travel data is not available for table ${table?.name ?? ""}. The requested time is either beyond the allowed time travel period or before the object creation time.`,
      "000707",
      "02000",
    );
  }
  return version;
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

import type { Stream } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import { requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { TEXT, TIMESTAMP } from "../../execution/outcome";
import { listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { isStale, sourceOf, staleAfter } from "../../execution/changes/streamSource";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  shown,
} from "../../execution/shownColumn";

const COLUMNS: readonly ShownColumn<Stream>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  ["table_name", TEXT, sourceName],
  ["source_type", TEXT, (stream) => SOURCE_TYPES[stream.source.kind]],
  ["base_tables", TEXT, (stream, context) => stream.bases.map((base) => nameOf(base.id, context)).join(",")],
  ["type", TEXT, () => "DELTA"],
  ["stale", TEXT, (stream, { instance }) => String(isStale(stream, instance))],
  ["mode", TEXT, (stream) => stream.mode],
  ["stale_after", TIMESTAMP, (stream, { instance }) => staleAfter(stream, instance)],
  ["invalid_reason", TEXT, () => "N/A"],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW STREAMS". */
export const showStreams = listing("STREAM", COLUMNS);

/** Source: "DESCRIBE STREAM": the columns of SHOW STREAMS. */
export const describeStream: Handler<StatementOf<"describe">> = async (statement, context) => {
  const stream = find(context, "STREAM", statement.name, "DESCRIBE");
  requirePrivilege(context, stream, "SELECT");
  return shown(COLUMNS, [stream], context, StatementType.DESCRIBE);
};

const SOURCE_TYPES = { TABLE: "Table", VIEW: "View", "DYNAMIC TABLE": "Dynamic Table" } as const;

/** What stands for a table that was dropped. */
const DROPPED = "No privilege or table dropped";

/** The full name of a table or view, where it is still there. */
function nameOf(id: number, { instance: { catalog } }: StatementContext): string {
  const object = catalog.object(id);
  return object && object.droppedOn === undefined ? catalog.fullName(object) : DROPPED;
}

function sourceName(stream: Stream, context: StatementContext): string {
  return sourceOf(stream, context.instance.catalog) ? nameOf(stream.source.id, context) : DROPPED;
}

import type { Stream } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import { requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { listing, roleType } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { isStale, sourceOf, staleAfter } from "../../execution/changes/streamSource";

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["table_name", TEXT],
  ["source_type", TEXT],
  ["base_tables", TEXT],
  ["type", TEXT],
  ["stale", TEXT],
  ["mode", TEXT],
  ["stale_after", TIMESTAMP],
  ["invalid_reason", TEXT],
  ["owner_role_type", TEXT],
];

/** Source: "SHOW STREAMS". */
export const showStreams = listing("STREAM", COLUMNS, row);

/** Source: "DESCRIBE STREAM": the columns of SHOW STREAMS. */
export const describeStream: Handler<StatementOf<"describe">> = async (statement, context) => {
  const stream = find(context, "STREAM", statement.name, "DESCRIBE");
  requirePrivilege(context, stream, "SELECT");
  return rows(COLUMNS, [row(stream, context)], StatementType.DESCRIBE);
};

const SOURCE_TYPES = { TABLE: "Table", VIEW: "View", "DYNAMIC TABLE": "Dynamic Table" } as const;

/** What stands for a table that was dropped. */
const DROPPED = "No privilege or table dropped";

function row(stream: Stream, context: StatementContext): Cell[] {
  const { instance } = context;
  const { catalog } = instance;
  const [database, schema] = catalog.pathOf(stream);
  const nameOf = (id: number): string => {
    const object = catalog.object(id);
    return object && object.droppedOn === undefined ? catalog.fullName(object) : DROPPED;
  };
  return [
    stream.createdOn,
    stream.name,
    database,
    schema,
    stream.owner,
    stream.comment,
    sourceOf(stream, catalog) ? nameOf(stream.source.id) : DROPPED,
    SOURCE_TYPES[stream.source.kind],
    stream.bases.map((base) => nameOf(base.id)).join(","),
    "DELTA",
    String(isStale(stream, instance)),
    stream.mode,
    staleAfter(stream, instance),
    "N/A",
    roleType(stream),
  ];
}

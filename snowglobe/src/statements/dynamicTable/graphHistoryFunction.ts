import { qualified } from "../../catalog/names";
import type { Database, Microseconds } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { ARRAY, OBJECT } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, sees } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { instantArgument, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import type { GraphDescription } from "../../account/graphHistory";
import { schedulingState } from "./schedulingState";

const COLUMNS: readonly ColumnSpec[] = [
  ["NAME", TEXT],
  ["SCHEMA_NAME", TEXT],
  ["DATABASE_NAME", TEXT],
  ["QUALIFIED_NAME", TEXT],
  ["INPUTS", ARRAY],
  ["TARGET_LAG_TYPE", TEXT],
  ["TARGET_LAG_SEC", INTEGER],
  ["QUERY_TEXT", TEXT],
  ["VALID_FROM", TIMESTAMP],
  ["VALID_TO", TIMESTAMP],
  ["SCHEDULING_STATE", OBJECT],
  ["ALTER_TRIGGER", ARRAY],
  ["EXECUTE_AS_USER", TEXT],
  ["SECONDARY_ROLE_NAMES", ARRAY],
];

/**
 * INFORMATION_SCHEMA.DYNAMIC_TABLE_GRAPH_HISTORY(...): the dynamic tables of the whole account, each with what it reads,
 * now or at other times. Without MONITOR on a table only its name is shown. Source: the page of that name.
 */
export function graphHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["AS_OF", "HISTORY_START", "HISTORY_END"]);
  const { catalog, graphHistory } = context.instance;
  const rows = [...graphHistory.all()].flatMap(({ entry, validTo }) => {
    const object = catalog.object(entry.objectId);
    if (!object || !sees(context, object)) return [];
    return [row(entry.description!, entry.validFrom, validTo, holds(context, "MONITOR", object.id))];
  });
  // Who may not see the times may still ask about them: they stand in two columns of their own.
  const relation = relationOf(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLE_GRAPH_HISTORY"],
    [...COLUMNS, ["FROM", TIMESTAMP], ["TO", TIMESTAMP]],
    rows,
  );
  const [from, to] = relation.columns.slice(-2).map((column) => `h.${column.physical}`);
  const asOf = instantArgument(given, "AS_OF", context);
  const start = instantArgument(given, "HISTORY_START", context);
  const end = instantArgument(given, "HISTORY_END", context);
  if (end && !start) throw compilationError("HISTORY_END needs HISTORY_START", "001035", "22023");
  const conditions = [
    ...(asOf ? [`${from} <= ${asOf}`, `(${to} IS NULL OR ${to} > ${asOf})`] : []),
    ...(start ? [`(${to} IS NULL OR ${to} >= ${start})`] : []),
    ...(end ? [`${from} <= ${end}`] : []),
  ];
  const where = conditions.length > 0 ? conditions.join(" AND ") : `${to} IS NULL`;
  return {
    ...relation,
    columns: relation.columns.slice(0, COLUMNS.length),
    sql: `(SELECT * FROM ${relation.sql} AS h WHERE ${where})`,
  };
}

function row(
  table: GraphDescription,
  validFrom: Microseconds,
  validTo: Microseconds | null,
  monitored: boolean,
): Cell[] {
  const path = [table.databaseName, table.schemaName, table.name];
  const lag = table.targetLag;
  const only = (cell: Cell): Cell => (monitored ? cell : null);
  return [
    table.name,
    table.schemaName,
    table.databaseName,
    qualified(path),
    only(JSON.stringify(table.inputs)),
    only(lag && (lag.kind === "TIME" ? "USER_DEFINED" : "DOWNSTREAM")),
    only(lag?.kind === "TIME" ? lag.seconds : null),
    only(table.queryText),
    only(validFrom),
    only(validTo),
    only(JSON.stringify(schedulingState(table, "ACTIVE"))),
    only(JSON.stringify(table.triggers)),
    null,
    null,
    validFrom,
    validTo,
  ];
}

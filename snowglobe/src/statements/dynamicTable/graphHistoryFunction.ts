import type { Database } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { ARRAY, OBJECT, type DataType } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, sees } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP, type Cell } from "../../execution/outcome";
import type { GraphDescription } from "../../account/graphHistory";
import { targetLagSeconds, targetLagType } from "../../refresh/targetLag";
import { shownUser } from "../../refresh/refreshUser";
import { parseObjectName } from "../../sql";
import { isNamed } from "./namedTable";
import { schedulingState } from "./schedulingState";
import { type ShownColumn, shownRelation, physicalName } from "../../execution/shownColumn";
import { qualified } from "../../quoting";
import type { Microseconds } from "../../time";

/** What a table was from one time to another; `monitored` where the role may see how it is refreshed. */
interface Period {
  readonly table: GraphDescription;
  readonly validFrom: Microseconds;
  readonly validTo: Microseconds | null;
  readonly monitored: boolean;
}

function monitored(
  name: string,
  type: DataType,
  value: (period: Period, context: StatementContext) => Cell,
): ShownColumn<Period> {
  return [name, type, (period, context) => (period.monitored ? value(period, context) : null)];
}

const COLUMNS: readonly ShownColumn<Period>[] = [
  ["NAME", TEXT, ({ table }) => table.name],
  ["SCHEMA_NAME", TEXT, ({ table }) => table.schemaName],
  ["DATABASE_NAME", TEXT, ({ table }) => table.databaseName],
  ["QUALIFIED_NAME", TEXT, ({ table }) => qualified([table.databaseName, table.schemaName, table.name])],
  monitored("INPUTS", ARRAY, ({ table }) => JSON.stringify(table.inputs)),
  monitored("TARGET_LAG_TYPE", TEXT, ({ table }) => targetLagType(table.targetLag)),
  monitored("TARGET_LAG_SEC", INTEGER, ({ table }) => targetLagSeconds(table.targetLag)),
  monitored("QUERY_TEXT", TEXT, ({ table }) => table.queryText),
  monitored("VALID_FROM", TIMESTAMP, ({ validFrom }) => validFrom),
  monitored("VALID_TO", TIMESTAMP, ({ validTo }) => validTo),
  monitored("SCHEDULING_STATE", OBJECT, ({ table }) => JSON.stringify(schedulingState(table, "ACTIVE"))),
  monitored("ALTER_TRIGGER", ARRAY, ({ table }) => JSON.stringify(table.triggers)),
  monitored("EXECUTE_AS_USER", TEXT, ({ table }, { instance }) => shownUser(table, instance).executeAsUser),
  monitored("SECONDARY_ROLE_NAMES", ARRAY, ({ table }, { instance }) => {
    const { secondaryRoles } = shownUser(table, instance);
    return secondaryRoles && JSON.stringify(secondaryRoles);
  }),
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
  // NAME is not in the page's syntax, but in the examples of "Monitor dynamic tables".
  const given = namedArguments(args, ["AS_OF", "HISTORY_START", "HISTORY_END", "NAME"]);
  const name = constantArgument(given, "NAME");
  const wanted = name === undefined ? undefined : parseObjectName(name).map((part) => part.name.toUpperCase());
  const { catalog, graphHistory } = context.instance;
  const rows = [...graphHistory.all()].flatMap(({ entry, validTo }) => {
    const object = catalog.object(entry.objectId);
    if (!object || !sees(context, object)) return [];
    if (wanted && !isNamed(entry.description!, wanted)) return [];
    return [
      {
        table: entry.description!,
        validFrom: entry.validFrom,
        validTo,
        monitored: holds(context, "MONITOR", object.id),
      },
    ];
  });
  // Who may not see the times may still ask about them: they stand in two columns of their own.
  const relation = shownRelation(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLE_GRAPH_HISTORY"],
    [...COLUMNS, ["FROM", TIMESTAMP, (period) => period.validFrom], ["TO", TIMESTAMP, (period) => period.validTo]],
    rows,
    context,
  );
  const [from, to] = ["FROM", "TO"].map((column) => `h.${physicalName(relation, column)}`);
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

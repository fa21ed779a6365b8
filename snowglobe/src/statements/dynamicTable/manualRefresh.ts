import type { DynamicTable } from "../../catalog/objects";
import { compilationError, SnowflakeError } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import { holds, requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import { find, tryFind } from "../../execution/lookup";
import { INTEGER, rows, succeeded, TEXT, TIMESTAMP, type Outcome } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { useWarehouse } from "../../execution/useWarehouse";
import { defaultSecondaryRoles, type RefreshUser } from "../../refresh/refreshUser";
import { upstreamOf } from "../../refresh/dynamicTableGraph";
import { pointNow, refreshPipeline, requireSuccess } from "../../refresh/refreshPipeline";

const VERB = "ALTER DYNAMIC TABLE";

/**
 * ALTER DYNAMIC TABLE ... REFRESH of one table or several: upstream first, also where suspended, all at one data
 * timestamp. What succeeds stays refreshed when another fails. Sources: "ALTER DYNAMIC TABLE", "Manage dynamic tables".
 *
 * @param ifExists names that mean no dynamic table are passed over
 * @param copySession the session's warehouse does the work, as a table with REQUIRE USER needs it
 * @throws SnowflakeError inside an explicit transaction, without OPERATE on all that is refreshed, or when a refresh fails
 */
export async function refreshByHand(
  names: readonly ObjectName[],
  ifExists: boolean,
  copySession: boolean,
  context: StatementContext,
): Promise<Outcome> {
  if (context.session.transaction) {
    throw new SnowflakeError(
      "002743",
      "0A000",
      "Manual refresh of a dynamic table is not supported inside a multi-statement transaction.",
    );
  }
  const { instance } = context;
  const tables = named(names, ifExists, context);
  if (tables.length === 0) return succeeded();
  for (const table of tables) requirePrivilege(context, table, "OPERATE");
  for (const table of allUpstream(instance, tables)) requireOperate(table, "manual", context);
  const withoutUser = copySession ? undefined : tables.find((table) => table.requireUser);
  if (withoutUser) {
    throw compilationError(`Dynamic table '${withoutUser.name}' requires a user: use REFRESH COPY SESSION.`);
  }
  const point = pointNow(instance, "MANUAL", context.signal, copySession ? copied(context) : undefined);
  const targets = tables.map((table) => table.id);
  const records = await refreshPipeline(instance, targets, point);
  requireSuccess(records, targets);
  const own = records.filter((record) => targets.includes(record.objectId));
  return rows(
    [
      ["refreshed_dynamic_table_count", INTEGER],
      ["data_timestamp", TIMESTAMP],
      ["statistics", TEXT],
    ],
    [[records.length, point.dataTimestamp, JSON.stringify(own.at(-1)?.statistics ?? {})]],
    StatementType.DDL,
  );
}

/** The session that COPY SESSION copies: its user with the roles that count by default, and its warehouse. */
function copied(context: StatementContext): RefreshUser {
  useWarehouse(context);
  const { user, warehouseId } = context.session;
  const warehouse = context.instance.catalog.require("WAREHOUSE", warehouseId!).name;
  return { user, secondaryRoles: defaultSecondaryRoles(user), warehouse };
}

/** @throws SnowflakeError for a table that is named twice, and for one that is not there where `ifExists` is not said */
export function named(names: readonly ObjectName[], ifExists: boolean, context: StatementContext): DynamicTable[] {
  const tables: DynamicTable[] = [];
  for (const name of names) {
    const table = ifExists ? tryFind(context, "DYNAMIC TABLE", name, VERB) : find(context, "DYNAMIC TABLE", name, VERB);
    if (!table) continue;
    if (tables.some((one) => one.id === table.id)) {
      throw compilationError(`Duplicate Dynamic Table: ${table.name}`, "002008", "42601");
    }
    tables.push(table);
  }
  return tables;
}

/** What a refresh of these tables brings along; a table out of the schedule brings nothing. */
function allUpstream(instance: Instance, tables: readonly DynamicTable[]): DynamicTable[] {
  const found = new Map<number, DynamicTable>();
  const visit = (table: DynamicTable): void => {
    if (table.scheduler === "DISABLE") return;
    for (const input of upstreamOf(instance, table)) {
      if (found.has(input.id) || input.scheduler === "DISABLE") continue;
      found.set(input.id, input);
      visit(input);
    }
  };
  tables.forEach(visit);
  return [...found.values()];
}

/** Source: "Error code reference for dynamic tables", 002756 and 002757. */
export function requireOperate(table: DynamicTable, refresh: "manual" | "initial", context: StatementContext): void {
  if (holds(context, "OPERATE", table.id)) return;
  throw new SnowflakeError(
    refresh === "manual" ? "002756" : "002757",
    "42501",
    `Insufficient privileges to operate on dynamic table '${table.name}'. OPERATE privilege is required for ${refresh} refresh.`,
  );
}

import type { DynamicTable, Table } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { requireCustomStatement } from "../../refresh/customStatement";
import { parseTargetLag } from "../../refresh/targetLag";
import { parseObjectName } from "../../sql";
import type { StatementOf } from "../../sql/ast/statement";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import { Properties } from "../../execution/properties";
import { quoteIfNeeded } from "../../quoting";

/** Documented properties that are refused by name. Sources: "CREATE DYNAMIC TABLE", "ALTER DYNAMIC TABLE". */
export const UNSUPPORTED_PROPERTIES = [
  ...(["DATA_METRIC_SCHEDULE", "DCM_PROJECT", "DEFAULT_DDL_COLLATION", "LOG_EVENT_LEVEL", "LOG_LEVEL"] as const),
  ...(["TARGET_FILE_SIZE", "TRACE_LEVEL"] as const),
] as const;

/**
 * Reads the properties of CREATE DYNAMIC TABLE.
 * @throws SnowflakeError for one that is missing, unknown or not done
 */
export function readSettings(statement: StatementOf<"createDynamicTable">, context: StatementContext) {
  const properties = new Properties(statement.properties, context);
  // LAG is the older spelling.
  const lagText = properties.text("TARGET_LAG") ?? properties.text("LAG");
  const warehouseName = properties.name("WAREHOUSE");
  if (warehouseName === undefined) {
    throw compilationError("Missing option(s): [WAREHOUSE]", "002139", "42601");
  }
  const given = properties.word("SCHEDULER", "ENABLE", "DISABLE");
  if (lagText === undefined && given === "ENABLE") {
    throw compilationError("Missing option(s): [TARGET_LAG]", "002139", "42601");
  }
  // A table that is out of the schedule has no lag. Source: "Manage dynamic tables", SCHEDULER = DISABLE vs. SUSPEND.
  if (lagText !== undefined && given === "DISABLE") throw lagWithoutSchedule();
  const scheduler = lagText === undefined ? "DISABLE" : (given ?? null);
  const initialize = properties.word("INITIALIZE", "ON_CREATE", "ON_SCHEDULE") ?? "ON_CREATE";
  // The first refresh needs the session that it is asked for in. Source: "CREATE DYNAMIC TABLE", REQUIRE USER.
  if (statement.requireUser && initialize !== "ON_SCHEDULE") {
    throw compilationError("REQUIRE USER needs INITIALIZE = ON_SCHEDULE.", "002601", "42601");
  }
  const asked =
    properties.word("REFRESH_MODE", "AUTO", "FULL", "INCREMENTAL", "ADAPTIVE", "CUSTOM_INCREMENTAL") ?? "AUTO";
  const custom = statement.refreshUsing !== undefined;
  if (custom && asked !== "AUTO" && asked !== "CUSTOM_INCREMENTAL") {
    throw compilationError(`REFRESH USING cannot have REFRESH_MODE = ${asked}.`, "002601", "42601");
  }
  if (custom && statement.frozenWhere) throw compilationError("REFRESH USING cannot have FROZEN WHERE.");
  if (custom) requireCustomStatement(statement.refreshUsing!.statement);
  if (asked === "CUSTOM_INCREMENTAL" && !custom) {
    throw compilationError("REFRESH_MODE = CUSTOM_INCREMENTAL needs REFRESH USING.", "002601", "42601");
  }
  properties.refuse(...UNSUPPORTED_PROPERTIES);
  const initialization = properties.name("INITIALIZATION_WAREHOUSE");
  const settings = {
    targetLag: lagText === undefined ? null : parseTargetLag(lagText),
    warehouse: warehouseOf(warehouseName, context),
    initializationWarehouse: initialization === undefined ? null : warehouseOf(initialization, context),
    scheduler,
    requestedRefreshMode: asked,
    initialize,
    requireUser: statement.requireUser,
    rowTimes: properties.boolean("ROW_TIMESTAMP"),
    comment: properties.text("COMMENT") ?? "",
    parameters: properties.parameters("TABLE"),
  } as const;
  properties.done();
  return settings;
}

export type Settings = ReturnType<typeof readSettings>;

/** @returns the warehouse's name @throws SnowflakeError when it is not there, or the role may not use it */
export function warehouseOf(text: string, context: StatementContext): string {
  const warehouse = findOnAccount(context, "WAREHOUSE", parseObjectName(quoteIfNeeded(text)));
  requirePrivilege(context, warehouse, "USAGE");
  return warehouse.name;
}

export function lagWithoutSchedule(): Error {
  return compilationError("TARGET_LAG cannot be given together with SCHEDULER = DISABLE.", "002601", "42601");
}

/** A lag must not be shorter than that of what it reads. Source: "Set the target lag for a dynamic table". */
export function requireLag(
  lag: DynamicTable["targetLag"],
  inputs: readonly (Table | DynamicTable)[],
  name: string,
): void {
  if (lag?.kind !== "TIME") return;
  for (const input of inputs) {
    if (input.kind !== "DYNAMIC TABLE" || input.targetLag?.kind !== "TIME") continue;
    if (input.targetLag.seconds <= lag.seconds) continue;
    throw compilationError(
      `The target lag of dynamic table '${name}' (${lag.text}) is shorter than that of its upstream dynamic table '${input.name}' (${input.targetLag.text}).`,
      "002718",
      "22023",
    );
  }
}

import { ACCOUNT } from "../catalog/privileges";
import type { CatalogObject, DynamicTable } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { holds } from "../execution/authorize";
import type { StatementContext } from "../execution/context";
import type { Instance } from "../execution/instance";
import type { RefreshAction } from "../account/refreshHistory";
import type { RefreshUser } from "./refreshUser";
import { inheritedNumber } from "../execution/changes/streamSource";

const DAY = 86_400 * 1e6;

/**
 * Name of the warehouse that a refresh runs on: that of the copied session, of initialisations, or the table's. Sources:
 * "ALTER DYNAMIC TABLE", COPY SESSION; "Choose and size warehouses for dynamic tables".
 */
export function refreshWarehouse(
  table: Pick<DynamicTable, "content" | "warehouse" | "initializationWarehouse">,
  action: RefreshAction,
  as?: RefreshUser,
): string {
  const initializes = table.content === null || action === "REINITIALIZE";
  return as?.warehouse ?? (initializes ? table.initializationWarehouse : null) ?? table.warehouse;
}

/**
 * Source: "Error code reference for dynamic tables", 002725.
 *
 * @param context of the table's owner
 * @throws SnowflakeError when the warehouse is not there, or the owner may not use it
 */
export function requireWarehouse(name: string, context: StatementContext): void {
  const warehouse = context.instance.catalog.find("WAREHOUSE", ACCOUNT, name);
  if (warehouse && holds(context, "USAGE", warehouse.id)) return;
  throw new SnowflakeError(
    "002725",
    "02000",
    `Dynamic table could not be refreshed because warehouse is missing: '${name}'.`,
  );
}

/**
 * Whether the changes of an input since the table's last refresh are given up: they are kept for the longer of the
 * input's retention and its extension. Sources: "Manage dynamic tables", resumption after a long suspension; "Modify
 * dynamic tables", what triggers reinitialization.
 */
export function isBeyondRetention(table: DynamicTable, input: CatalogObject, instance: Instance): boolean {
  const { catalog, clock } = instance;
  const days = Math.max(
    inheritedNumber(catalog, input.id, "DATA_RETENTION_TIME_IN_DAYS"),
    inheritedNumber(catalog, input.id, "MAX_DATA_EXTENSION_TIME_IN_DAYS"),
  );
  return table.content !== null && clock.now() > table.content.dataTimestamp + days * DAY;
}

/** Source: "Error code reference for dynamic tables", 002841. */
export function beyondRetention(input: CatalogObject): SnowflakeError {
  return new SnowflakeError(
    "002841",
    "02000",
    `Upstream table '${input.name}' is outside the data retention period. Change tracking data is no longer available.`,
  );
}

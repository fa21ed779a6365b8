import type { ResultRow } from "../../loader/connection";
import type { WorkshopNames } from "../../components/naming";
import { cellText } from "./cellText";
import type { ConnectionEnvironment } from "./environment";
import { readMonitoring, type MonitoringStatus } from "./monitoring";

/** A dynamic table as SHOW DYNAMIC TABLES tells of it ("SHOW DYNAMIC TABLES"). */
export interface DynamicTableStatus {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly targetLag: string;
  readonly refreshMode: string;
  readonly refreshModeReason?: string;
  readonly schedulingState: string;
  /** ISO 8601; undefined before the first refresh. */
  readonly dataTimestamp?: string;
}

export interface TableStatus {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
}

/** What stands in the stack's databases. */
export interface ObjectStatus {
  /** Snowflake's time, ISO 8601; undefined where asking would wake the warehouse. */
  readonly now?: string;
  readonly loans?: TableStatus & { readonly changeTracking: boolean };
  readonly dynamicTables: readonly DynamicTableStatus[];
  readonly tables: readonly TableStatus[];
  readonly monitoring: MonitoringStatus;
}

/**
 * Asks Snowflake what stands in the stack's databases. On an account by metadata only, so that no warehouse is woken.
 *
 * @param options `costsNothing`: whether queries are free, as on the local target
 * @throws LoadError when the login fails
 */
export async function readObjects(
  env: NodeJS.ProcessEnv,
  environment: ConnectionEnvironment,
  names: WorkshopNames,
  options: { costsNothing: boolean },
): Promise<ObjectStatus> {
  const { closeConnection, connectFromEnvironment, execute } = await import("../../loader/connection.js");
  const connection = await connectFromEnvironment({ ...env, ...environment });
  const show = async (statement: string): Promise<ResultRow[]> => {
    try {
      return await execute(connection, statement);
    } catch {
      // Not made yet, or not visible to the role: nothing to show.
      return [];
    }
  };
  try {
    const [clock, loans, dynamicTables, tables, monitoring] = await Promise.all([
      options.costsNothing ? show("SELECT CURRENT_TIMESTAMP() AS NOW") : [],
      show(`SHOW TABLES LIKE '${names.loansTable}' IN SCHEMA ${names.rawDatabase}.${names.rawSchema}`),
      show(`SHOW DYNAMIC TABLES IN DATABASE ${names.analyticsDatabase}`),
      show(`SHOW TABLES IN DATABASE ${names.analyticsDatabase}`),
      readMonitoring(show, names, options),
    ]);
    return {
      ...(clock[0] ? { now: new Date(cellText(clock[0].NOW)).toISOString() } : {}),
      loans: loans.map(loansFrom)[0],
      dynamicTables: dynamicTables.map(dynamicTableFrom),
      tables: tables.filter((row) => row.is_dynamic !== "Y").map(tableFrom),
      monitoring,
    };
  } finally {
    await closeConnection(connection);
  }
}

function loansFrom(row: ResultRow): TableStatus & { changeTracking: boolean } {
  return { ...tableFrom(row), changeTracking: row.change_tracking === "ON" };
}

function tableFrom(row: ResultRow): TableStatus {
  return { schema: cellText(row.schema_name), name: cellText(row.name), rows: Number(row.rows ?? 0) };
}

function dynamicTableFrom(row: ResultRow): DynamicTableStatus {
  const { data_timestamp: timestamp, refresh_mode_reason: reason } = row;
  return {
    ...tableFrom(row),
    targetLag: cellText(row.target_lag),
    refreshMode: cellText(row.refresh_mode),
    ...(reason ? { refreshModeReason: cellText(reason) } : {}),
    schedulingState: cellText(row.scheduling_state),
    ...(timestamp ? { dataTimestamp: new Date(cellText(timestamp)).toISOString() } : {}),
  };
}

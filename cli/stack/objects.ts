import type { ResultRow } from "../../loader/connection";
import { driverConnection } from "../lazy";
import type { WorkshopNames } from "../../components/naming";
import type { ConnectionEnvironment } from "./environment";

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
  readonly loans?: TableStatus & { readonly changeTracking: boolean };
  readonly dynamicTables: readonly DynamicTableStatus[];
  readonly tables: readonly TableStatus[];
}

/**
 * Asks Snowflake what stands in the stack's databases; metadata only, so that no warehouse is woken.
 *
 * @throws LoadError when the login fails
 */
export async function readObjects(
  env: NodeJS.ProcessEnv,
  environment: ConnectionEnvironment,
  names: WorkshopNames,
): Promise<ObjectStatus> {
  const { closeConnection, connectFromEnvironment, execute } = driverConnection();
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
    const [loans, dynamicTables, tables] = await Promise.all([
      show(`SHOW TABLES LIKE '${names.loansTable}' IN SCHEMA ${names.rawDatabase}.${names.rawSchema}`),
      show(`SHOW DYNAMIC TABLES IN DATABASE ${names.analyticsDatabase}`),
      show(`SHOW TABLES IN DATABASE ${names.analyticsDatabase}`),
    ]);
    return {
      loans: loans.map(loansFrom)[0],
      dynamicTables: dynamicTables.map(dynamicTableFrom),
      tables: tables.filter((row) => row.is_dynamic !== "Y").map(tableFrom),
    };
  } finally {
    await closeConnection(connection);
  }
}

function loansFrom(row: ResultRow): TableStatus & { changeTracking: boolean } {
  return { ...tableFrom(row), changeTracking: row.change_tracking === "ON" };
}

function tableFrom(row: ResultRow): TableStatus {
  return { schema: text(row.schema_name), name: text(row.name), rows: Number(row.rows ?? 0) };
}

function dynamicTableFrom(row: ResultRow): DynamicTableStatus {
  const { data_timestamp: timestamp, refresh_mode_reason: reason } = row;
  return {
    ...tableFrom(row),
    targetLag: text(row.target_lag),
    refreshMode: text(row.refresh_mode),
    ...(reason ? { refreshModeReason: text(reason) } : {}),
    schedulingState: text(row.scheduling_state),
    ...(timestamp ? { dataTimestamp: new Date(text(timestamp)).toISOString() } : {}),
  };
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}

import type { ResultRow } from "../../loader/connection";
import { quoted, sqlName, type Located, type WatchedNames } from "../names";
import type { Section } from "../snapshot";
import { readSection, type Reader } from "./read";
import { count, instant, optionalText, text } from "./values";

export interface ShownDynamicTable extends Located {
  readonly rows: number;
  readonly bytes: number;
  readonly targetLag: string;
  readonly refreshMode: string;
  readonly refreshModeReason?: string;
  readonly schedulingState: string;
  readonly dataTimestamp?: string;
}

export interface ShownTable extends Located {
  readonly rows: number;
  readonly bytes: number;
  readonly createdOn?: string;
  readonly changeTracking: boolean;
}

export interface ShownStream extends Located {
  readonly isStale: boolean;
  /** Undefined where SYSTEM$STREAM_HAS_DATA was refused. */
  readonly hasData?: boolean;
}

/** A task or an alert. */
export interface ShownRunner extends Located {
  readonly isStarted: boolean;
  /** As SHOW prints it; undefined for one that runs on new data. */
  readonly schedule?: string;
}

/** What SHOW tells of the watched objects. */
export interface Metadata {
  readonly warehouseState: Section<string>;
  readonly loans: Section<readonly ShownTable[]>;
  readonly dynamicTables: Section<readonly ShownDynamicTable[]>;
  readonly tables: Section<readonly ShownTable[]>;
  readonly views: Section<readonly Located[]>;
  readonly streams: Section<readonly ShownStream[]>;
  readonly tasks: Section<readonly ShownRunner[]>;
  readonly alerts: Section<readonly ShownRunner[]>;
}

export const NO_METADATA: Metadata = {
  warehouseState: {},
  loans: {},
  dynamicTables: {},
  tables: {},
  views: {},
  streams: {},
  tasks: {},
  alerts: {},
};

/** Snowflake's time. */
export async function readNow(reader: Reader): Promise<string> {
  const rows = await reader.read("SELECT CURRENT_TIMESTAMP() AS NOW");
  return instant(rows[0]?.NOW) ?? new Date().toISOString();
}

/**
 * Reads what costs no warehouse: "The command does not require a running warehouse to execute" (the pages of SHOW).
 *
 * @throws ConnectionLost
 */
export async function readMetadata(
  reader: Reader,
  names: WatchedNames,
  previous: Metadata,
  now: () => string,
): Promise<Metadata> {
  const inDatabase = `IN DATABASE ${quoted(names.analyticsDatabase)}`;
  const show = <T>(before: Section<readonly T[]>, statement: string, from: (row: ResultRow) => T) =>
    readSection(before, now, async () => (await reader.read(statement)).map(from));
  const [warehouseState, loans, dynamicTables, tables, views, streams, tasks, alerts] = await Promise.all([
    readSection(previous.warehouseState, now, async () => {
      const rows = await reader.read(`SHOW WAREHOUSES LIKE '${names.warehouse}'`);
      return text(rows.find((row) => row.name === names.warehouse)?.state);
    }),
    show(
      previous.loans,
      `SHOW TABLES LIKE '${names.loansTable}' IN SCHEMA ${quoted(names.rawDatabase)}.${quoted(names.rawSchema)}`,
      table,
    ),
    show(previous.dynamicTables, `SHOW DYNAMIC TABLES ${inDatabase}`, dynamicTable),
    readSection(previous.tables, now, async () => {
      const rows = await reader.read(`SHOW TABLES ${inDatabase}`);
      return rows.filter((row) => row.is_dynamic !== "Y").map(table);
    }),
    show(previous.views, `SHOW VIEWS ${inDatabase}`, located),
    readSection(previous.streams, now, async () => {
      const rows = await reader.read(`SHOW STREAMS ${inDatabase}`);
      return Promise.all(rows.map(async (row) => ({ ...stream(row), ...(await pending(reader, located(row))) })));
    }),
    show(previous.tasks, `SHOW TASKS ${inDatabase}`, runner),
    show(previous.alerts, `SHOW ALERTS ${inDatabase}`, runner),
  ]);
  return { warehouseState, loans, dynamicTables, tables, views, streams, tasks, alerts };
}

/**
 * A text that changes when there may be something new to read from the tables and histories. Data timestamps are left
 * out: they move with every refresh that finds nothing, too.
 */
export function fingerprint({ dynamicTables, loans, tables, views, streams, tasks, alerts }: Metadata): string {
  const withoutTime = dynamicTables.data?.map(({ dataTimestamp: _, ...rest }) => rest);
  return JSON.stringify([withoutTime, ...[loans, tables, views, streams, tasks, alerts].map(({ data }) => data)]);
}

export function located(row: ResultRow): Located {
  return { database: text(row.database_name), schema: text(row.schema_name), name: text(row.name) };
}

export function table(row: ResultRow): ShownTable {
  return {
    ...located(row),
    rows: count(row.rows) ?? 0,
    bytes: count(row.bytes) ?? 0,
    createdOn: instant(row.created_on),
    changeTracking: row.change_tracking === "ON",
  };
}

export function dynamicTable(row: ResultRow): ShownDynamicTable {
  return {
    ...located(row),
    rows: count(row.rows) ?? 0,
    bytes: count(row.bytes) ?? 0,
    targetLag: text(row.target_lag),
    refreshMode: text(row.refresh_mode),
    refreshModeReason: optionalText(row.refresh_mode_reason),
    schedulingState: text(row.scheduling_state),
    dataTimestamp: instant(row.data_timestamp),
  };
}

function stream(row: ResultRow): ShownStream {
  return { ...located(row), isStale: /^true$/i.test(text(row.stale)) };
}

export function runner(row: ResultRow): ShownRunner {
  return {
    ...located(row),
    isStarted: /^started$/i.test(text(row.state)),
    schedule: optionalText(row.schedule),
  };
}

async function pending(reader: Reader, object: Located): Promise<Pick<ShownStream, "hasData">> {
  const name = sqlName(object).replaceAll("'", "''");
  const section = await readSection<boolean>({}, String, async () => {
    const rows = await reader.read(`SELECT SYSTEM$STREAM_HAS_DATA('${name}') AS HAS_DATA`);
    return /^true$/i.test(text(rows[0]?.HAS_DATA));
  });
  return section.data === undefined ? {} : { hasData: section.data };
}

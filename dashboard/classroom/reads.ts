import type { ResultRow } from "../../loader/connection";
import { MODELS, quoted, sqlName, type Located, type WatchedNames } from "../names";
import { readSection, type Reader } from "../reads/read";
import {
  dynamicTable,
  located,
  runner,
  table,
  type ShownDynamicTable,
  type ShownRunner,
  type ShownTable,
} from "../reads/metadata";
import { count, instant } from "../reads/values";

/** What SHOW tells of all environments at once; needs no warehouse. */
export interface AccountMetadata {
  readonly dynamicTables: readonly ShownDynamicTable[];
  /** Raw tables, tables of loans by state, and those of captured failures. */
  readonly tables: readonly ShownTable[];
  readonly views: readonly Located[];
  readonly runners: readonly ShownRunner[];
}

/** What must be asked of each environment, with a warehouse. */
export interface MemberDetails {
  readonly loadedAt?: string;
  readonly failures?: number;
  readonly lastMailAt?: string;
}

/**
 * A few SHOW statements for the whole account, however many environments there are. Snowflake documentation: "SHOW TABLES",
 * "SHOW DYNAMIC TABLES", "SHOW TASKS", "SHOW ALERTS".
 *
 * @param names of any of the environments: the parts without a prefix are the same in all
 * @throws StatementRefused, ConnectionLost
 */
export async function readAccount(reader: Reader, names: WatchedNames): Promise<AccountMetadata> {
  const show = async <T>(what: string, like: string, from: (row: ResultRow) => T): Promise<T[]> =>
    (await reader.read(`SHOW ${what} LIKE '${like}' IN ACCOUNT`)).map(from);
  const [staging, byState, loans, standard, errors, views, tasks, alerts] = await Promise.all([
    show("DYNAMIC TABLES", MODELS.staging, dynamicTable),
    show("DYNAMIC TABLES", MODELS.dynamic, dynamicTable),
    show("TABLES", names.loansTable, table),
    show("TABLES", MODELS.standard, table),
    show("TABLES", names.errorsTable, table),
    show("VIEWS", MODELS.failures, located),
    show("TASKS", "CAPTURE_ERRORS%", runner),
    show("ALERTS", "ERROR_ALERT%", runner),
  ]);
  return {
    dynamicTables: [...staging, ...byState],
    tables: [...loans, ...standard, ...errors],
    views,
    runners: [...tasks, ...alerts],
  };
}

/** What a warehouse is needed for; a part whose statement is refused stays unknown. */
export async function readMemberDetails(
  reader: Reader,
  names: WatchedNames,
  { views }: AccountMetadata,
): Promise<MemberDetails> {
  const first = async (statement: string): Promise<ResultRow | undefined> =>
    (await readSection<ResultRow | undefined>({}, String, async () => (await reader.read(statement))[0])).data;
  const view = views.find(({ database }) => database === names.analyticsDatabase);
  const [loaded, failing, mail] = await Promise.all([
    first(
      `SELECT LAST_ALTERED AS AT FROM ${quoted(names.rawDatabase)}.INFORMATION_SCHEMA.TABLES ` +
        `WHERE TABLE_SCHEMA = '${names.rawSchema}' AND TABLE_NAME = '${names.loansTable}'`,
    ),
    view ? first(`SELECT SUM(COUNT_FAILED) AS FAILURES FROM ${sqlName(view)}`) : undefined,
    first(
      `SELECT MAX(CREATED) AS AT FROM TABLE(${quoted(names.analyticsDatabase)}.INFORMATION_SCHEMA.NOTIFICATION_HISTORY(` +
        `INTEGRATION_NAME => '${names.emailIntegration}'))`,
    ),
  ]);
  const [loadedAt, lastMailAt] = [instant(loaded?.AT), instant(mail?.AT)];
  const failures = failing && (count(failing.FAILURES) ?? 0);
  return {
    ...(loadedAt ? { loadedAt } : {}),
    ...(failures === undefined ? {} : { failures }),
    ...(lastMailAt ? { lastMailAt } : {}),
  };
}

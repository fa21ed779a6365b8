import type { WorkshopNames } from "../../components/naming";
import type { ResultRow } from "../../loader/connection";
import { UserError } from "../errors";
import type { ConnectionEnvironment } from "./environment";
import type { Deployment } from "./localBackend";

/** What a database is searched for: all that holds data or work of somebody's. */
const KINDS = ["OBJECTS", "STAGES", "STREAMS", "TASKS", "ALERTS", "SEQUENCES", "FILE FORMATS"] as const;

/** How many are named in a message. */
const NAMED = 5;

export interface ForeignSearch {
  readonly deployment: Deployment;
  readonly names: WorkshopNames;
  /** Look for databases of others too: all data go, as with the last local stack. */
  readonly everything: boolean;
}

/**
 * Objects in the stack's databases that neither the stack nor its roles made. DROP DATABASE takes whatever is inside, and
 * the engine knows of its own resources only. An attendee's schema is the attendee's, so all that is in it is the stack's.
 *
 * @param rowsOf runs a statement and gives its rows
 * @returns their paths with their kinds, as `RAW.LOANS.NOTES (table)`
 */
export async function foreignObjects(
  { deployment, names, everything }: ForeignSearch,
  rowsOf: (statement: string) => Promise<readonly ResultRow[]>,
): Promise<string[]> {
  const databases = namesOfType(deployment, "snowflake:index/database:Database");
  const roles = new Set(namesOfType(deployment, "snowflake:index/accountRole:AccountRole"));
  const isOurs = (database: string, row: ResultRow): boolean =>
    // Snowflake's own views, which every database has.
    row.schema_name === "INFORMATION_SCHEMA" ||
    roles.has(String(row.owner)) ||
    (database === names.analyticsDatabase && row.schema_name === names.analyticsSchema) ||
    (database === names.rawDatabase && row.schema_name === names.rawSchema && row.name === names.loansTable);
  const found = new Set<string>();
  for (const database of databases) {
    for (const kind of KINDS) {
      // A database that is gone already, and kinds that the server does not have, hold nothing.
      const rows = await rowsOf(`SHOW ${kind} IN DATABASE "${database}"`).catch(() => []);
      for (const row of rows)
        if (!isOurs(database, row))
          found.add(`${database}.${String(row.schema_name)}.${String(row.name)} (${kindOf(kind, row)})`);
    }
  }
  if (everything)
    for (const { name, comment } of await rowsOf("SHOW DATABASES"))
      if (!databases.includes(String(name)) && !/^Workshop: /.test(String(comment ?? "")))
        found.add(`${String(name)} (database)`);
  return [...found].sort();
}

function namesOfType({ resources = [] }: Deployment, type: string): string[] {
  return resources.flatMap((r) => (r.type === type && typeof r.outputs?.name === "string" ? [r.outputs.name] : []));
}

function kindOf(kind: (typeof KINDS)[number], row: ResultRow): string {
  return (kind === "OBJECTS" ? String(row.kind ?? "object") : kind.replace(/S$/, "")).toLowerCase();
}

/**
 * Refuses to go on where {@link foreignObjects} would be lost.
 *
 * @param flags options that choose the stack, to be shown after the command's name
 * @throws UserError that names them
 */
export async function protectForeignObjects(
  search: ForeignSearch,
  env: NodeJS.ProcessEnv,
  environment: ConnectionEnvironment,
  flags: string,
): Promise<void> {
  const { closeConnection, connectFromEnvironment, execute } = await import("../../loader/connection.js");
  const connection = await connectFromEnvironment({ ...env, ...environment });
  let found: string[];
  try {
    found = await foreignObjects(search, (statement) => execute(connection, statement));
  } finally {
    await closeConnection(connection);
  }
  if (found.length === 0) return;
  const rest = found.length > NAMED ? ` and ${found.length - NAMED} more` : "";
  throw new UserError(
    `destroy would delete what the stack did not make: ${found.slice(0, NAMED).join(", ")}${rest}. Move it elsewhere, or delete it too: ./workshop destroy${flags} --force`,
  );
}

import type { ResultRow } from "../../loader/connection";
import type { ConnectionEnvironment } from "./environment";
import type { Deployment, PendingOperation } from "./localBackend";

/** An object that the engine was about to create when it was killed: how to look for it, and its id in the state. */
export interface Candidate {
  readonly name: string;
  readonly comment: string;
  /** Statement that shows it, and maybe others. */
  readonly show: string;
  readonly id: string;
}

/** A kind of object: how SHOW calls it, where it lies, and its id as the provider writes it. */
interface Kind {
  readonly plural: string;
  readonly lies: "in the account" | "in a database" | "in a schema";
  readonly id: (path: readonly string[]) => string;
}

const quotedPath = (path: readonly string[]): string => path.map((part) => `"${part}"`).join(".");
/** The form of ids of resources that the provider still calls a preview. */
const pipedPath = (path: readonly string[]): string => path.join("|");
const lastPart = (path: readonly string[]): string => path.at(-1)!;

/**
 * Kinds whose creation fails when the object is there already. Everything else the stack makes (grants, statements,
 * commands) may be done twice.
 */
const SHOWN: Readonly<Record<string, Kind>> = {
  "snowflake:index/warehouse:Warehouse": { plural: "WAREHOUSES", lies: "in the account", id: lastPart },
  "snowflake:index/database:Database": { plural: "DATABASES", lies: "in the account", id: lastPart },
  "snowflake:index/schema:Schema": { plural: "SCHEMAS", lies: "in a database", id: quotedPath },
  "snowflake:index/accountRole:AccountRole": { plural: "ROLES", lies: "in the account", id: lastPart },
  "snowflake:index/task:Task": { plural: "TASKS", lies: "in a schema", id: quotedPath },
  "snowflake:index/alert:Alert": { plural: "ALERTS", lies: "in a schema", id: pipedPath },
  "snowflake:index/emailNotificationIntegration:EmailNotificationIntegration": {
    plural: "NOTIFICATION INTEGRATIONS",
    lies: "in the account",
    id: lastPart,
  },
};

/** What an interrupted creation may have left; undefined for other operations and kinds. */
export function candidateOf({ type, resource }: PendingOperation): Candidate | undefined {
  const kind = type === "creating" ? SHOWN[resource.type ?? ""] : undefined;
  const { name, comment, database, schema } = (resource.inputs ?? {}) as Record<string, unknown>;
  if (kind === undefined || typeof comment !== "string") return undefined;
  const outer = { "in the account": [], "in a database": [database], "in a schema": [database, schema] }[kind.lies];
  const path = [...outer, name];
  if (!path.every((part) => typeof part === "string")) return undefined;
  const place = outer.length === 0 ? "" : ` ${kind.lies === "in a schema" ? "IN SCHEMA" : "IN DATABASE"} `;
  return {
    name: lastPart(path),
    comment,
    show: `SHOW ${kind.plural} LIKE '${lastPart(path)}'${place}${quotedPath(path.slice(0, -1))}`,
    id: kind.id(path),
  };
}

/** Whether rows of SHOW hold the very object that the stack would have made: somebody else's has another comment. */
function isAmong(rows: readonly ResultRow[], { name, comment }: Candidate): boolean {
  return rows.some((row) => row.name === name && row.comment === comment);
}

/**
 * Takes up into the state what a killed engine has created but could not note any more; a refresh then reads the rest.
 * Without that the next `up` would create it again and be refused.
 *
 * @param rowsOf runs a statement and gives its rows
 * @returns the same deployment when there is nothing to take up
 */
export async function adoptPendingCreates<D extends Deployment>(
  deployment: D,
  rowsOf: (statement: string) => Promise<readonly ResultRow[]>,
): Promise<D> {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const adopted: PendingOperation[] = [];
  for (const operation of pending) {
    const candidate = candidateOf(operation);
    if (!candidate || resources.some(({ urn }) => urn === operation.resource.urn)) continue;
    if (isAmong(await rowsOf(candidate.show), candidate)) adopted.push(operation);
  }
  if (adopted.length === 0) return deployment;
  const made = adopted.map((operation) => ({ ...operation.resource, custom: true, id: candidateOf(operation)!.id }));
  return {
    ...deployment,
    resources: [...resources, ...made],
    pending_operations: pending.filter((operation) => !adopted.includes(operation)),
  };
}

/** {@link adoptPendingCreates} by the driver; connects only where there is something to look for. */
export async function adoptFromTarget<D extends Deployment>(
  deployment: D,
  env: NodeJS.ProcessEnv,
  environment: ConnectionEnvironment,
): Promise<D> {
  if (!deployment.pending_operations?.some(candidateOf)) return deployment;
  const { closeConnection, connectFromEnvironment, execute } = await import("../../loader/connection.js");
  const connection = await connectFromEnvironment({ ...env, ...environment });
  try {
    return await adoptPendingCreates(deployment, (statement) =>
      // A database that does not exist holds no schema.
      execute(connection, statement).catch(() => []),
    );
  } finally {
    await closeConnection(connection);
  }
}

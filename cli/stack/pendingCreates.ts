import type { ResultRow } from "../../loader/connection";
import { driverConnection } from "../lazy";
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

/**
 * Kinds whose creation fails when the object is there already. Everything else the stack makes (grants, statements,
 * commands) may be done twice.
 */
const SHOWN: Readonly<Record<string, string>> = {
  "snowflake:index/warehouse:Warehouse": "WAREHOUSES",
  "snowflake:index/database:Database": "DATABASES",
  "snowflake:index/schema:Schema": "SCHEMAS",
  "snowflake:index/accountRole:AccountRole": "ROLES",
};

/** What an interrupted creation may have left; undefined for other operations and kinds. */
export function candidateOf({ type, resource }: PendingOperation): Candidate | undefined {
  const kind = type === "creating" ? SHOWN[resource.type ?? ""] : undefined;
  const { name, comment, database } = (resource.inputs ?? {}) as Record<string, unknown>;
  if (kind === undefined || typeof name !== "string" || typeof comment !== "string") return undefined;
  const show = `SHOW ${kind} LIKE '${name}'`;
  if (kind !== "SCHEMAS") return { name, comment, show, id: name };
  return typeof database === "string"
    ? { name, comment, show: `${show} IN DATABASE "${database}"`, id: `"${database}"."${name}"` }
    : undefined;
}

/** Whether rows of SHOW hold the very object that the stack would have made: somebody else's has another comment. */
export function isAmong(rows: readonly ResultRow[], { name, comment }: Candidate): boolean {
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
  const { closeConnection, connectFromEnvironment, execute } = driverConnection();
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

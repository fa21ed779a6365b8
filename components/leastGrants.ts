/**
 * Which role needs which privilege on what: as little as the workshop's steps ask for. Pure; AccessRoles declares it.
 *
 * Snowflake documentation: "Access control privileges", "Dynamic table access control", "GRANT OWNERSHIP",
 * "Triggered tasks", "CREATE ALERT".
 */
import type { Environment } from "./naming";

/** The workshop's roles. */
export type WorkshopRole = "loader" | "transformer" | "analyst";

/** Kinds of objects in a schema that dbt, the loader and the deployment make. */
export type ObjectKind = "SCHEMAS" | "TABLES" | "VIEWS" | "DYNAMIC TABLES" | "STREAMS" | "TASKS" | "ALERTS";

/** What privileges are granted on. `raw` and `analytics` are the two databases with their one declared schema. */
export type GrantTarget =
  | { readonly on: "account" }
  | { readonly on: "warehouse" }
  | { readonly on: "database"; readonly database: "raw" | "analytics" }
  | { readonly on: "schema"; readonly database: "raw" | "analytics" }
  | { readonly on: "futureSchemas"; readonly database: "analytics" }
  /** Objects made later, in the declared schema or anywhere in the database. */
  | {
      readonly on: "futureObjects";
      readonly kind: ObjectKind;
      readonly in: "schema" | "database";
      readonly database: "raw" | "analytics";
    };

export interface LeastGrant {
  /** Ending of the resource's name, unique in the list. */
  readonly key: string;
  readonly role: WorkshopRole;
  /** Privileges; or OWNERSHIP alone, of objects made later. */
  readonly privileges: readonly string[];
  readonly target: GrantTarget;
}

/**
 * The grants of an environment.
 *
 * - The loader makes its table, so it owns it; temporary stages need CREATE STAGE, temporary tables need nothing.
 * - The transformer reads what the loader makes. In `dev` it builds in the attendee's schema; in `prd` it also makes the
 *   layers' schemas and owns them. Stream, task and alert are its own as well, whoever makes them in the attendee's schema:
 *   a task and an alert do what their owner may.
 * - The analyst reads what dbt builds, and sees how fresh it is (MONITOR).
 */
export function leastGrants(environment: Environment): readonly LeastGrant[] {
  const production = environment === "prd";
  const analystReads = (kind: ObjectKind, privileges: readonly string[]): LeastGrant => ({
    key: `analyst-reads-${kind.toLowerCase().replace(" ", "-")}`,
    role: "analyst",
    privileges,
    target: { on: "futureObjects", kind, in: production ? "database" : "schema", database: "analytics" },
  });
  return [
    ...(["loader", "transformer", "analyst"] as const).map((role): LeastGrant => ({
      key: `${role}-warehouse`,
      role,
      privileges: ["USAGE"],
      target: { on: "warehouse" },
    })),
    { key: "loader-raw-database", role: "loader", privileges: ["USAGE"], target: { on: "database", database: "raw" } },
    {
      key: "loader-raw-schema",
      role: "loader",
      privileges: ["CREATE STAGE", "CREATE TABLE", "USAGE"],
      target: { on: "schema", database: "raw" },
    },
    {
      key: "transformer-raw-database",
      role: "transformer",
      privileges: ["USAGE"],
      target: { on: "database", database: "raw" },
    },
    {
      key: "transformer-raw-schema",
      role: "transformer",
      privileges: ["USAGE"],
      target: { on: "schema", database: "raw" },
    },
    {
      key: "transformer-reads-raw",
      role: "transformer",
      privileges: ["SELECT"],
      target: { on: "futureObjects", kind: "TABLES", in: "schema", database: "raw" },
    },
    {
      key: "transformer-analytics-database",
      role: "transformer",
      privileges: production ? ["CREATE SCHEMA", "USAGE"] : ["USAGE"],
      target: { on: "database", database: "analytics" },
    },
    {
      key: "transformer-analytics-schema",
      role: "transformer",
      privileges: [
        "CREATE ALERT",
        "CREATE DYNAMIC TABLE",
        "CREATE STREAM",
        "CREATE TABLE",
        "CREATE TASK",
        "CREATE VIEW",
        "USAGE",
      ],
      target: { on: "schema", database: "analytics" },
    },
    {
      key: "transformer-account",
      role: "transformer",
      privileges: ["EXECUTE ALERT", "EXECUTE MANAGED ALERT", "EXECUTE MANAGED TASK", "EXECUTE TASK"],
      target: { on: "account" },
    },
    ...(["TABLES", "STREAMS", "TASKS", "ALERTS"] as const).map((kind): LeastGrant => ({
      key: `transformer-owns-${kind.toLowerCase()}`,
      role: "transformer",
      privileges: ["OWNERSHIP"],
      target: { on: "futureObjects", kind, in: "schema", database: "analytics" },
    })),
    {
      key: "analyst-analytics-database",
      role: "analyst",
      privileges: ["USAGE"],
      target: { on: "database", database: "analytics" },
    },
    {
      key: "analyst-analytics-schema",
      role: "analyst",
      privileges: ["USAGE"],
      target: { on: "schema", database: "analytics" },
    },
    ...(production
      ? [
          {
            key: "analyst-layers",
            role: "analyst",
            privileges: ["USAGE"],
            target: { on: "futureSchemas", database: "analytics" },
          } as const,
        ]
      : []),
    analystReads("TABLES", ["SELECT"]),
    analystReads("VIEWS", ["SELECT"]),
    analystReads("DYNAMIC TABLES", ["MONITOR", "SELECT"]),
  ];
}

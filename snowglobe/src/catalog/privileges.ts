import type { Catalog } from "./catalog";
import type { CatalogObject, DatabaseRole, ObjectKind, Role } from "./objects";

/** Privileges that a kind of object knows, beside OWNERSHIP. Source: "Access control privileges". */
export const PRIVILEGES: Readonly<Record<ObjectKind, readonly string[]>> = {
  ACCOUNT: [
    "CREATE DATABASE",
    "CREATE WAREHOUSE",
    "CREATE ROLE",
    "CREATE USER",
    "CREATE INTEGRATION",
    "CREATE NOTIFICATION INTEGRATION",
    "APPLY MASKING POLICY",
    "APPLY ROW ACCESS POLICY",
    "APPLY TAG",
    "IMPORT SHARE",
    "MANAGE WAREHOUSES",
    "EXECUTE TASK",
    "EXECUTE MANAGED TASK",
    "EXECUTE ALERT",
    "EXECUTE MANAGED ALERT",
    "MANAGE GRANTS",
    "MONITOR",
    "MONITOR EXECUTION",
    "MONITOR USAGE",
  ],
  DATABASE: ["USAGE", "CREATE SCHEMA", "CREATE DATABASE ROLE", "MODIFY", "MONITOR"],
  SCHEMA: [
    "USAGE",
    "MODIFY",
    "MONITOR",
    "CREATE TABLE",
    "CREATE VIEW",
    "CREATE DYNAMIC TABLE",
    "CREATE STAGE",
    "CREATE FILE FORMAT",
    "CREATE STREAM",
    "CREATE TASK",
    "CREATE ALERT",
    "CREATE FUNCTION",
    "CREATE PROCEDURE",
    "CREATE TEMPORARY TABLE",
    "CREATE SEQUENCE",
    "CREATE PIPE",
    "CREATE TAG",
    "CREATE MATERIALIZED VIEW",
    "CREATE EXTERNAL TABLE",
    "CREATE MASKING POLICY",
    "CREATE ROW ACCESS POLICY",
  ],
  TABLE: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "EVOLVE SCHEMA"],
  VIEW: ["SELECT", "REFERENCES"],
  "DYNAMIC TABLE": ["SELECT", "MONITOR", "OPERATE"],
  STAGE: ["READ", "WRITE", "USAGE"],
  "FILE FORMAT": ["USAGE"],
  WAREHOUSE: ["USAGE", "OPERATE", "MONITOR", "MODIFY"],
  ROLE: ["USAGE"],
  USER: ["IMPERSONATE", "MONITOR"],
  "NOTIFICATION INTEGRATION": ["USAGE"],
  STREAM: ["SELECT"],
  TASK: ["MONITOR", "OPERATE"],
  ALERT: ["MONITOR", "OPERATE"],
  SEQUENCE: ["USAGE"],
  FUNCTION: ["USAGE"],
  PROCEDURE: ["USAGE"],
  TAG: ["APPLY"],
  "MASKING POLICY": ["APPLY"],
  "ROW ACCESS POLICY": ["APPLY"],
  "DATABASE ROLE": ["USAGE"],
};

/**
 * The database role SNOWFLAKE.ALERT_VIEWER, kept as a privilege on the account: the database SNOWFLAKE has no other role
 * here. Source: "SNOWFLAKE database roles".
 */
export const ALERT_VIEWER = "DATABASE ROLE SNOWFLAKE.ALERT_VIEWER";

/**
 * IMPORTED PRIVILEGES on the database SNOWFLAKE, kept as a privilege on the account: what may read its views.
 * Source: "Enabling other roles to use schemas in the SNOWFLAKE database".
 */
export const IMPORTED_PRIVILEGES = "IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE";

/** What the account's own roles may do from the start. Source: "Overview of access control", system-defined roles. */
export const SYSTEM_ROLE_PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  ACCOUNTADMIN: PRIVILEGES.ACCOUNT,
  SECURITYADMIN: ["MANAGE GRANTS", "CREATE ROLE", "CREATE USER"],
  USERADMIN: ["CREATE ROLE", "CREATE USER"],
  SYSADMIN: ["CREATE DATABASE", "CREATE WAREHOUSE"],
};

/** The right to apply all objects of a kind, with which one may know of each. Source: "SHOW MASKING POLICIES". */
const GOVERNING: Readonly<Partial<Record<ObjectKind, string>>> = {
  TAG: "APPLY TAG",
  "MASKING POLICY": "APPLY MASKING POLICY",
  "ROW ACCESS POLICY": "APPLY ROW ACCESS POLICY",
};

/** Id of the account, the parent of its objects and the object of account-level grants. */
export const ACCOUNT = 0;

/**
 * Who may do what: the roles that a role inherits, and the privileges these hold.
 * Source: "Overview of access control", role hierarchy and privilege inheritance.
 */
export class Privileges {
  private closure = new Map<number, ReadonlySet<number>>();
  private generation = -1;

  constructor(private readonly catalog: Catalog) {}

  /** The role itself, every role granted to it, theirs in turn, and PUBLIC: ids. */
  inherited(role: Role | DatabaseRole): ReadonlySet<number> {
    if (this.generation !== this.catalog.generation) {
      this.closure = new Map();
      this.generation = this.catalog.generation;
    }
    let found = this.closure.get(role.id);
    if (!found) {
      found = this.close(role.id);
      this.closure.set(role.id, found);
    }
    return found;
  }

  private close(roleId: number): ReadonlySet<number> {
    const seen = new Set<number>();
    const open = [roleId];
    const everyone = this.catalog.find("ROLE", ACCOUNT, "PUBLIC");
    if (everyone) open.push(everyone.id);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const grant of this.catalog.grantsTo("ROLE", id)) {
        const kind = this.catalog.object(grant.objectId)?.kind;
        if (kind === "ROLE" || kind === "DATABASE ROLE") open.push(grant.objectId);
      }
    }
    return seen;
  }

  owns(roles: readonly Role[], object: CatalogObject): boolean {
    if (object.owner === null) return false;
    const owner = this.catalog.find("ROLE", ACCOUNT, object.owner);
    return owner !== undefined && roles.some((role) => this.inherited(role).has(owner.id));
  }

  /** Whether one of the roles holds the privilege on the object, or owns it. */
  holds(roles: readonly Role[], privilege: string, objectId: number): boolean {
    const object = this.catalog.object(objectId);
    if (object && this.owns(roles, object)) return true;
    return this.catalog
      .grantsOn(objectId)
      .some(
        (grant) =>
          grant.privilege === privilege &&
          grant.granteeKind === "ROLE" &&
          roles.some((role) => this.inherited(role).has(grant.granteeId)),
      );
  }

  /** Whether the roles hold any privilege on the object or own it: then they may know that it exists. */
  sees(roles: readonly Role[], object: CatalogObject): boolean {
    if (this.owns(roles, object)) return true;
    const governing = GOVERNING[object.kind];
    if (governing && this.holds(roles, governing, ACCOUNT)) return true;
    // Who may use the schema may ask for its tags. Source: "Work with object tags".
    if (object.kind === "TAG" && this.holds(roles, "USAGE", object.parentId)) return true;
    const any = this.catalog
      .grantsOn(object.id)
      .some((g) => g.granteeKind === "ROLE" && roles.some((role) => this.inherited(role).has(g.granteeId)));
    return any || this.holds(roles, "MANAGE GRANTS", ACCOUNT);
  }

  /** As `sees`; a database or schema is also seen for the sake of what lies in it. */
  seesWithin(roles: readonly Role[], object: CatalogObject): boolean {
    if (this.sees(roles, object)) return true;
    if (object.kind !== "DATABASE" && object.kind !== "SCHEMA") return false;
    return this.catalog
      .childrenOf(object.id)
      .some((child) => child.sessionId === undefined && this.seesWithin(roles, child));
  }
}

import type { CatalogChange } from "../../catalog/change";
import type { CatalogObject, DatabaseRole, Grant, ObjectKind, Role, User } from "../../catalog/objects";
import { RELATION_KINDS } from "../../catalog/objects";
import { isDocumentedPrivilege } from "../../catalog/documentedPrivileges";
import { ACCOUNT, PRIVILEGES } from "../../catalog/privileges";
import { compilationError, insufficientPrivileges, unsupported } from "../../errors";
import { FOREIGN_KINDS, OBJECT_KINDS } from "../../sql";
import type { StatementOf } from "../../sql/ast/statement";
import type { Grantee, GrantPrivileges, GrantRole, GrantTarget } from "../../sql/ast/statements/security";
import { currentRole, holds, owns } from "../../execution/authorize";
import { activeRoles, type Handler, type StatementContext } from "../../execution/context";
import { grantAlertViewer, grantImported, isAlertViewerRole, isOnSnowflake } from "./snowflakeDatabase";
import {
  find,
  findDatabase,
  findDatabaseRole,
  findOnAccount,
  findRelation,
  findSchema,
  type SchemaObjectKind,
} from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";
import { findRoutine } from "../../execution/routines";
import { inScope, type ListingScope } from "../../execution/listing";
import { suspendedTask } from "../../catalog/suspendedTask";
import { unlinkForeignOwners } from "../task/taskLinks";
import type { Microseconds } from "../../time";

/** GRANT and REVOKE of privileges. Sources: "GRANT <privileges> ... TO ROLE", "REVOKE <privileges> ... FROM ROLE". */
export const grantPrivileges: Handler<GrantPrivileges> = async (statement, context) => {
  if (isOnSnowflake(statement)) return grantImported(statement, context);
  const role = granteeRole(statement.grantee, context);
  const give = statement.kind === "grantPrivileges";
  const { on } = statement;
  if (on.kind === "future") {
    await changeFuture(statement, on, role, give, context);
    return succeeded();
  }
  const objects = targets(on, context);
  requireWithinDatabase(role, on.kind === "account" ? [undefined] : objects, context);
  for (const object of objects) {
    requireGrantRight(context, object, statement.privileges === "ALL" ? [] : statement.privileges);
  }
  if (on.kind === "account")
    requireGrantRight(context, undefined, statement.privileges === "ALL" ? [] : statement.privileges);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const object of on.kind === "account" ? [undefined] : objects) {
      const kind: ObjectKind = object?.kind ?? "ACCOUNT";
      for (const privilege of privilegesFor(statement.privileges, kind, on.kind === "all")) {
        const objectId = object?.id ?? ACCOUNT;
        const before = context.instance.catalog
          .grantsOn(objectId)
          .find((one) => one.privilege === privilege && one.granteeKind === "ROLE" && one.granteeId === role.id);
        if (give) {
          change.grant({
            privilege,
            objectId,
            granteeKind: "ROLE",
            granteeId: role.id,
            grantOption: statement.grantOption || (before?.grantOption ?? false),
            grantedBy: before?.grantedBy ?? object?.owner ?? currentRole(context),
            createdOn: before?.createdOn ?? context.startedOn,
          });
        } else if (before) {
          // REVOKE GRANT OPTION FOR leaves the privilege itself.
          if (statement.grantOption) change.grant({ ...before, grantOption: false });
          else change.revoke(before);
        }
      }
    }
  });
  return succeeded();
};

/** A database role holds privileges on its own database and what lies in it. Source: "GRANT <privileges> ... TO ROLE". */
function requireWithinDatabase(
  role: Role | DatabaseRole,
  objects: readonly (CatalogObject | undefined)[],
  { instance: { catalog } }: StatementContext,
): void {
  if (role.kind !== "DATABASE ROLE") return;
  for (const object of objects) {
    let at: CatalogObject | undefined = object;
    while (at && at.parentId !== ACCOUNT) at = catalog.object(at.parentId);
    if (at?.id === role.parentId) continue;
    throw compilationError(
      `Database role ${role.name} can hold privileges on its own database and the objects in it alone.`,
      "003044",
      "42501",
    );
  }
}

/** Kinds of objects that Snowflake has a privilege to create for. */
const CREATABLE: ReadonlySet<string> = new Set([...OBJECT_KINDS, ...FOREIGN_KINDS]);

/** What can be granted on one kind or another. */
const GRANTABLE: ReadonlySet<string> = new Set(Object.values(PRIVILEGES).flat());

/** What is granted to a kind. @throws SnowflakeError for a privilege that it does not know */
function privilegesFor(asked: "ALL" | readonly string[], kind: ObjectKind, several: boolean): readonly string[] {
  const known = PRIVILEGES[kind];
  if (asked === "ALL") return known;
  const unknown = asked.find((privilege) => !known.includes(privilege));
  // GRANT ... ON ALL TABLES leaves out what a kind does not know; a single object must know it.
  if (unknown && !several) {
    if (unknown === "IMPORTED PRIVILEGES" && kind === "DATABASE") {
      throw compilationError(
        "IMPORTED PRIVILEGES can be granted on a database that comes from a share alone; this one is local.",
        "003008",
        "42601",
      );
    }
    if (!GRANTABLE.has(unknown) && isDocumentedPrivilege(unknown, CREATABLE)) throw unsupported(`privilege ${unknown}`);
    throw compilationError(`invalid privilege '${unknown}' for object type '${kind}'.`, "003008", "42601");
  }
  return asked.filter((privilege) => known.includes(privilege));
}

async function changeFuture(
  statement: GrantPrivileges | StatementOf<"grantOwnership">,
  on: Extract<GrantTarget, { in: unknown }>,
  role: Role | DatabaseRole,
  give: boolean,
  context: StatementContext,
): Promise<void> {
  const inside = container(on, context);
  if (!inside) throw unsupported("FUTURE grants in the account");
  if (
    !holds(context, "MANAGE GRANTS", ACCOUNT) &&
    !(inside.kind === "SCHEMA" && inside.managedAccess && owns(context, inside))
  ) {
    throw insufficientPrivileges(inside.kind.toLowerCase(), inside.name);
  }
  const kind = catalogKind(on.objectKind);
  const privileges =
    statement.kind === "grantOwnership" ? ["OWNERSHIP"] : privilegesFor(statement.privileges, kind, false);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const privilege of privileges) {
      const grant = {
        privilege,
        objectKind: kind,
        inId: inside.id,
        granteeId: role.id,
        grantOption: statement.kind !== "grantOwnership" && give && statement.grantOption,
        createdOn: context.startedOn,
      };
      const keeps = !give && statement.kind !== "grantOwnership" && statement.grantOption;
      if (give || keeps) change.grantFuture(grant);
      else change.revokeFuture(grant);
    }
  });
}

/** GRANT ROLE and REVOKE ROLE. */
export const grantRole: Handler<GrantRole> = async (statement, context) => {
  if (statement.databaseRole && isAlertViewerRole(statement.role)) return grantAlertViewer(statement, context);
  const role = statement.databaseRole
    ? findDatabaseRole(context, statement.role)
    : findOnAccount(context, "ROLE", statement.role);
  const grantee = anyGrantee(statement.grantee, context);
  if (!owns(context, role) && !holds(context, "MANAGE GRANTS", ACCOUNT))
    throw insufficientPrivileges("role", role.name);
  requireGrantable(role, grantee);
  const { privileges } = context.instance;
  if (grantee.kind !== "USER" && (role.id === grantee.id || privileges.inherited(role).has(grantee.id))) {
    throw compilationError(`Role ${role.name} cannot be granted to role ${grantee.name}: that would be a cycle`);
  }
  const grant: Grant = {
    privilege: "USAGE",
    objectId: role.id,
    granteeKind: grantee.kind === "USER" ? "USER" : "ROLE",
    granteeId: grantee.id,
    grantOption: false,
    grantedBy: currentRole(context),
    createdOn: context.startedOn,
  };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    if (statement.kind === "grantRole") change.grant(grant);
    else change.revoke(grant);
  });
  return succeeded();
};

/** @throws SnowflakeError for a role that cannot be granted to this one. Source: "GRANT DATABASE ROLE" */
function requireGrantable(role: Role | DatabaseRole, grantee: Role | DatabaseRole | User): void {
  if (role.kind === "DATABASE ROLE" && grantee.kind === "USER") throw unsupported("GRANT DATABASE ROLE to a USER");
  if (grantee.kind !== "DATABASE ROLE") return;
  if (role.kind === "DATABASE ROLE" && role.parentId === grantee.parentId) return;
  throw compilationError(
    `Role ${role.name} cannot be granted to database role ${grantee.name}: only database roles of the same database can.`,
    "003045",
    "42501",
  );
}

/** GRANT OWNERSHIP ... [COPY | REVOKE CURRENT GRANTS]. Source: "GRANT OWNERSHIP". */
export const grantOwnership: Handler<StatementOf<"grantOwnership">> = async (statement, context) => {
  const role = granteeRole(statement.grantee, context);
  if (role.kind === "DATABASE ROLE") throw unsupported("GRANT OWNERSHIP to a DATABASE ROLE");
  if (statement.on.kind === "account") throw unsupported("GRANT OWNERSHIP ON ACCOUNT");
  if (statement.on.kind === "future") {
    await changeFuture(statement, statement.on, role, true, context);
    return succeeded();
  }
  const objects = targets(statement.on, context);
  for (const object of objects) {
    if (!owns(context, object) && !holds(context, "MANAGE GRANTS", ACCOUNT)) {
      throw insufficientPrivileges(object.kind.toLowerCase(), object.name);
    }
    const outbound = context.instance.catalog.grantsOn(object.id);
    if (!statement.currentGrants && outbound.length > 0) {
      throw compilationError(
        `Dependent grant of privilege '${outbound[0]!.privilege}' on object '${object.name}' exists: use REVOKE CURRENT GRANTS or COPY CURRENT GRANTS`,
        "003036",
        "42501",
      );
    }
  }
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const object of objects)
      transfer(change, object, role, statement.currentGrants === "REVOKE", context.startedOn);
    const tasks = objects.filter((object) => object.kind === "TASK");
    unlinkForeignOwners(change, tasks, context.startedOn);
  });
  return succeeded();
};

function transfer(change: CatalogChange, object: CatalogObject, role: Role, revoke: boolean, now: Microseconds): void {
  const owned = { ...object, owner: role.name };
  // A task of a new owner stands still until that owner resumes it. Source: "SHOW TASKS", last_suspended_reason.
  change.put(owned.kind === "TASK" ? suspendedTask(owned, "GRANT_OWNERSHIP", now) : owned);
  for (const grant of change.catalog.grantsOn(object.id)) {
    if (revoke) change.revoke(grant);
    else change.grant({ ...grant, grantedBy: role.name });
  }
}

function granteeRole(grantee: Grantee, context: StatementContext): Role | DatabaseRole {
  if (grantee.kind === "DATABASE ROLE") return findDatabaseRole(context, grantee.name);
  if (grantee.kind !== "ROLE") throw unsupported(`privileges for a ${grantee.kind}`);
  return findOnAccount(context, "ROLE", grantee.name);
}

function anyGrantee(grantee: Grantee, context: StatementContext): Role | DatabaseRole | User {
  if (grantee.kind === "USER") return findOnAccount(context, "USER", grantee.name);
  return granteeRole(grantee, context);
}

/** Who may grant: the owner, MANAGE GRANTS, or a holder with grant option of each privilege. */
function requireGrantRight(
  context: StatementContext,
  object: CatalogObject | undefined,
  privileges: readonly string[],
): void {
  if (holds(context, "MANAGE GRANTS", ACCOUNT)) return;
  const { catalog } = context.instance;
  const schema = object && catalog.object(object.parentId);
  if (object && schema?.kind === "SCHEMA" && schema.managedAccess) {
    // In a managed access schema its owner grants, not the owners of what lies in it.
    if (owns(context, schema)) return;
    throw insufficientPrivileges(object.kind.toLowerCase(), object.name);
  }
  if (object && owns(context, object)) return;
  const roles = activeRoles(context.session, catalog);
  const granted = catalog.grantsOn(object?.id ?? ACCOUNT);
  const optioned = (privilege: string): boolean =>
    granted.some(
      (grant) =>
        grant.privilege === privilege &&
        grant.grantOption &&
        roles.some((role) => context.instance.privileges.inherited(role).has(grant.granteeId)),
    );
  if (privileges.length > 0 && privileges.every(optioned)) return;
  throw insufficientPrivileges(object?.kind.toLowerCase() ?? "account", object?.name ?? context.instance.accountName);
}

/** The objects that a grant is about. */
export function targets(on: GrantTarget, context: StatementContext): CatalogObject[] {
  if (on.kind === "account") return [];
  if (on.kind === "object") return [oneTarget(on, context)];
  const kind = catalogKind(on.objectKind);
  const inside = container(on, context);
  const scope: ListingScope = !inside
    ? { kind: "ACCOUNT" }
    : inside.kind === "SCHEMA"
      ? { kind: "SCHEMA", schema: inside }
      : { kind: "DATABASE", database: inside };
  return inScope(context, kind, scope);
}

function oneTarget(on: Extract<GrantTarget, { kind: "object" }>, context: StatementContext): CatalogObject {
  switch (on.objectKind) {
    case "DATABASE":
      return findDatabase(context, on.name.at(-1)!.name);
    case "SCHEMA":
      return findSchema(context, on.name, "GRANT");
    case "DATABASE ROLE":
      return findDatabaseRole(context, on.name);
    case "WAREHOUSE":
    case "ROLE":
    case "USER":
      return findOnAccount(context, on.objectKind, on.name);
    case "INTEGRATION":
    case "NOTIFICATION INTEGRATION":
      return findOnAccount(context, "NOTIFICATION INTEGRATION", on.name);
  }
  if (on.implied) return findRelation(context, on.name, "GRANT");
  const kind = catalogKind(on.objectKind);
  if ((RELATION_KINDS as readonly string[]).includes(kind)) {
    const found = findRelation(context, on.name, "GRANT");
    // dbt and the provider name dynamic tables TABLE or VIEW in places where only the privilege matters.
    if (found.kind === kind) return found;
  }
  if (kind === "FUNCTION" || kind === "PROCEDURE") {
    return findRoutine(context, kind, on.name, on.argumentTypes ?? [], "GRANT");
  }
  return find(context, kind as SchemaObjectKind, on.name, "GRANT");
}

function container(on: Extract<GrantTarget, { in: unknown }>, context: StatementContext) {
  if (on.in.kind === "ACCOUNT" || !on.in.name) return undefined;
  return on.in.kind === "DATABASE"
    ? findDatabase(context, on.in.name.at(-1)!.name)
    : findSchema(context, on.in.name, "GRANT");
}

/** The catalog's kind for a kind word. @throws SnowflakeError for kinds that this server does not have */
export function catalogKind(word: string): CatalogObject["kind"] {
  switch (word) {
    case "INTEGRATION":
      return "NOTIFICATION INTEGRATION";
    case "DATABASE":
    case "SCHEMA":
    case "TABLE":
    case "VIEW":
    case "DYNAMIC TABLE":
    case "STREAM":
    case "STAGE":
    case "FILE FORMAT":
    case "TASK":
    case "ALERT":
    case "SEQUENCE":
    case "FUNCTION":
    case "PROCEDURE":
    case "TAG":
    case "MASKING POLICY":
    case "ROW ACCESS POLICY":
    case "DATABASE ROLE":
    case "WAREHOUSE":
    case "ROLE":
    case "USER":
    case "NOTIFICATION INTEGRATION":
      return word;
    default:
      throw unsupported(word);
  }
}

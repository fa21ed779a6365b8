import type { CatalogObject, FutureGrant, Grant } from "../../catalog/objects";
import { ACCOUNT, ALERT_VIEWER } from "../../catalog/privileges";
import { unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { GrantTarget } from "../../sql/ast/statements/security";
import type { Handler, StatementContext } from "../../execution/context";
import { ALERT_VIEWER_NAME, SNOWFLAKE_RIGHTS, alertViewerGrants, isAlertViewerRole } from "./snowflakeDatabase";
import { targets } from "./grant";
import { ownershipOf } from "../../execution/grants";
import { findDatabase, findDatabaseRole, findOnAccount, findSchema } from "../../execution/lookup";
import { TEXT, TIMESTAMP, type Outcome } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, shown } from "../../execution/shownColumn";

/** A grant that is shown, with the names of what it is on. */
interface ShownGrant extends Pick<Grant, "privilege" | "grantOption" | "grantedBy" | "createdOn"> {
  readonly grantedOn: string;
  readonly name: string;
  readonly grantedTo: string;
  readonly grantee: string;
}

const PRIVILEGE_COLUMNS: readonly ShownColumn<ShownGrant>[] = [
  ["created_on", TIMESTAMP, (grant) => grant.createdOn],
  ["privilege", TEXT, (grant) => grant.privilege],
  ["granted_on", TEXT, (grant) => grant.grantedOn],
  ["name", TEXT, (grant) => grant.name],
  ["granted_to", TEXT, (grant) => grant.grantedTo],
  ["grantee_name", TEXT, (grant) => grant.grantee],
  ["grant_option", TEXT, (grant) => String(grant.grantOption)],
  ["granted_by", TEXT, (grant) => grant.grantedBy],
];

const FUTURE_COLUMNS: readonly ShownColumn<FutureGrant>[] = [
  ["created_on", TIMESTAMP, (grant) => grant.createdOn],
  ["privilege", TEXT, (grant) => grant.privilege],
  ["grant_on", TEXT, (grant) => grantKind(grant.objectKind)],
  [
    "name",
    TEXT,
    (grant, { instance: { catalog } }) =>
      `${catalog.fullName(catalog.object(grant.inId)!)}.<${grantKind(grant.objectKind)}>`,
  ],
  ["grant_to", TEXT, () => "ROLE"],
  ["grantee_name", TEXT, (grant, context) => nameOf(grant.granteeId, context)],
  ["grant_option", TEXT, (grant) => String(grant.grantOption)],
];

const ROLE_COLUMNS: readonly ShownColumn<Grant>[] = [
  ["created_on", TIMESTAMP, (grant) => grant.createdOn],
  [
    "role",
    TEXT,
    (grant, context) => (grant.privilege === ALERT_VIEWER ? ALERT_VIEWER_NAME : nameOf(grant.objectId, context)),
  ],
  ["granted_to", TEXT, grantedTo],
  ["grantee_name", TEXT, (grant, context) => nameOf(grant.granteeId, context)],
  ["granted_by", TEXT, (grant) => grant.grantedBy],
];

/** A database role is shown with its database. */
function nameOf(id: number, { instance: { catalog } }: StatementContext): string | undefined {
  const object = catalog.object(id);
  return object?.kind === "DATABASE ROLE" ? catalog.fullName(object) : object?.name;
}

/** Source: "SHOW GRANTS". */
export const showGrants: Handler<StatementOf<"showGrants">> = async (statement, context) => {
  const { of } = statement;
  if (statement.limit !== undefined) throw unsupported("SHOW GRANTS ... LIMIT");
  switch (of.kind) {
    case "current":
      return grantsTo("USER", context.session.user.id, context);
    case "on":
      return on(of, context);
    case "to":
      if (of.objectKind === "DATABASE ROLE") return grantsTo("ROLE", findDatabaseRole(context, of.name).id, context);
      if (of.objectKind !== "ROLE" && of.objectKind !== "USER") throw unsupported(`SHOW GRANTS TO ${of.objectKind}`);
      return grantsTo(of.objectKind, findOnAccount(context, of.objectKind, of.name).id, context);
    case "of":
      if (of.objectKind === "DATABASE ROLE") {
        if (isAlertViewerRole(of.name)) return ofAlertViewer(context);
        return ofRole(findDatabaseRole(context, of.name).id, context);
      }
      if (of.objectKind !== "ROLE") throw unsupported(`SHOW GRANTS OF ${of.objectKind}`);
      return ofRole(findOnAccount(context, "ROLE", of.name).id, context);
    case "futureIn": {
      const inside =
        of.objectKind === "SCHEMA"
          ? findSchema(context, of.name, "SHOW GRANTS")
          : findDatabase(context, of.name.at(-1)!.name);
      return future(context.instance.catalog.futureGrantsIn(inside.id), context);
    }
    case "futureTo": {
      const role = findOnAccount(context, "ROLE", of.name);
      const { catalog } = context.instance;
      const all = [...catalog.list("DATABASE"), ...catalog.list("SCHEMA")].flatMap((at) =>
        catalog.futureGrantsIn(at.id),
      );
      return future(
        all.filter((grant) => grant.granteeId === role.id),
        context,
      );
    }
  }
};

function on(of: Extract<StatementOf<"showGrants">["of"], { kind: "on" }>, context: StatementContext): Outcome {
  const { catalog } = context.instance;
  if (of.objectKind === "ACCOUNT") {
    const own = catalog.grantsOn(ACCOUNT).filter((grant) => !SNOWFLAKE_RIGHTS.has(grant.privilege));
    return privileges(own, context);
  }
  // What the account fills itself is nobody's to grant: everybody who uses the database reads it.
  if (of.objectKind === "SCHEMA" && of.name?.at(-1)?.name === "INFORMATION_SCHEMA") {
    if (of.name.length > 1) findDatabase(context, of.name[0]!.name);
    return privileges([], context);
  }
  const target: GrantTarget = { kind: "object", objectKind: of.objectKind, name: of.name!, implied: of.implied };
  const object = targets(target, context)[0]!;
  return privileges([...ownershipOf(object, catalog), ...catalog.grantsOn(object.id)], context);
}

/** Roles of a user, or the privileges and roles that a role holds with what it owns. */
function grantsTo(kind: "ROLE" | "USER", id: number, context: StatementContext): Outcome {
  const { catalog } = context.instance;
  const grants = catalog.grantsTo(kind, id);
  if (kind === "USER") return shown(ROLE_COLUMNS, grants, context, StatementType.SHOW);
  const { name, kind: roleKind } = catalog.object(id)!;
  const owns = ({ owner }: CatalogObject): boolean => roleKind === "ROLE" && owner === name;
  const owned = [...catalog.all()].filter((object) => owns(object) && object.droppedOn === undefined);
  return privileges([...grants, ...owned.flatMap((object) => ownershipOf(object, catalog))], context);
}

function ofRole(id: number, context: StatementContext): Outcome {
  return shown(ROLE_COLUMNS, context.instance.catalog.grantsOn(id), context, StatementType.SHOW);
}

/** Roles that have the database role SNOWFLAKE.ALERT_VIEWER. */
function ofAlertViewer(context: StatementContext): Outcome {
  return shown(ROLE_COLUMNS, alertViewerGrants(context), context, StatementType.SHOW);
}

/** A grantee's kind: a database role's follows from its id. */
function grantedTo({ granteeId, granteeKind }: Grant, { instance }: StatementContext): string {
  return instance.catalog.object(granteeId)?.kind === "DATABASE ROLE" ? "DATABASE_ROLE" : granteeKind;
}

/** GRANT shows kinds with underscores: DYNAMIC_TABLE, FILE_FORMAT. */
export function grantKind(kind: string): string {
  return kind === "NOTIFICATION INTEGRATION" ? "INTEGRATION" : kind.replaceAll(" ", "_");
}

function privileges(grants: readonly Grant[], context: StatementContext): Outcome {
  const { catalog } = context.instance;
  const found = grants.flatMap((grant): ShownGrant[] => {
    const object = catalog.object(grant.objectId);
    const grantee = nameOf(grant.granteeId, context);
    if (grantee === undefined || object?.sessionId !== undefined) return [];
    const to = { grantedTo: grantedTo(grant, context), grantee };
    const right = SNOWFLAKE_RIGHTS.get(grant.privilege);
    if (right) return [{ ...grant, privilege: "USAGE", ...right, ...to }];
    if (object) return [{ ...grant, grantedOn: grantKind(object.kind), name: catalog.fullName(object), ...to }];
    if (grant.objectId !== ACCOUNT) return [];
    return [{ ...grant, grantedOn: "ACCOUNT", name: context.instance.accountName, ...to }];
  });
  return shown(PRIVILEGE_COLUMNS, found, context, StatementType.SHOW);
}

function future(grants: readonly FutureGrant[], context: StatementContext): Outcome {
  return shown(FUTURE_COLUMNS, grants, context, StatementType.SHOW);
}

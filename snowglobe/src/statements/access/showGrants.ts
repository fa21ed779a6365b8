import type { FutureGrant, Grant } from "../../catalog/objects";
import { ACCOUNT, ALERT_VIEWER } from "../../catalog/privileges";
import { unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { StatementOf } from "../../sql/ast/statement";
import type { GrantTarget } from "../../sql/ast/statements/security";
import type { Handler, StatementContext } from "../../execution/context";
import { ALERT_VIEWER_NAME, alertViewerGrants, requireAlertViewer } from "./databaseRole";
import { targets } from "./grant";
import { ownershipOf } from "../../execution/grants";
import { findDatabase, findOnAccount, findSchema } from "../../execution/lookup";
import { rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec, type Outcome } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";

const PRIVILEGE_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["privilege", TEXT],
  ["granted_on", TEXT],
  ["name", TEXT],
  ["granted_to", TEXT],
  ["grantee_name", TEXT],
  ["grant_option", TEXT],
  ["granted_by", TEXT],
];

const FUTURE_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["privilege", TEXT],
  ["grant_on", TEXT],
  ["name", TEXT],
  ["grant_to", TEXT],
  ["grantee_name", TEXT],
  ["grant_option", TEXT],
];

const ROLE_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["role", TEXT],
  ["granted_to", TEXT],
  ["grantee_name", TEXT],
  ["granted_by", TEXT],
];

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
      if (of.objectKind !== "ROLE" && of.objectKind !== "USER") throw unsupported(`SHOW GRANTS TO ${of.objectKind}`);
      return grantsTo(of.objectKind, findOnAccount(context, of.objectKind, of.name).id, context);
    case "of":
      if (of.objectKind === "DATABASE ROLE") return ofAlertViewer(of.name, context);
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
    const own = catalog.grantsOn(ACCOUNT).filter((grant) => grant.privilege !== ALERT_VIEWER);
    return privileges(own, context);
  }
  const target: GrantTarget = { kind: "object", objectKind: of.objectKind, name: of.name!, implied: of.implied };
  const object = targets(target, context)[0]!;
  return privileges([...ownershipOf(object, catalog), ...catalog.grantsOn(object.id)], context);
}

/** Roles of a user, or the privileges and roles that a role holds with what it owns. */
function grantsTo(kind: "ROLE" | "USER", id: number, context: StatementContext): Outcome {
  const { catalog } = context.instance;
  const grants = catalog.grantsTo(kind, id);
  if (kind === "USER") {
    return rows(
      ROLE_COLUMNS,
      grants.map((grant) => [
        grant.createdOn,
        catalog.object(grant.objectId)?.name,
        "USER",
        catalog.object(id)!.name,
        grant.grantedBy,
      ]),
      StatementType.SHOW,
    );
  }
  const name = catalog.object(id)!.name;
  const owned = [...catalog.all()].filter((object) => object.owner === name && object.droppedOn === undefined);
  return privileges([...grants, ...owned.flatMap((object) => ownershipOf(object, catalog))], context);
}

function ofRole(id: number, context: StatementContext): Outcome {
  const { catalog } = context.instance;
  return rows(
    ROLE_COLUMNS,
    catalog
      .grantsOn(id)
      .map((grant) => [
        grant.createdOn,
        catalog.object(id)!.name,
        grant.granteeKind,
        catalog.object(grant.granteeId)?.name,
        grant.grantedBy,
      ]),
    StatementType.SHOW,
  );
}

/** Roles that have the database role SNOWFLAKE.ALERT_VIEWER. */
function ofAlertViewer(name: ObjectName, context: StatementContext): Outcome {
  requireAlertViewer(name);
  const { catalog } = context.instance;
  return rows(
    ROLE_COLUMNS,
    alertViewerGrants(context).map((grant) => [
      grant.createdOn,
      ALERT_VIEWER_NAME,
      grant.granteeKind,
      catalog.object(grant.granteeId)?.name,
      grant.grantedBy,
    ]),
    StatementType.SHOW,
  );
}

/** GRANT shows kinds with underscores: DYNAMIC_TABLE, FILE_FORMAT. */
function grantKind(kind: string): string {
  return kind === "NOTIFICATION INTEGRATION" ? "INTEGRATION" : kind.replaceAll(" ", "_");
}

function privileges(grants: readonly Grant[], context: StatementContext): Outcome {
  const { catalog } = context.instance;
  const cells: Cell[][] = [];
  for (const grant of grants) {
    const object = catalog.object(grant.objectId);
    const grantee = catalog.object(grant.granteeId);
    if (!grantee || (!object && grant.objectId !== ACCOUNT) || object?.sessionId !== undefined) continue;
    const what =
      grant.privilege === ALERT_VIEWER
        ? ["USAGE", "DATABASE_ROLE", ALERT_VIEWER_NAME]
        : [
            grant.privilege,
            grantKind(object?.kind ?? "ACCOUNT"),
            object ? catalog.fullName(object) : context.instance.accountName,
          ];
    cells.push([grant.createdOn, ...what, grant.granteeKind, grantee.name, String(grant.grantOption), grant.grantedBy]);
  }
  return rows(PRIVILEGE_COLUMNS, cells, StatementType.SHOW);
}

function future(grants: readonly FutureGrant[], context: StatementContext): Outcome {
  const { catalog } = context.instance;
  return rows(
    FUTURE_COLUMNS,
    grants.map((grant) => [
      grant.createdOn,
      grant.privilege,
      grantKind(grant.objectKind),
      `${catalog.fullName(catalog.object(grant.inId)!)}.<${grantKind(grant.objectKind)}>`,
      "ROLE",
      catalog.object(grant.granteeId)?.name,
      String(grant.grantOption),
    ]),
    StatementType.SHOW,
  );
}

import type { StatementOf } from "../ast/statement";
import type { Show, ShowGrants } from "../ast/statements/metadata";
import type { Grantee, GrantTarget } from "../ast/statements/security";
import { printIdentifier, printObjectName, words } from "./name";
import { printExpression } from "./query";
import { quoteString } from "../../quoting";

export type AdministrationKind =
  | "drop"
  | "undrop"
  | "describe"
  | "describeResult"
  | "describeTransaction"
  | "comment"
  | "show"
  | "showGrants"
  | "grantPrivileges"
  | "revokePrivileges"
  | "grantRole"
  | "revokeRole"
  | "grantOwnership"
  | "use"
  | "useSecondaryRoles";

/** DROP, DESCRIBE, SHOW, GRANT, USE and their kin. */
export function printAdministration(statement: StatementOf<AdministrationKind>): string {
  switch (statement.kind) {
    case "drop":
      return words(
        `DROP ${statement.objectKind}`,
        statement.ifExists && "IF EXISTS",
        printObjectName(statement.name),
        printArgumentTypes(statement.argumentTypes),
        statement.behavior,
      );
    case "undrop":
      return `UNDROP ${statement.objectKind} ${printObjectName(statement.name)}`;
    case "describe":
      return words(
        `DESCRIBE ${statement.objectKind}`,
        printObjectName(statement.name),
        printArgumentTypes(statement.argumentTypes),
        statement.type && `TYPE = ${statement.type}`,
      );
    case "describeResult":
      return `DESCRIBE RESULT ${printExpression(statement.queryId)}`;
    case "describeTransaction":
      return `DESCRIBE TRANSACTION ${statement.id}`;
    case "comment":
      return words(
        "COMMENT",
        statement.ifExists && "IF EXISTS",
        `ON ${statement.objectKind} ${printObjectName(statement.name)}`,
        printArgumentTypes(statement.argumentTypes),
        `IS ${quoteString(statement.comment)}`,
      );
    case "show":
      return printShow(statement);
    case "showGrants":
      return words(printShowGrants(statement.of), statement.limit !== undefined && `LIMIT ${statement.limit}`);
    case "use":
      return `USE ${statement.objectKind} ${printObjectName(statement.name)}`;
    case "useSecondaryRoles": {
      const { roles } = statement;
      return `USE SECONDARY ROLES ${typeof roles === "string" ? roles : roles.map(printIdentifier).join(", ")}`;
    }
    default:
      return printGrant(statement);
  }
}

function printArgumentTypes(types: readonly string[] | undefined): string | undefined {
  return types && `(${types.join(", ")})`;
}

function printShow(show: Show): string {
  const { scope } = show;
  return words(
    "SHOW",
    show.terse && "TERSE",
    show.objects,
    show.history && "HISTORY",
    show.like !== undefined && `LIKE ${quoteString(show.like)}`,
    scope && words("IN", scope.objectKind, scope.name && printObjectName(scope.name)),
    show.startsWith !== undefined && `STARTS WITH ${quoteString(show.startsWith)}`,
    show.withPrimary && `WITH PRIMARY ${printObjectName(show.withPrimary)}`,
    show.rootOnly && "ROOT ONLY",
    show.limit !== undefined && `LIMIT ${show.limit}`,
    show.from !== undefined && `FROM ${quoteString(show.from)}`,
    show.withPrivileges && `WITH PRIVILEGES ${show.withPrivileges.join(", ")}`,
  );
}

function printShowGrants(of: ShowGrants["of"]): string {
  switch (of.kind) {
    case "current":
      return "SHOW GRANTS";
    case "on":
      return words("SHOW GRANTS ON", !of.implied && of.objectKind, of.name && printObjectName(of.name));
    case "to":
    case "of":
      return `SHOW GRANTS ${of.kind.toUpperCase()} ${of.objectKind} ${printObjectName(of.name)}`;
    case "futureIn":
      return `SHOW FUTURE GRANTS IN ${of.objectKind} ${printObjectName(of.name)}`;
    case "futureTo":
      return `SHOW FUTURE GRANTS TO ${of.objectKind} ${printObjectName(of.name)}`;
  }
}

type GrantStatement = StatementOf<
  "grantPrivileges" | "revokePrivileges" | "grantRole" | "revokeRole" | "grantOwnership"
>;

function printGrant(statement: GrantStatement): string {
  const grantee = printGrantee(statement.grantee);
  switch (statement.kind) {
    case "grantRole":
      return `GRANT ${printRole(statement)} TO ${grantee}`;
    case "revokeRole":
      return `REVOKE ${printRole(statement)} FROM ${grantee}`;
    case "grantOwnership": {
      const current = statement.currentGrants && `${statement.currentGrants} CURRENT GRANTS`;
      return words(`GRANT OWNERSHIP ON ${printTarget(statement.on)} TO ${grantee}`, current);
    }
    default: {
      const granting = statement.kind === "grantPrivileges";
      const privileges = statement.privileges === "ALL" ? "ALL PRIVILEGES" : statement.privileges.join(", ");
      return words(
        granting ? "GRANT" : "REVOKE",
        !granting && statement.grantOption && "GRANT OPTION FOR",
        `${privileges} ON ${printTarget(statement.on)}`,
        `${granting ? "TO" : "FROM"} ${grantee}`,
        granting && statement.grantOption && "WITH GRANT OPTION",
        statement.behavior,
      );
    }
  }
}

function printRole({ role, databaseRole }: StatementOf<"grantRole" | "revokeRole">): string {
  return `${databaseRole ? "DATABASE ROLE" : "ROLE"} ${printObjectName(role)}`;
}

function printGrantee({ kind, name }: Grantee): string {
  return `${kind} ${printObjectName(name)}`;
}

function printTarget(target: GrantTarget): string {
  switch (target.kind) {
    case "account":
      return "ACCOUNT";
    case "object":
      return words(
        !target.implied && target.objectKind,
        printObjectName(target.name),
        printArgumentTypes(target.argumentTypes),
      );
    default: {
      const kind = target.objectKind.replace(/Y$/, "IE");
      const where = words(target.in.kind, target.in.name && printObjectName(target.in.name));
      return `${target.kind.toUpperCase()} ${kind}S IN ${where}`;
    }
  }
}

import { unsupported } from "../../../errors";
import type {
  AlterAccount,
  AlterRole,
  AlterUser,
  CreateDatabaseRole,
  CreateRole,
  CreateUser,
} from "../../ast/statements/security";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseObjectClauses, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";

/** Source: "CREATE ROLE". */
export function parseCreateRole(cursor: TokenCursor, header: CreateHeader): CreateRole {
  const name = parseCreateName(cursor, header);
  const { properties, tags } = parseObjectClauses(cursor);
  return { kind: "createRole", ...name, tags, properties, span: cursor.spanFrom(header.first) };
}

/** Source: "CREATE DATABASE ROLE". */
export function parseCreateDatabaseRole(cursor: TokenCursor, header: CreateHeader): CreateDatabaseRole {
  const name = parseCreateName(cursor, header);
  const { properties } = parseObjectClauses(cursor);
  return { kind: "createDatabaseRole", ...name, properties, span: cursor.spanFrom(header.first) };
}

/** Source: "CREATE USER". */
export function parseCreateUser(cursor: TokenCursor, header: CreateHeader): CreateUser {
  const name = parseCreateName(cursor, header);
  const { properties, tags } = parseObjectClauses(cursor);
  return { kind: "createUser", ...name, tags, properties, span: cursor.spanFrom(header.first) };
}

/** Sources: "ALTER ROLE", "ALTER DATABASE ROLE". */
export function parseAlterRole(cursor: TokenCursor, first: number, databaseRole: boolean): AlterRole {
  const target = parseTarget(cursor);
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterRole", ...target, databaseRole, action, span: cursor.spanFrom(first) };
}

/** Source: "ALTER USER". */
export function parseAlterUser(cursor: TokenCursor, first: number): AlterUser {
  const ifExists = cursor.accept("IF", "EXISTS");
  const name = cursor.is("SET") || cursor.is("UNSET") ? undefined : parseObjectName(cursor);
  const refused = ["RESET", "ADD", "REMOVE", "MODIFY", "ENROLL", "DISABLE"].find((word) => cursor.is(word));
  if (refused) throw unsupported(`ALTER USER ... ${refused} ${cursor.valueAhead(1)}`);
  const action: AlterUser["action"] = cursor.accept("ABORT", "ALL", "QUERIES")
    ? { action: "abortAllQueries" }
    : expectCommonAlterAction(cursor);
  return { kind: "alterUser", ...(name && { name }), ifExists, action, span: cursor.spanFrom(first) };
}

/** Source: "ALTER ACCOUNT". */
export function parseAlterAccount(cursor: TokenCursor, first: number): AlterAccount {
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterAccount", action, span: cursor.spanFrom(first) };
}

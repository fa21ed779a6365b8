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
import { parseIdentifier, parseObjectName } from "../identifier";
import { parseProperties } from "../property";

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
  const verbs = ["SET", "UNSET", "ADD", "REMOVE", "MODIFY", "ROTATE"];
  const name = verbs.some((verb) => cursor.is(verb)) ? undefined : parseObjectName(cursor);
  const token = parseTokenAction(cursor);
  if (token) return { kind: "alterUser", ...(name && { name }), ifExists, action: token, span: cursor.spanFrom(first) };
  const refused = ["RESET", "ADD", "REMOVE", "MODIFY", "ROTATE", "ENROLL", "DISABLE"].find((word) => cursor.is(word));
  if (refused) throw unsupported(`ALTER USER ... ${refused} ${cursor.valueAhead(1)}`);
  const action: AlterUser["action"] = cursor.accept("ABORT", "ALL", "QUERIES")
    ? { action: "abortAllQueries" }
    : expectCommonAlterAction(cursor);
  return { kind: "alterUser", ...(name && { name }), ifExists, action, span: cursor.spanFrom(first) };
}

/** ADD | REMOVE PROGRAMMATIC ACCESS TOKEN, or PAT. Source: "ALTER USER ... ADD PROGRAMMATIC ACCESS TOKEN". */
function parseTokenAction(cursor: TokenCursor): AlterUser["action"] | undefined {
  for (const verb of ["ADD", "REMOVE"]) {
    if (!cursor.accept(verb, "PROGRAMMATIC", "ACCESS", "TOKEN") && !cursor.accept(verb, "PAT")) continue;
    if (verb === "REMOVE") return { action: "removeToken", name: parseIdentifier(cursor) };
    const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
    const name = parseIdentifier(cursor);
    return { action: "addToken", name, ifNotExists, properties: parseProperties(cursor) };
  }
  return undefined;
}

/** Source: "ALTER ACCOUNT". */
export function parseAlterAccount(cursor: TokenCursor, first: number): AlterAccount {
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterAccount", action, span: cursor.spanFrom(first) };
}

import { unsupported } from "../../../errors";
import type { Statement } from "../../ast/statement";
import type { Grantee, GrantOwnership, GrantPrivileges, GrantRole, GrantTarget } from "../../ast/statements/security";
import { TokenKind } from "../../lexer/tokens";
import { parseArgumentTypes } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";
import { acceptForeignList, refuseForeignKind } from "../foreignKinds";
import { parseObjectKind, parsePluralKind } from "../objectKind";

const GRANTEES = ["DATABASE ROLE", "APPLICATION ROLE", "ROLE", "USER", "SHARE", "APPLICATION"] as const;

/** Sources: "GRANT <privileges>", "GRANT ROLE", "GRANT DATABASE ROLE", "GRANT OWNERSHIP". */
export function parseGrant(cursor: TokenCursor): Statement {
  const first = cursor.index;
  cursor.expect("GRANT");
  return parseRole(cursor, first, "grantRole") ?? parseOwnership(cursor, first) ?? parsePrivileges(cursor, first, true);
}

/** Sources: "REVOKE <privileges>", "REVOKE ROLE", "REVOKE DATABASE ROLE". */
export function parseRevoke(cursor: TokenCursor): Statement {
  const first = cursor.index;
  cursor.expect("REVOKE");
  return parseRole(cursor, first, "revokeRole") ?? parsePrivileges(cursor, first, false);
}

function parseRole(cursor: TokenCursor, first: number, kind: GrantRole["kind"]): GrantRole | undefined {
  if (cursor.is("APPLICATION", "ROLE"))
    throw unsupported(`${kind === "grantRole" ? "GRANT" : "REVOKE"} APPLICATION ROLE`);
  const databaseRole = cursor.accept("DATABASE", "ROLE");
  if (!databaseRole && !cursor.accept("ROLE")) return undefined;
  const role = parseObjectName(cursor);
  const grantee = parseGrantee(cursor, kind === "grantRole");
  return { kind, role, databaseRole, grantee, span: cursor.spanFrom(first) };
}

function parseGrantee(cursor: TokenCursor, granting: boolean): Grantee {
  cursor.expect(granting ? "TO" : "FROM");
  for (const kind of GRANTEES) {
    const words = kind.split(" ");
    const next = cursor.kindAhead(words.length);
    if (cursor.is(...words) && (next === TokenKind.Word || next === TokenKind.Quoted)) {
      cursor.index += words.length;
      return { kind, name: parseObjectName(cursor) };
    }
  }
  return { kind: "ROLE", name: parseObjectName(cursor) };
}

function parseOwnership(cursor: TokenCursor, first: number): GrantOwnership | undefined {
  if (!cursor.accept("OWNERSHIP", "ON")) return undefined;
  const on = parseTarget(cursor);
  const grantee = parseGrantee(cursor, true);
  const currentGrants = cursor.acceptOneOf("COPY", "REVOKE");
  if (currentGrants) cursor.expect("CURRENT", "GRANTS");
  return { kind: "grantOwnership", on, grantee, ...(currentGrants && { currentGrants }), span: cursor.spanFrom(first) };
}

function parsePrivileges(cursor: TokenCursor, first: number, granting: boolean): GrantPrivileges {
  const optionFor = !granting && cursor.accept("GRANT", "OPTION", "FOR");
  const privileges = parsePrivilegeNames(cursor);
  cursor.expect("ON");
  const on = parseTarget(cursor);
  const grantee = parseGrantee(cursor, granting);
  const withOption = granting && cursor.accept("WITH", "GRANT", "OPTION");
  const behavior = granting ? undefined : cursor.acceptOneOf("CASCADE", "RESTRICT");
  return {
    kind: granting ? "grantPrivileges" : "revokePrivileges",
    privileges,
    on,
    grantee,
    grantOption: optionFor || withOption,
    ...(behavior && { behavior }),
    span: cursor.spanFrom(first),
  };
}

function parsePrivilegeNames(cursor: TokenCursor): "ALL" | string[] {
  if (cursor.accept("ALL")) {
    cursor.accept("PRIVILEGES");
    return "ALL";
  }
  return cursor.list(() => {
    const words: string[] = [];
    while (cursor.kind === TokenKind.Word && !cursor.is("ON")) {
      words.push(cursor.value);
      cursor.index++;
    }
    if (words.length === 0) throw cursor.unexpected();
    if (cursor.is("(")) throw unsupported("column-level privileges");
    return words.join(" ");
  });
}

function parseTarget(cursor: TokenCursor): GrantTarget {
  if (cursor.is("ACCOUNT") && (cursor.valueAhead(1) === "TO" || cursor.valueAhead(1) === "FROM")) {
    cursor.index++;
    return { kind: "account" };
  }
  const many = cursor.acceptOneOf("ALL", "FUTURE");
  if (many !== undefined) {
    const foreign = acceptForeignList(cursor);
    if (foreign !== undefined) throw unsupported(`${many} ${foreign}`);
    const objectKind = parsePluralKind(cursor);
    cursor.expect("IN");
    const kind = cursor.expectOneOf("SCHEMA", "DATABASE", "ACCOUNT");
    const name = kind === "ACCOUNT" ? undefined : parseObjectName(cursor);
    return { kind: many === "ALL" ? "all" : "future", objectKind, in: { kind, ...(name && { name }) } };
  }
  refuseForeignKind(cursor, "ON");
  const objectKind = parseObjectKind(cursor);
  const name = parseObjectName(cursor);
  if (objectKind === undefined) return { kind: "object", objectKind: "TABLE", name, implied: true };
  const routine = objectKind === "FUNCTION" || objectKind === "PROCEDURE";
  return { kind: "object", objectKind, name, ...(routine && { argumentTypes: parseArgumentTypes(cursor) }) };
}

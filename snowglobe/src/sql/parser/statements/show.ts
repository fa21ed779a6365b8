import type { Show, ShowGrants, ShowKind, ShowScope } from "../../ast/statements/metadata";
import { TokenKind } from "../../lexer/tokens";
import type { TokenCursor } from "../cursor";
import { atIdentifier, parseObjectName } from "../identifier";
import { acceptKind, acceptObjectKind, kindTable, parseObjectKind } from "../objectKind";

type Listed = Show["objects"];
const LISTED: readonly ShowKind[] = [
  ...(["ACCOUNTS", "ALERTS", "CHANNELS", "COLUMNS", "CONNECTIONS", "DATABASE ROLES", "DATABASES"] as const),
  ...(["DYNAMIC TABLES", "EVENT TABLES", "EXTERNAL TABLES", "FILE FORMATS", "FUNCTIONS", "ICEBERG TABLES"] as const),
  ...(["IMPORTED KEYS", "EXPORTED KEYS", "INTEGRATIONS", "LOCKS", "MASKING POLICIES", "MATERIALIZED VIEWS"] as const),
  ...(["MODELS", "NETWORK POLICIES", "NOTIFICATION INTEGRATIONS", "OBJECTS", "ORGANIZATION ACCOUNTS"] as const),
  ...(["PARAMETERS", "PIPES", "PRIMARY KEYS", "PROCEDURES", "REGIONS", "REPLICATION ACCOUNTS"] as const),
  ...(["REPLICATION DATABASES", "RESOURCE MONITORS", "ROLES", "ROW ACCESS POLICIES", "SCHEMAS", "SECRETS"] as const),
  ...(["SEQUENCES", "SHARES", "STAGES", "STREAMLITS", "STREAMS", "TABLES", "TAGS", "TASKS", "TRANSACTIONS"] as const),
  ...([
    "UNIQUE KEYS",
    "USER FUNCTIONS",
    "USER PROCEDURES",
    "USER PROGRAMMATIC ACCESS TOKENS",
    "USERS",
    "VARIABLES",
    "VIEWS",
    "WAREHOUSES",
  ] as const),
  ...(["API INTEGRATIONS", "STORAGE INTEGRATIONS", "SECURITY INTEGRATIONS", "HYBRID TABLES"] as const),
];
const TABLE = kindTable([
  ...LISTED.map((kind) => [kind, kind as Listed] as const),
  ["USER PATS", "USER PROGRAMMATIC ACCESS TOKENS"],
]);

/** Source: "SHOW <objects>". Undefined when no known kind follows. */
export function parseShow(cursor: TokenCursor): Show | ShowGrants | undefined {
  const first = cursor.index;
  cursor.expect("SHOW");
  if (cursor.is("GRANTS") || cursor.is("FUTURE", "GRANTS")) return parseShowGrants(cursor, first);
  const terse = cursor.accept("TERSE");
  const objects = acceptKind(cursor, TABLE);
  if (objects === undefined) return undefined;
  const history = cursor.accept("HISTORY");
  let like: string | undefined;
  let scope: ShowScope | undefined;
  let rest: Partial<Pick<Show, "startsWith" | "limit" | "from" | "withPrimary" | "rootOnly" | "withPrivileges">> = {};
  for (;;) {
    if (cursor.accept("LIKE")) like = cursor.string();
    else if (cursor.is("IN") || cursor.is("FOR")) scope = parseScope(cursor);
    else if (cursor.accept("STARTS", "WITH")) rest = { ...rest, startsWith: cursor.string() };
    else if (cursor.accept("LIMIT")) rest = { ...rest, limit: cursor.integer() };
    else if (cursor.is("FROM") && rest.limit !== undefined) rest = { ...rest, from: takeFrom(cursor) };
    else if (cursor.accept("WITH", "PRIMARY")) rest = { ...rest, withPrimary: parseObjectName(cursor) };
    else if (cursor.accept("ROOT", "ONLY")) rest = { ...rest, rootOnly: true };
    else if (cursor.accept("WITH", "PRIVILEGES")) rest = { ...rest, withPrivileges: parsePrivileges(cursor) };
    else break;
  }
  return {
    kind: "show",
    objects,
    terse,
    history,
    ...(like !== undefined && { like }),
    ...(scope && { scope }),
    ...rest,
    span: cursor.spanFrom(first),
  };
}

function takeFrom(cursor: TokenCursor): string {
  cursor.expect("FROM");
  return cursor.string();
}

function parsePrivileges(cursor: TokenCursor): string[] {
  return cursor.list(() => {
    const words: string[] = [];
    while (cursor.kind === TokenKind.Word) {
      words.push(cursor.value);
      cursor.index++;
    }
    return words.join(" ");
  });
}

/** What may follow a scope: then its name was left out. */
function atShowClause(cursor: TokenCursor): boolean {
  return cursor.is("STARTS", "WITH") || (cursor.is("LIMIT") && cursor.kindAhead(1) === TokenKind.Number);
}

function parseScope(cursor: TokenCursor): ShowScope {
  cursor.index++;
  if (cursor.accept("SESSION")) return { objectKind: "SESSION" };
  if (cursor.accept("ACCOUNT")) return { objectKind: "ACCOUNT" };
  const { index } = cursor;
  let objectKind = acceptObjectKind(cursor);
  if (objectKind && cursor.is(".")) {
    cursor.index = index;
    objectKind = undefined;
  }
  const name = objectKind && (!atIdentifier(cursor) || atShowClause(cursor)) ? undefined : parseObjectName(cursor);
  return { ...(objectKind && { objectKind }), ...(name && { name }) };
}

/** Source: "SHOW GRANTS". */
function parseShowGrants(cursor: TokenCursor, first: number): ShowGrants {
  const future = cursor.accept("FUTURE");
  cursor.expect("GRANTS");
  const of = future ? parseFutureGrants(cursor) : parseGrants(cursor);
  const limit = cursor.accept("LIMIT") ? cursor.integer() : undefined;
  return { kind: "showGrants", of, ...(limit !== undefined && { limit }), span: cursor.spanFrom(first) };
}

function parseFutureGrants(cursor: TokenCursor): ShowGrants["of"] {
  if (cursor.accept("IN")) {
    const objectKind = cursor.expectOneOf("SCHEMA", "DATABASE");
    return { kind: "futureIn", objectKind, name: parseObjectName(cursor) };
  }
  cursor.expect("TO");
  const objectKind = parseObjectKind(cursor) ?? "ROLE";
  return { kind: "futureTo", objectKind, name: parseObjectName(cursor) };
}

function parseGrants(cursor: TokenCursor): ShowGrants["of"] {
  if (cursor.accept("ON")) {
    if (cursor.is("ACCOUNT") && cursor.valueAhead(1) !== ".") {
      cursor.index++;
      return { kind: "on", objectKind: "ACCOUNT" };
    }
    const objectKind = parseObjectKind(cursor);
    const name = parseObjectName(cursor);
    return objectKind ? { kind: "on", objectKind, name } : { kind: "on", objectKind: "TABLE", name, implied: true };
  }
  if (cursor.accept("TO")) {
    const objectKind = parseObjectKind(cursor) ?? "ROLE";
    return { kind: "to", objectKind, name: parseObjectName(cursor) };
  }
  if (cursor.accept("OF")) {
    const objectKind = parseObjectKind(cursor) ?? "ROLE";
    return { kind: "of", objectKind, name: parseObjectName(cursor) };
  }
  return { kind: "current" };
}

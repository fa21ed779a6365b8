import { unsupported } from "../../../errors";
import type { AlterDatabase, AlterSchema, CreateDatabase, CreateSchema } from "../../ast/statements/container";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseClone, parseCreateName, parseObjectClauses, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";

/** Source: "CREATE DATABASE". */
export function parseCreateDatabase(cursor: TokenCursor, header: CreateHeader): CreateDatabase {
  const name = parseCreateName(cursor, header);
  if (cursor.is("FROM")) throw unsupported(`CREATE DATABASE ... FROM ${cursor.valueAhead(1)}`);
  if (cursor.is("AS", "REPLICA")) throw unsupported("CREATE DATABASE ... AS REPLICA OF");
  const clone = parseClone(cursor);
  const { properties, tags } = parseObjectClauses(cursor);
  return {
    kind: "createDatabase",
    ...name,
    transient: header.modifiers.has("TRANSIENT"),
    ...(clone && { clone }),
    tags,
    properties,
    span: cursor.spanFrom(header.first),
  };
}

/** Source: "CREATE SCHEMA". */
export function parseCreateSchema(cursor: TokenCursor, header: CreateHeader): CreateSchema {
  const name = parseCreateName(cursor, header);
  const clone = parseClone(cursor);
  let managedAccess = false;
  const { properties, tags } = parseObjectClauses(cursor, () => {
    if (!cursor.accept("WITH", "MANAGED", "ACCESS")) return false;
    managedAccess = true;
    return true;
  });
  return {
    kind: "createSchema",
    ...name,
    transient: header.modifiers.has("TRANSIENT"),
    managedAccess,
    ...(clone && { clone }),
    tags,
    properties,
    span: cursor.spanFrom(header.first),
  };
}

/** Source: "ALTER DATABASE". */
export function parseAlterDatabase(cursor: TokenCursor, first: number): AlterDatabase {
  const target = parseTarget(cursor);
  const replication = ["ENABLE", "DISABLE", "REFRESH", "PRIMARY"].find((word) => cursor.is(word));
  if (replication) throw unsupported(`ALTER DATABASE ... ${replication}`);
  const action: AlterDatabase["action"] = cursor.accept("SWAP", "WITH")
    ? { action: "swapWith", name: parseObjectName(cursor) }
    : expectCommonAlterAction(cursor);
  return { kind: "alterDatabase", ...target, action, span: cursor.spanFrom(first) };
}

/** Source: "ALTER SCHEMA". */
export function parseAlterSchema(cursor: TokenCursor, first: number): AlterSchema {
  const target = parseTarget(cursor);
  const action = parseSchemaAction(cursor);
  return { kind: "alterSchema", ...target, action, span: cursor.spanFrom(first) };
}

function parseSchemaAction(cursor: TokenCursor): AlterSchema["action"] {
  if (cursor.accept("SWAP", "WITH")) return { action: "swapWith", name: parseObjectName(cursor) };
  if (cursor.accept("ENABLE", "MANAGED", "ACCESS")) return { action: "enableManagedAccess" };
  if (cursor.accept("DISABLE", "MANAGED", "ACCESS")) return { action: "disableManagedAccess" };
  return expectCommonAlterAction(cursor);
}

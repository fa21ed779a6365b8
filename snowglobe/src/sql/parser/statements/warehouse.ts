import type { AlterWarehouse, CreateWarehouse } from "../../ast/statements/warehouse";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseObjectClauses } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";

/** Source: "CREATE WAREHOUSE". */
export function parseCreateWarehouse(cursor: TokenCursor, header: CreateHeader): CreateWarehouse {
  const name = parseCreateName(cursor, header);
  if (cursor.is("WITH") && cursor.valueAhead(1) !== "TAG") cursor.index++;
  const { properties, tags } = parseObjectClauses(cursor);
  return { kind: "createWarehouse", ...name, tags, properties, span: cursor.spanFrom(header.first) };
}

/** Whether an action begins here: then the statement names no warehouse. */
function atAction(cursor: TokenCursor): boolean {
  return (
    cursor.is("SUSPEND") ||
    cursor.is("RESUME") ||
    cursor.is("ABORT", "ALL") ||
    cursor.is("RENAME", "TO") ||
    cursor.is("SET") ||
    (cursor.is("UNSET") && !["SET", "UNSET", "SUSPEND", "RESUME"].includes(cursor.valueAhead(1)))
  );
}

/** Source: "ALTER WAREHOUSE". */
export function parseAlterWarehouse(cursor: TokenCursor, first: number): AlterWarehouse {
  const ifExists = cursor.accept("IF", "EXISTS");
  const name = atAction(cursor) ? undefined : parseObjectName(cursor);
  const action = parseAction(cursor);
  return { kind: "alterWarehouse", ...(name && { name }), ifExists, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterWarehouse["action"] {
  if (cursor.accept("SUSPEND")) return { action: "suspend" };
  if (cursor.accept("RESUME")) return { action: "resume", ifSuspended: cursor.accept("IF", "SUSPENDED") };
  if (cursor.accept("ABORT", "ALL", "QUERIES")) return { action: "abortAllQueries" };
  return expectCommonAlterAction(cursor);
}

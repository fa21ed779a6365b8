import { compilationError } from "../errors";
import { SELF } from "../execution/customRefresh";
import { parseStatement } from "../sql";
import type { Statement, StatementOf } from "../sql/ast/statement";
import type { TableReference } from "../sql/ast/query";

/** The statement of REFRESH USING. */
export type CustomStatement = StatementOf<"insert"> | StatementOf<"merge">;

/** Reads the text that was kept of one. */
export function parseCustomStatement(text: string): CustomStatement {
  return requireCustomStatement(parseStatement(text));
}

/**
 * Source: "Custom incrementalization".
 *
 * @throws SnowflakeError for a statement that is no INSERT INTO SELF or MERGE INTO SELF, or that says what a refresh decides
 */
export function requireCustomStatement(statement: Statement): CustomStatement {
  if (
    (statement.kind !== "insert" && statement.kind !== "merge") ||
    (statement.kind === "insert" && statement.overwrite)
  ) {
    throw compilationError("REFRESH USING takes one INSERT INTO SELF or MERGE INTO SELF statement.");
  }
  if (!isSelf(statement.table)) {
    throw compilationError("The statement of REFRESH USING must write to SELF.");
  }
  for (const source of tablesIn(statement)) {
    if (source.changes && isSelf(source.name)) throw compilationError("CHANGES is not allowed on SELF.");
    if (source.changes && (source.changes.start || source.changes.end)) {
      throw compilationError("CHANGES in REFRESH USING takes no AT, BEFORE or END: the refresh decides what is new.");
    }
    if (source.timeTravel) throw compilationError("AT and BEFORE are not allowed in REFRESH USING.");
  }
  return statement;
}

function isSelf(name: TableReference["name"]): boolean {
  return name.length === 1 && name[0]!.name === SELF;
}

/** All tables that a syntax tree names in FROM and USING. */
function tablesIn(node: unknown): TableReference[] {
  if (Array.isArray(node)) return node.flatMap(tablesIn);
  if (typeof node !== "object" || node === null) return [];
  const inside = Object.values(node).flatMap(tablesIn);
  return (node as { kind?: unknown }).kind === "table" && "columnAliases" in node
    ? [node as TableReference, ...inside]
    : inside;
}

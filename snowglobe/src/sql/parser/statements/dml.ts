import { unsupported } from "../../../errors";
import type { Expression } from "../../ast/expression";
import type { Identifier } from "../../ast/identifier";
import type {
  Assignment,
  Delete,
  Insert,
  InsertTarget,
  Merge,
  MergeClause,
  MultiTableInsert,
  QueryStatement,
  Truncate,
  Update,
} from "../../ast/statements/dml";
import { NOT_IN_FROM } from "../../keywords";
import type { TokenCursor } from "../cursor";
import { atIdentifier, parseIdentifier, parseObjectName, parseOptionalColumnList, takeIdentifier } from "../identifier";
import { parseFrom, parseTableSource } from "../tableSource";

export function parseQueryStatement(cursor: TokenCursor): QueryStatement {
  const first = cursor.index;
  const query = cursor.grammar.query(cursor);
  return { kind: "queryStatement", query, span: cursor.spanFrom(first) };
}

/** Source: "INSERT", "INSERT (multi-table)". */
export function parseInsert(cursor: TokenCursor): Insert | MultiTableInsert {
  const first = cursor.index;
  cursor.expect("INSERT");
  const overwrite = cursor.accept("OVERWRITE");
  const mode = cursor.acceptOneOf("ALL", "FIRST");
  if (mode !== undefined) return parseMultiTableInsert(cursor, first, overwrite, mode);
  cursor.expect("INTO");
  const table = parseObjectName(cursor);
  const columns = cursor.is("(", "SELECT") || cursor.is("(", "WITH") ? [] : parseInsertColumns(cursor);
  const query = cursor.grammar.query(cursor);
  return { kind: "insert", overwrite, table, columns, query, span: cursor.spanFrom(first) };
}

function parseInsertColumns(cursor: TokenCursor): Identifier[] {
  return cursor.is("(", "(") ? [] : parseOptionalColumnList(cursor);
}

function parseMultiTableInsert(
  cursor: TokenCursor,
  first: number,
  overwrite: boolean,
  mode: "ALL" | "FIRST",
): MultiTableInsert {
  const branches: { when?: Expression; into: InsertTarget[] }[] = [];
  let otherwise: InsertTarget[] = [];
  if (cursor.is("INTO")) {
    if (mode === "FIRST") throw cursor.unexpected();
    branches.push({ into: parseInsertTargets(cursor) });
  } else {
    while (cursor.accept("WHEN")) {
      const when = cursor.grammar.expression(cursor);
      cursor.expect("THEN");
      branches.push({ when, into: parseInsertTargets(cursor) });
    }
    if (cursor.accept("ELSE")) otherwise = parseInsertTargets(cursor);
  }
  if (branches.length === 0) throw cursor.unexpected();
  const query = cursor.grammar.query(cursor);
  return { kind: "multiTableInsert", overwrite, mode, branches, otherwise, query, span: cursor.spanFrom(first) };
}

function parseInsertTargets(cursor: TokenCursor): InsertTarget[] {
  const targets: InsertTarget[] = [];
  do {
    cursor.expect("INTO");
    const table = parseObjectName(cursor);
    const columns = cursor.is("(", "SELECT") || cursor.is("(", "WITH") ? [] : parseOptionalColumnList(cursor);
    const values = cursor.accept("VALUES") ? cursor.parenthesized(() => cursor.grammar.expression(cursor)) : [];
    targets.push({ table, columns, values });
  } while (cursor.is("INTO"));
  return targets;
}

/** `[AS] alias` after the target of UPDATE, DELETE and MERGE. */
function parseTargetAlias(cursor: TokenCursor): Identifier | undefined {
  if (cursor.accept("AS")) return parseIdentifier(cursor);
  return atIdentifier(cursor) && !NOT_IN_FROM.has(cursor.value) ? takeIdentifier(cursor) : undefined;
}

function parseAssignment(cursor: TokenCursor): Assignment {
  const column = parseObjectName(cursor);
  cursor.expect("=");
  return { column, value: cursor.grammar.expression(cursor) };
}

/** Source: "UPDATE". */
export function parseUpdate(cursor: TokenCursor): Update {
  const first = cursor.index;
  cursor.expect("UPDATE");
  const table = parseObjectName(cursor);
  const alias = parseTargetAlias(cursor);
  cursor.expect("SET");
  const assignments = cursor.list(() => parseAssignment(cursor));
  const from = cursor.accept("FROM") ? parseFrom(cursor) : [];
  const where = cursor.accept("WHERE") ? cursor.grammar.expression(cursor) : undefined;
  return {
    kind: "update",
    table,
    ...(alias && { alias }),
    assignments,
    from,
    ...(where && { where }),
    span: cursor.spanFrom(first),
  };
}

/** Source: "DELETE". */
export function parseDelete(cursor: TokenCursor): Delete {
  const first = cursor.index;
  cursor.expect("DELETE", "FROM");
  const table = parseObjectName(cursor);
  const alias = parseTargetAlias(cursor);
  const using = cursor.accept("USING") ? parseFrom(cursor) : [];
  const where = cursor.accept("WHERE") ? cursor.grammar.expression(cursor) : undefined;
  return {
    kind: "delete",
    table,
    ...(alias && { alias }),
    using,
    ...(where && { where }),
    span: cursor.spanFrom(first),
  };
}

/** Source: "MERGE". */
export function parseMerge(cursor: TokenCursor): Merge {
  const first = cursor.index;
  cursor.expect("MERGE", "INTO");
  const table = parseObjectName(cursor);
  const alias = parseTargetAlias(cursor);
  cursor.expect("USING");
  const using = parseTableSource(cursor);
  cursor.expect("ON");
  const on = cursor.grammar.expression(cursor);
  const clauses = [parseMergeClause(cursor)];
  while (cursor.is("WHEN")) clauses.push(parseMergeClause(cursor));
  return { kind: "merge", table, ...(alias && { alias }), using, on, clauses, span: cursor.spanFrom(first) };
}

function parseMergeClause(cursor: TokenCursor): MergeClause {
  const first = cursor.index;
  cursor.expect("WHEN");
  const matched = !cursor.accept("NOT");
  cursor.expect("MATCHED");
  const condition = cursor.accept("AND") ? cursor.grammar.expression(cursor) : undefined;
  cursor.expect("THEN");
  const action = matched ? parseMatchedAction(cursor) : parseNotMatchedAction(cursor);
  return { matched, ...(condition && { condition }), action, span: cursor.spanFrom(first) };
}

function parseMatchedAction(cursor: TokenCursor): MergeClause["action"] {
  if (cursor.accept("DELETE")) return { kind: "delete" };
  cursor.expect("UPDATE");
  if (cursor.accept("ALL", "BY", "NAME")) return { kind: "updateAllByName" };
  cursor.expect("SET");
  return { kind: "update", assignments: cursor.list(() => parseAssignment(cursor)) };
}

function parseNotMatchedAction(cursor: TokenCursor): MergeClause["action"] {
  cursor.expect("INSERT");
  if (cursor.accept("ALL", "BY", "NAME")) return { kind: "insertAllByName" };
  const columns = parseOptionalColumnList(cursor);
  cursor.expect("VALUES");
  return { kind: "insert", columns, values: cursor.parenthesized(() => cursor.grammar.expression(cursor)) };
}

/** Source: "TRUNCATE TABLE". */
export function parseTruncate(cursor: TokenCursor): Truncate {
  const first = cursor.index;
  cursor.expect("TRUNCATE");
  if (cursor.is("MATERIALIZED", "VIEW")) throw unsupported("TRUNCATE MATERIALIZED VIEW");
  cursor.accept("TABLE");
  const ifExists = cursor.accept("IF", "EXISTS");
  const table = parseObjectName(cursor);
  return { kind: "truncate", ifExists, table, span: cursor.spanFrom(first) };
}

import { compilationError, unsupported } from "../../errors";
import { conjunction, termsOf } from "../../sql/ast/conjunction";
import type { ColumnReference, Expression } from "../../sql/ast/expression";
import type { Select, TableSource } from "../../sql/ast/query";
import { visitOwnNodes } from "../../sql/ast/walk";

/**
 * `FROM a, b WHERE a.x = b.x(+)` as the `a LEFT JOIN b ON a.x = b.x` that it is: all terms that mark a table are its
 * join's condition, the others stay in WHERE. Source: "JOIN", outer joins with (+).
 *
 * @throws SnowflakeError for marks that name no one table, or that go in a circle
 */
export function withoutOuterMarks(select: Select): Select {
  if (!select.outerMarks || !select.where) return select;
  const { span } = select;
  const terms = termsOf(select.where).map((term) => ({ term: unmarked(term), ...tablesOf(term) }));
  const outer = new Set(terms.flatMap(({ marked }) => [...marked]));
  const sources = new Map(select.from.map((source) => [nameOf(source), source]));
  for (const name of outer) {
    if (!sources.has(name))
      throw compilationError(`Invalid outer join: there is no table '${name}' in FROM.`, "002019");
  }
  const inner = select.from.filter((source) => !outer.has(nameOf(source)));
  if (inner.length === 0) throw compilationError("Invalid outer join: every table is marked with (+).", "002019");
  let from = inner.reduce((left, right) => ({ kind: "join", type: "CROSS", natural: false, left, right, span }));
  const placed = new Set(inner.map(nameOf));
  const pending = new Set(outer);
  while (pending.size > 0) {
    const next = [...pending].find((name) =>
      terms.every(
        ({ marked, named }) => !marked.has(name) || [...named].every((one) => one === name || placed.has(one)),
      ),
    );
    if (next === undefined) throw compilationError("Invalid outer join: the tables are joined in a circle.", "002019");
    const on = terms.filter(({ marked }) => marked.has(next)).map(({ term }) => term);
    from = {
      kind: "join",
      type: "LEFT",
      natural: false,
      left: from,
      right: sources.get(next)!,
      on: conjunction(on),
      span,
    };
    placed.add(next);
    pending.delete(next);
  }
  const kept = terms.filter(({ marked }) => marked.size === 0).map(({ term }) => term);
  const { where: _where, outerMarks: _outerMarks, ...rest } = select;
  return { ...rest, from: [from], ...(kept.length > 0 && { where: conjunction(kept) }) };
}

function nameOf(source: TableSource): string {
  if (source.kind === "join") return "";
  return source.alias?.name ?? (source.kind === "table" ? source.name.at(-1)!.name : "");
}

/** The tables that a term names, and the one that it marks. */
function tablesOf(term: Expression): { readonly marked: ReadonlySet<string>; readonly named: ReadonlySet<string> } {
  const marked = new Set<string>();
  const named = new Set<string>();
  visitOwnNodes(term, (node) => {
    if (node.kind !== "column") return;
    const column = node as ColumnReference;
    const table = column.parts.at(-2)?.name;
    if (table !== undefined) named.add(table);
    if (!column.outer) return;
    if (table === undefined) throw unsupported("(+) after a column without its table");
    marked.add(table);
  });
  if (marked.size > 1) {
    throw compilationError("Invalid outer join: a predicate may mark one table with (+) only.", "002019");
  }
  return { marked, named };
}

function unmarked<T>(part: T): T {
  if (Array.isArray(part)) return part.map((one: unknown) => unmarked(one)) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).filter(([key]) => key !== "outer");
  return Object.fromEntries(entries.map(([key, value]) => [key, unmarked(value as unknown)])) as T;
}

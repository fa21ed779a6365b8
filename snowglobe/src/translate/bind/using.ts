import { compilationError } from "../../errors";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, columnRef } from "../construct";
import { comparable } from "../operators";
import type { JoinType, PlanColumn } from "../plan";
import { columnType, commonType } from "../types/supertype";
import type { BindContext } from "./context";
import type { Scope, ScopeSource } from "./scope";

export function nullableScope(left: Scope, right: Scope, columns: readonly PlanColumn[]): Scope {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const update = (source: ScopeSource): ScopeSource => ({
    ...source,
    columns: source.columns.map((column) => ({
      ...column,
      nullable: byId.get(column.id)?.nullable ?? column.nullable,
    })),
  });
  return { ...left, sources: [...left.sources, ...right.sources].map(update) };
}

function visibleNames(scope: Scope): readonly string[] {
  return scope.sources.flatMap((source) => source.columns.map((column) => column.name));
}

export function commonNames(left: Scope, right: Scope): readonly string[] {
  const other = new Set(visibleNames(right));
  return [...new Set(visibleNames(left))].filter((name) => other.has(name));
}

export function usingColumn(scope: Scope, name: string): BoundExpression {
  const merged = scope.merged.find((column) => column.name === name);
  if (merged) return merged.expression;
  const found = scope.sources.flatMap((source) => source.columns.filter((column) => column.name === name));
  if (found.length === 0) throw compilationError(`invalid identifier '${name}'`, "000904", "42000");
  if (found.length > 1) throw compilationError(`ambiguous column name '${name}'`, "001052", "42000");
  return columnRef(found[0]!);
}

export function idsOf(scope: Scope, name: string, expression: BoundExpression): readonly string[] {
  const merged = scope.merged.find((column) => column.name === name);
  if (merged) return [...merged.hides];
  return expression.kind === "column" ? [expression.id] : [];
}

/** The one column that USING makes: the side that is always there; both in turn for FULL. */
export function mergedColumn(
  context: BindContext,
  type: JoinType,
  a: BoundExpression,
  b: BoundExpression,
): BoundExpression {
  if (type === "RIGHT") return b;
  if (type !== "FULL") return a;
  const session = context.environment.session;
  const common = commonType(a.type, b.type) ?? columnType(a.type);
  const [x, y] = comparable(a, b, session);
  return call("COALESCE", "coalesce($0, $1)", [castTo(x, common, session), castTo(y, common, session)], common);
}

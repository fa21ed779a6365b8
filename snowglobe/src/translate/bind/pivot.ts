import { compilationError, invalidIdentifier, unsupported } from "../../errors";
import type { PivotSource, UnpivotSource } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { caseCall, columnRef, constantValue, nullLiteral } from "../construct";
import type { Plan, PlanColumn } from "../plan";
import { commonTypeOf } from "../types/supertype";
import { SelectBlock } from "./block";
import { type BindContext, locate } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import type { BoundSource } from "./source";
import { comparison } from "../operators";

/**
 * PIVOT as an aggregate over CASE expressions, grouped by all columns that it does not name. Columns are named by the
 * values' SQL text. Source: "PIVOT".
 */
export function bindPivot(
  context: BindContext,
  source: PivotSource,
  input: BoundSource,
  bindQuery: QueryBinding,
): Plan {
  if (!Array.isArray(source.values)) throw unsupported("PIVOT with ANY or a subquery");
  if (source.defaultOnNull) throw unsupported("PIVOT with DEFAULT ON NULL");
  const session = context.environment.session;
  const columns = input.scope.sources.flatMap((item) => item.columns);
  const pivot = columns.find((column) => column.name === source.column.name);
  if (!pivot) throw invalidIdentifier(source.column.name, locate(context, source.column.span));
  const block = new SelectBlock(context.state);
  const binder = new ExpressionBinder(context, { scope: input.scope, block, clause: "PIVOT" }, bindQuery);
  binder.bind(source.aggregate);
  const aggregate = block.aggregates[0];
  if (!aggregate || block.aggregates.length !== 1 || aggregate.call.args.length !== 1) {
    throw unsupported("PIVOT with an aggregate of other than one column");
  }
  const value = aggregate.call.args[0]!;
  const used = new Set([pivot.id, ...(value.kind === "column" ? [value.id] : [])]);
  const groups = columns.filter((column) => !used.has(column.id));
  const items = source.values.map((item) => {
    const bound = binder.at({ block: undefined }).bind(item.expression);
    const text = constantValue(bound);
    const name = item.alias?.name ?? (bound.type.kind === "VARCHAR" ? `'${text ?? ""}'` : String(text));
    const when = comparison("=", columnRef(pivot), bound, session);
    return { name, argument: caseCall([when], [value, nullLiteral(value.type)], value.type) };
  });
  const groupColumns: readonly PlanColumn[] = groups;
  return {
    kind: "aggregate",
    input: input.plan,
    groups: groups.map((column) => columnRef(column)),
    aggregates: items.map((item) => ({ ...aggregate.call, args: [item.argument] })),
    columns: [
      ...groupColumns,
      ...items.map((item): PlanColumn => ({ ...aggregate.column, id: context.state.newId(), name: item.name })),
    ],
  };
}

/** UNPIVOT: one row for each listed column; NULLs are left out unless INCLUDE NULLS. Source: "UNPIVOT". */
export function bindUnpivot(context: BindContext, source: UnpivotSource, input: BoundSource): Plan {
  const session = context.environment.session;
  const columns = input.scope.sources.flatMap((item) => item.columns);
  const listed = source.columns.map((name) => {
    const column = columns.find((candidate) => candidate.name === name.name);
    if (!column) throw invalidIdentifier(name.name, locate(context, name.span));
    return column;
  });
  const type = commonTypeOf(listed.map((column) => column.type));
  if (!type) throw compilationError("UNPIVOT columns have different types", "001044");
  const kept = columns.filter((column) => !listed.includes(column));
  const values = listed.map((column): BoundExpression => castTo(columnRef(column), type, session));
  const made = listed.map((column): PlanColumn => ({ ...column, id: context.state.newId(), type }));
  const projected: Plan = {
    kind: "project",
    input: input.plan,
    expressions: [...kept.map((column) => columnRef(column)), ...values],
    columns: [...kept, ...made],
  };
  const outKept = kept.map((column): PlanColumn => ({ ...column, id: context.state.newId() }));
  const unpivoted: Plan = {
    kind: "unpivot",
    input: projected,
    kept,
    sources: made.map((column, i) => ({ label: source.labels?.[i]?.name ?? listed[i]!.name, id: column.id })),
    includeNulls: source.includeNulls,
    columns: [
      ...kept,
      {
        id: context.state.newId(),
        name: source.nameColumn.name,
        type: { kind: "VARCHAR", length: 16_777_216 },
        nullable: false,
      },
      { id: context.state.newId(), name: source.valueColumn.name, type, nullable: source.includeNulls },
    ],
  };
  return {
    kind: "project",
    input: unpivoted,
    expressions: unpivoted.columns.map((column) => columnRef(column)),
    columns: [
      ...outKept,
      ...unpivoted.columns.slice(kept.length).map((column) => ({ ...column, id: context.state.newId() })),
    ],
  };
}

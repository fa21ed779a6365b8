import { compilationError, doesNotExist, SnowflakeError, unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { SourceAlias, TableReference, TableSource } from "../../sql/ast/query";
import { constantValue } from "../construct";
import type { Plan, PlanColumn } from "../plan";
import type { Relation } from "../environment";
import type { BindContext } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import { bindJoin, checkAliases, mergeScopes, refersTo } from "./join";
import { bindPivot, bindUnpivot } from "./pivot";
import { bindSample } from "./sample";
import { EMPTY_SCOPE, findCte, type Scope, type ScopeSource } from "./scope";
import { bindRelation } from "./relation";
import type { BoundSource } from "./source";
import { bindTableFunction } from "./tableFunction";
import { bindValues } from "./values";

/** The FROM clause: comma-separated sources from left to right, each seeing those before it where it is lateral. */
export function bindFrom(
  context: BindContext,
  sources: readonly TableSource[],
  outer: Scope,
  bindQuery: QueryBinding,
): BoundSource {
  const base: Scope = { ...EMPTY_SCOPE, parent: outer, ctes: outer.ctes };
  if (sources.length === 0) return { plan: { kind: "values", rows: [[]], columns: [] }, scope: base };
  let left: BoundSource | undefined;
  for (const source of sources) {
    const right = bindSource(context, source, left ? left.scope : base, bindQuery, outer);
    left = left ? cross(left, right) : right;
  }
  return { plan: left!.plan, scope: { ...left!.scope, parent: outer, ctes: outer.ctes } };
}

function cross(before: BoundSource, source: BoundSource): BoundSource {
  checkAliases(before.scope, source.scope);
  return { plan: crossJoin(before.plan, source.plan), scope: mergeScopes(before.scope, source.scope) };
}

/**
 * A comma binds less than JOIN: `a, LATERAL f(a.x) JOIN b ON ...`. Where the join begins with what depends on `a`, `a` is
 * put to its first source, which means the same as long as no row of the join is kept that lacks it.
 */
function crossJoin(left: Plan, right: Plan): Plan {
  const columns = [...left.columns, ...right.columns];
  const lateral = refersTo(right, left);
  if (lateral && right.kind === "join" && (right.type === "INNER" || right.type === "CROSS" || right.type === "LEFT")) {
    const first = crossJoin(left, right.left);
    return { ...right, lateral: refersTo(right.right, first), left: first, columns };
  }
  return { kind: "join", type: "CROSS", lateral, left, right, columns };
}

/**
 * @param left what a lateral source may refer to
 * @param outer the scope around the whole query, for sources that are not lateral
 */
export function bindSource(
  context: BindContext,
  source: TableSource,
  left: Scope,
  bindQuery: QueryBinding,
  outer: Scope,
): BoundSource {
  const scopeOf = (made: ScopeSource): Scope => ({ ...EMPTY_SCOPE, sources: [made], parent: outer, ctes: outer.ctes });
  switch (source.kind) {
    case "table":
      return aliased(context, bindTable(context, source, outer, bindQuery), source, outer);
    case "derived": {
      const plan = bindQuery(context, source.query, source.lateral ? left : outer);
      return aliased(context, { plan, scope: scopeOf({ columns: plan.columns }) }, source, outer);
    }
    case "valuesSource": {
      const plan = bindValues(
        context,
        source.values.rows,
        new ExpressionBinder(context, { scope: left, clause: "VALUES" }, bindQuery),
      );
      return aliased(context, { plan, scope: scopeOf({ columns: plan.columns }) }, source, outer);
    }
    case "tableFunction": {
      if (source.nameExpression) {
        const binder = new ExpressionBinder(context, { scope: EMPTY_SCOPE, clause: "FROM" }, bindQuery);
        const name = constantValue(binder.bind(source.nameExpression));
        if (typeof name !== "string") throw unsupported("TABLE() of a value that is no constant");
        const parts = binder.nameIn(name);
        const relation = context.environment.resolveRelation(parts);
        return aliased(context, bindRelation(context, relation, outer, bindQuery), source, outer);
      }
      const binder = new ExpressionBinder(context, { scope: left, clause: "FROM" }, bindQuery);
      const made = bindTableFunction(binder, source.call!);
      const bound =
        "relation" in made
          ? bindRelation(context, made.relation, outer, bindQuery)
          : { plan: made.plan, scope: scopeOf({ alias: undefined, columns: made.plan.columns }) };
      return aliased(context, bound, source, outer);
    }
    case "stage": {
      const resolve = context.environment.resolveStageSource?.bind(context.environment);
      if (!resolve) throw unsupported("a stage in FROM here");
      return aliased(context, bindRelation(context, resolve(source), outer, bindQuery), source, outer);
    }
    case "pipeResult": {
      const resolve = context.environment.resolvePipeResult?.bind(context.environment);
      if (!resolve) throw doesNotExist("Object", `$${source.back}`);
      return aliased(context, bindRelation(context, resolve(source.back), outer, bindQuery), source, outer);
    }
    case "join": {
      const first = bindSource(context, source.left, left, bindQuery, outer);
      const visible: Scope = mergeScopes({ ...left, parent: outer }, first.scope);
      const second = bindSource(context, source.right, visible, bindQuery, outer);
      return bindJoin(context, source, first, second, bindQuery, outer);
    }
    case "pivot": {
      const input = bindSource(context, source.source, left, bindQuery, outer);
      const plan = bindPivot(context, source, input, bindQuery);
      return aliased(context, { plan, scope: scopeOf({ columns: plan.columns }) }, source, outer);
    }
    case "unpivot": {
      const input = bindSource(context, source.source, left, bindQuery, outer);
      const plan = bindUnpivot(context, source, input);
      return aliased(context, { plan, scope: scopeOf({ columns: plan.columns }) }, source, outer);
    }
  }
}

/** Gives a source its alias, its column aliases and its sample. */
function aliased(context: BindContext, bound: BoundSource, alias: SourceAlias, outer: Scope): BoundSource {
  let plan = bound.plan;
  let sources = bound.scope.sources;
  if (alias.sample) plan = bindSample(context, plan, alias.sample);
  if (alias.columnAliases.length > 0) {
    if (alias.columnAliases.length > plan.columns.length) {
      throw compilationError(
        `column list has ${alias.columnAliases.length} names, but the source has ${plan.columns.length} columns`,
        "002020",
      );
    }
    const columns = plan.columns.map((column, i): PlanColumn => {
      const name = alias.columnAliases[i]?.name;
      return name === undefined ? column : { ...column, name };
    });
    sources = [{ ...sources[0], columns }];
  }
  if (alias.alias) {
    const metadata = sources.find((source) => source.metadata)?.metadata;
    const columns = sources.flatMap((source) => source.columns);
    sources = [{ alias: alias.alias.name, columns, ...(metadata && { metadata }) }];
  }
  return { plan, scope: { sources, merged: [], parent: outer, ctes: outer.ctes } };
}

function bindTable(context: BindContext, source: TableReference, outer: Scope, bindQuery: QueryBinding): BoundSource {
  const name = new ExpressionBinder(context, { scope: EMPTY_SCOPE, clause: "FROM" }, bindQuery).name(source.name);
  if (name.length === 1) {
    const cte = findCte(outer.ctes, name[0]!.name);
    if (cte) {
      if (source.boundary) throw unsupported("DYNAMIC_TABLE_REFRESH_BOUNDARY of a common table expression");
      cte.references += 1;
      const columns = cte.columns.map((column): PlanColumn => ({ ...column, id: context.state.newId() }));
      const plan: Plan = { kind: "cteReference", cte: cte.id, source: cte.columns.map((column) => column.id), columns };
      return { plan, scope: { ...EMPTY_SCOPE, sources: [{ alias: cte.name, columns }] } };
    }
  }
  const relation = isDual(name) ? orDual(() => context.environment.resolveRelation(name, source)) : undefined;
  if (relation === "DUAL") return { plan: { kind: "values", rows: [[]], columns: [] }, scope: dualScope(outer) };
  const found = relation ?? context.environment.resolveRelation(name, source);
  return bindRelation(context, found, outer, bindQuery, source);
}

/** DUAL is one row without columns, where no table has that name. */
function isDual([part, ...more]: ObjectName): boolean {
  return more.length === 0 && part!.name === "DUAL";
}

function orDual(resolve: () => Relation): Relation | "DUAL" {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof SnowflakeError && error.code === "002003") return "DUAL";
    throw error;
  }
}

function dualScope(outer: Scope): Scope {
  return { ...EMPTY_SCOPE, sources: [{ alias: "DUAL", columns: [] }], parent: outer, ctes: outer.ctes };
}

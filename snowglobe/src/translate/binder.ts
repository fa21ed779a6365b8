import type { Expression } from "../sql/ast/expression";
import type { Identifier } from "../sql/ast/identifier";
import type { Query, TableSource } from "../sql/ast/query";
import { type BindContext, BindState, type Reference } from "./bind/context";
import { ExpressionBinder } from "./bind/expression";
import { numberInputRows } from "./bind/flattenSequence";
import { bindSource } from "./bind/from";
import { maskedValue, rowCondition } from "./bind/protection";
import { bindRelation, scanOf } from "./bind/relation";
import { bindQueryPlan } from "./bind/query";
import { EMPTY_SCOPE, type Scope } from "./bind/scope";
import type { BoundExpression } from "./boundExpression";
import type { BindEnvironment, Relation, StoredRelation } from "./environment";
import { logical } from "./operators";
import type { Plan, PlanColumn, ScanNode } from "./plan";
import { requirePlannable } from "./limits";
import { planProperties, type QueryProperties } from "./planProperties";

/** A query with names and types resolved. */
export interface BoundQuery {
  readonly plan: Plan;
  /** The result's columns in order: `plan.columns`. */
  readonly columns: readonly PlanColumn[];
  /** Stored tables, streams and views that are read, also through views. */
  readonly references: readonly Reference[];
  readonly properties: QueryProperties;
}

/** The table that a DML statement changes. */
export interface DmlTargetBinding {
  readonly scan: ScanNode;
  readonly scope: Scope;
  /** Which rows its row access policy lets the statement see; absent: all. */
  readonly visible?: BoundExpression;
}

/** Some FROM items and the names that they bring. */
export interface BoundSources {
  readonly plan: Plan;
  readonly scope: Scope;
}

/**
 * Binds the parts of one statement. All parts share ids, so plans and expressions of one binder may be put together:
 * that is how DML binds its target, its sources and its expressions.
 */
export class Binder {
  private readonly state = new BindState();
  private readonly context: BindContext;

  /** @param text the statement's text that the syntax tree's spans refer to */
  constructor(environment: BindEnvironment, text: string) {
    this.context = { state: this.state, environment, text, through: [] };
  }

  get references(): readonly Reference[] {
    return this.state.references;
  }

  /** A column id that nothing else in the statement has. */
  newId(): string {
    return this.state.newId();
  }

  /** @throws SnowflakeError for whatever the query cannot mean */
  query(query: Query): BoundQuery {
    const plan = this.finished(bindQueryPlan(this.context, query, EMPTY_SCOPE));
    return { plan, columns: plan.columns, references: this.references, properties: planProperties(plan) };
  }

  /** A source of UPDATE ... FROM, DELETE ... USING or MERGE ... USING. */
  source(source: TableSource): BoundSources {
    const bound = bindSource(this.context, source, EMPTY_SCOPE, bindQueryPlan, EMPTY_SCOPE);
    return { ...bound, plan: this.finished(bound.plan) };
  }

  /** What can only be told of a whole plan. */
  private finished(plan: Plan): Plan {
    requirePlannable(plan);
    return numberInputRows(plan, () => this.newId());
  }

  /** Any relation that has been looked up already, as a source. */
  relation(relation: Relation, alias?: Identifier): BoundSources {
    const bound = bindRelation(this.context, relation, EMPTY_SCOPE, bindQueryPlan);
    return alias ? { plan: bound.plan, scope: this.scope(alias.name, bound.plan.columns) } : bound;
  }

  /**
   * The table that DML changes: a scan with its row id, named by its alias or its path. Its policies hold here too: which
   * rows can be changed, and what a masked column's name means.
   */
  target(relation: StoredRelation, alias?: Identifier): DmlTargetBinding {
    const scan = scanOf(this.context, relation, undefined, bindQueryPlan, true);
    const { protection } = relation;
    const named = alias ? { alias: alias.name } : { path: relation.path };
    const metadata = new Map(relation.metadata?.map(({ name, over }) => [name, () => over(scan.columns)]));
    if (!protection) {
      return { scan, scope: { ...EMPTY_SCOPE, sources: [{ ...named, columns: scan.columns, metadata }] } };
    }
    const isMasked = ({ name }: PlanColumn): boolean => protection.masks.has(name);
    for (const column of scan.columns.filter(isMasked)) {
      metadata.set(column.name, () => maskedValue(this.context, column, scan.columns, protection, bindQueryPlan));
    }
    const columns = scan.columns.filter((column) => !isMasked(column));
    const visible = rowCondition(this.context, scan.columns, protection, bindQueryPlan);
    const sources = [{ ...named, columns, metadata }];
    return { scan, scope: { ...EMPTY_SCOPE, sources }, ...(visible && { visible }) };
  }

  /** A condition that also asks that a row may be seen. */
  restricted(
    condition: BoundExpression | undefined,
    visible: BoundExpression | undefined,
  ): BoundExpression | undefined {
    return condition && visible
      ? logical("AND", [visible, condition], this.context.environment.session)
      : (condition ?? visible);
  }

  /** The names of a plan under an alias. */
  scope(alias: string | undefined, columns: readonly PlanColumn[]): Scope {
    return { ...EMPTY_SCOPE, sources: [alias === undefined ? { columns } : { alias, columns }] };
  }

  /** Names of several scopes side by side. */
  combine(...scopes: readonly Scope[]): Scope {
    return {
      ...EMPTY_SCOPE,
      sources: scopes.flatMap((scope) => scope.sources),
      merged: scopes.flatMap((scope) => scope.merged),
    };
  }

  /** A scalar expression over a scope: SET values, VALUES, defaults. Aggregates and windows are refused. */
  scalar(expression: Expression, scope: Scope = EMPTY_SCOPE, clause = "SET"): BoundExpression {
    return new ExpressionBinder(this.context, { scope, clause }, bindQueryPlan).bind(expression);
  }

  /** A condition over a scope: WHERE, ON and the AND of MERGE's clauses. */
  condition(expression: Expression, scope: Scope = EMPTY_SCOPE, clause = "WHERE"): BoundExpression {
    return new ExpressionBinder(this.context, { scope, clause }, bindQueryPlan).condition(expression);
  }
}

/** Binds one query. @param text what the query's spans refer to */
export function bindQuery(query: Query, text: string, environment: BindEnvironment): BoundQuery {
  return new Binder(environment, text).query(query);
}

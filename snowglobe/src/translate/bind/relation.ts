import { compilationError, unsupported } from "../../errors";
import type { TableReference, TimeTravel } from "../../sql/ast/query";
import { columnRef } from "../construct";
import type {
  Relation,
  RelationProtection,
  SqlRelation,
  StoredRelation,
  StreamRelation,
  ViewRelation,
} from "../environment";
import type { BoundChanges, BoundTimeTravel, Plan, PlanColumn, ScanNode } from "../plan";
import { type BindContext, recordReference } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import { EMPTY_SCOPE, type Scope, type ScopeSource } from "./scope";
import { rowCondition, maskedValue } from "./protection";
import type { BoundSource } from "./source";

/** A relation's plan and the names that it brings. */
type Bare = Pick<ScopeSource, "columns" | "metadata"> & { readonly plan: Plan };

/** A relation that has been looked up, as a source. */
export function bindRelation(
  context: BindContext,
  relation: Relation,
  outer: Scope,
  bindQuery: QueryBinding,
  source?: TableReference,
): BoundSource {
  context.state.addRelation();
  const made = ((): Bare => {
    switch (relation.kind) {
      case "stored":
      case "stream": {
        recordReference(context, relation);
        const isStored = relation.kind === "stored";
        const within = isStored && (source?.boundary ?? context.boundary);
        const scan = scanOf(context, within ? { ...relation, boundary: true } : relation, source, bindQuery);
        // A change is no row of the table.
        const metadata =
          isStored &&
          !source?.changes &&
          relation.metadata?.map(({ name, over }) => [name, () => over(scan.columns)] as const);
        return { plan: scan, columns: scan.columns, ...(metadata && { metadata: new Map(metadata) }) };
      }
      case "view": {
        if (source?.timeTravel || source?.changes) throw unsupported("time travel on a view");
        recordReference(context, relation);
        return bindView(source?.boundary ? { ...context, boundary: true } : context, relation, bindQuery);
      }
      case "sql":
        return sqlNode(context, relation);
    }
  })();
  const seen =
    relation.kind !== "sql" && relation.protection ? guarded(context, made, relation.protection, bindQuery) : made;
  return {
    plan: seen.plan,
    scope: {
      ...EMPTY_SCOPE,
      sources: [{ path: relation.path, columns: seen.columns, ...(seen.metadata && { metadata: seen.metadata }) }],
      parent: outer,
      ctes: outer.ctes,
    },
  };
}

/** A relation behind its policies: rows that may be seen, and masked columns under their names. */
function guarded(context: BindContext, bare: Bare, protection: RelationProtection, bindQuery: QueryBinding): Bare {
  const condition = rowCondition(context, bare.columns, protection, bindQuery);
  const visible: Plan = condition
    ? { kind: "filter", input: bare.plan, condition, clause: "WHERE", columns: bare.plan.columns }
    : bare.plan;
  if (protection.masks.size === 0) return { ...bare, plan: visible };
  const masked = bare.columns.map((column) => maskedValue(context, column, bare.columns, protection, bindQuery));
  const columns = bare.columns.map((column, index): PlanColumn => ({
    ...column,
    id: context.state.newId(),
    type: masked[index]!.type,
    nullable: masked[index]!.nullable,
  }));
  // What metadata stands for is computed from the columns as they are, which go along under their own ids.
  const kept = bare.metadata ? visible.columns : [];
  const plan: Plan = {
    kind: "project",
    input: visible,
    expressions: [...masked, ...kept.map((column) => columnRef(column))],
    columns: [...columns, ...kept],
  };
  return { ...bare, plan, columns };
}

function sqlNode(context: BindContext, relation: SqlRelation): { plan: Plan; columns: readonly PlanColumn[] } {
  const columns = relation.columns.map((column): PlanColumn => ({
    id: context.state.newId(),
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    ...(column.hidden && { hidden: true }),
  }));
  const plan: Plan = {
    kind: "sql",
    sql: relation.sql,
    name: relation.path.join("."),
    physical: relation.columns.map((column) => column.physical),
    columns,
  };
  return { plan, columns };
}

function bindView(
  context: BindContext,
  view: ViewRelation,
  bindQuery: QueryBinding,
): { plan: Plan; columns: readonly PlanColumn[] } {
  const key = view.path.join(".");
  if (context.through.some((path) => path.join(".") === key) || context.through.length > 100) {
    throw compilationError(`View definition for '${key}' refers to itself`, "002037");
  }
  const inner: BindContext = {
    state: context.state,
    environment: view.environment,
    text: view.text,
    through: [...context.through, view.path],
    ...(context.boundary && { boundary: true }),
  };
  const plan = bindQuery(inner, view.query, EMPTY_SCOPE);
  if (view.columnNames && view.columnNames.length !== plan.columns.length) {
    throw compilationError(
      `View definition for '${key}' declared ${view.columnNames.length} column(s), but view query produces ${plan.columns.length} column(s).`,
      "002057",
    );
  }
  return {
    plan,
    columns: plan.columns.map((column, i) => ({ ...column, name: view.columnNames?.[i] ?? column.name })),
  };
}

/** A scan of a stored table or a stream. */
export function scanOf(
  context: BindContext,
  relation: StoredRelation | StreamRelation,
  source: TableReference | undefined,
  bindQuery: QueryBinding,
  withRowId = false,
): ScanNode {
  const binder = new ExpressionBinder(context, { scope: EMPTY_SCOPE, clause: "AT" }, bindQuery);
  const travel = (at: TimeTravel): BoundTimeTravel => ({ kind: at.kind, by: at.by, value: binder.bind(at.value) });
  const changes = source?.changes;
  const boundChanges: BoundChanges | undefined = changes && {
    information: changes.information,
    ...(changes.start && { start: travel(changes.start) }),
    ...(changes.end ? { end: { by: changes.end.by, value: binder.bind(changes.end.value) } } : {}),
  };
  const columns = relation.columns.map((column): PlanColumn => ({
    id: context.state.newId(),
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    ...("hidden" in column && column.hidden && { hidden: true }),
  }));
  const physical = relation.columns.map((column) => column.physical);
  if (boundChanges && relation.kind === "stored") {
    // The same metadata columns that a stream has, under the names that storage gives them.
    const metadata: readonly (readonly [string, string, PlanColumn["type"]])[] = [
      ["METADATA$ACTION", "_action", { kind: "VARCHAR", length: 16_777_216 }],
      ["METADATA$ISUPDATE", "_isupdate", { kind: "BOOLEAN" }],
      // Not in REFRESH USING, whose refresh says from where. Source: "Custom incrementalization", the CHANGES clause.
      ...(boundChanges.start ? [["METADATA$ROW_ID", "_row_id", { kind: "VARCHAR", length: 16_777_216 }] as const] : []),
    ];
    for (const [name, sql, type] of metadata) {
      columns.push({ id: context.state.newId(), name, type, nullable: false });
      physical.push(sql);
    }
  }
  return {
    kind: "scan",
    scanId: context.state.newNumber(),
    relation,
    physical,
    columns,
    ...(withRowId ? { rowId: context.state.newId() } : {}),
    ...(source?.timeTravel ? { timeTravel: travel(source.timeTravel) } : {}),
    ...(boundChanges ? { changes: boundChanges } : {}),
  };
}

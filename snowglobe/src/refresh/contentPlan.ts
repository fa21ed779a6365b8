import type { DynamicTable } from "../catalog/objects";
import { breakTies } from "./delta/determinism";
import { groupedRoot, STORED_AS, type GroupedRoot } from "./delta/groupedRoot";
import type { InputVersion } from "./delta/inputVersions";
import { pruneColumns } from "./delta/pruneColumns";
import { relyKey, relyKeyOfScan } from "../execution/relyKey";
import { followsChanges } from "./refreshMode";
import { carryRowId, ROW_ID } from "./rowIdentity";
import { derivedKey } from "./uniqueKey";
import {
  castTo,
  columnRef,
  inlineCtes,
  physicalType,
  scansOf,
  type BoundQuery,
  type Plan,
  type PlanColumn,
} from "../translate";
import type { StatementContext } from "../execution/context";
import { queryEnvironment } from "../execution/queryEnvironment";
import { frozenOverStored, hasFrozenRows, notFrozen } from "./frozenRegion";
import type { BoundContent, Input } from "./dynamicTableContent";

/** A dynamic table's query as its refreshes compute it. */
export interface ContentPlan {
  /** Columns are the table's physical ones, and the row id as the last one where rows stem from one row each. */
  readonly plan: Plan;
  /** Rows carry the id of the row that they stem from. */
  readonly byRowId: boolean;
  /** Changes of the inputs may be followed to those of the result. */
  readonly followable: boolean;
  readonly root?: GroupedRoot;
  /** Places of the columns that a row is known by, as far as the owners of the inputs promise (RELY). */
  readonly declaredKey?: readonly number[];
}

export function contentPlan(table: DynamicTable, bound: BoundContent, context: StatementContext): ContentPlan {
  const followable = followsChanges(table.refreshMode) && !bound.timeDependent;
  const stored = storedColumns(table, bound.query, context);
  const query: Plan = hasFrozenRows(table)
    ? {
        kind: "filter",
        clause: "WHERE",
        input: stored,
        condition: notFrozen(frozenOverStored(table, context)),
        columns: stored.columns,
      }
    : stored;
  const whole = followable ? pruneColumns(inlineCtes(query)) : query;
  const { instance } = context;
  // Where an input's rows are known by their key, their ids may change while they stay.
  const keyed = scansOf(bound.query.plan).some((scan) => relyKeyOfScan(scan, instance));
  const carried = keyed ? undefined : carryRowId(whole);
  const plan = carried ?? whole;
  if (!followable) return { plan, byRowId: carried !== undefined, followable };
  const repeatable = breakTies(plan, carried && ROW_ID);
  const root = carried ? undefined : groupedRoot(repeatable);
  const declaredKey = keyed ? derivedKey(bound.query.plan, (scan) => relyKeyOfScan(scan, instance)) : undefined;
  return {
    plan: repeatable,
    byRowId: carried !== undefined,
    followable,
    ...(root && { root }),
    ...(declaredKey && { declaredKey }),
  };
}

/** The inputs with the versions that the last refresh saw and this one sees. */
export function inputVersions(table: DynamicTable, inputs: readonly Input[]): InputVersion[] {
  const before = new Map(table.content?.inputVersions.map((one) => [one.id, one.version]));
  return inputs.map(({ object, version }) => ({
    tag: object.id,
    storageId: object.storageId,
    before: before.get(object.id) ?? 0,
    after: version,
    keyed: relyKey(object) !== undefined,
  }));
}

/** The query with the table's physical columns, cast to the types they were made with. */
function storedColumns(table: DynamicTable, query: BoundQuery, context: StatementContext): Plan {
  const { session } = queryEnvironment(context);
  const columns = table.columns.map(({ physical, type, nullable }): PlanColumn => {
    return { id: physical, name: physical, type, nullable };
  });
  const expressions = table.columns.map(({ type, nullable }, i) => {
    const value = castTo(columnRef(query.columns[i]!), type, session, "assign");
    return {
      kind: "call" as const,
      name: STORED_AS,
      args: [value],
      template: ["CAST(", 0, ` AS ${physicalType(type)})`],
      type,
      nullable,
      volatility: "deterministic" as const,
    };
  });
  return { kind: "project", input: query.plan, columns, expressions };
}

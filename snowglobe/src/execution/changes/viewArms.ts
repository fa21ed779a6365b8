import type { Catalog } from "../../catalog/catalog";
import type { View } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import { NUMBER } from "../../sql/ast/dataType";
import {
  columnRef,
  inlineCtes,
  walkPlan,
  type BoundQuery,
  type JoinNode,
  type Plan,
  type PlanColumn,
  type ScanNode,
} from "../../translate";

/** A part of a view that has no UNION in it: scans that are filtered, joined and projected. */
export interface ViewArm {
  /** Yields `columns` and `rowIds`. */
  readonly plan: Plan;
  /** The view's columns in order. */
  readonly columns: readonly PlanColumn[];
  /** The ids of the stored rows that a row comes from, one for each of `scans`. */
  readonly rowIds: readonly PlanColumn[];
  readonly scans: readonly ScanNode[];
}

/** More would be joins of unions that nobody writes, and SQL that nobody can run. */
const MOST_ARMS = 64;

/**
 * Takes a view's query apart into its UNION ALL's arms, each row with the ids of the rows that it comes from.
 *
 * @throws SnowflakeError for what changes cannot be followed through. Source: "Introduction to streams", streams on views
 */
export function viewArms(bound: BoundQuery, view: View, catalog: Catalog): readonly ViewArm[] {
  const { stableFunctions, sessionFunctions, volatileFunctions } = bound.properties;
  if (stableFunctions.length + sessionFunctions.length + volatileFunctions.length > 0) {
    throw untracked("non-deterministic functions");
  }
  const plan = inlineCtes(bound.plan);
  walkPlan(plan, {
    expression: ({ kind }) => {
      if (kind === "subquery" || kind === "exists" || kind === "inQuery") throw untracked("subquery expressions");
    },
  });
  const arms = new ArmMaker(catalog).of(plan);
  if (arms.length > MOST_ARMS) throw unsupported(`a stream on view ${view.name}, which joins too many UNION ALLs`);
  return arms;
}

function untracked(what: string): Error {
  return compilationError(`Change tracking is not supported on queries with ${what}.`, "091912", "0A000");
}

class ArmMaker {
  private scans = 0;

  constructor(private readonly catalog: Catalog) {}

  of(plan: Plan): ViewArm[] {
    switch (plan.kind) {
      case "scan":
        return [this.scan(plan)];
      case "filter":
        if (plan.clause === "QUALIFY") throw untracked("QUALIFY");
        if (plan.clause === "HAVING") throw untracked("'GROUP BY'");
        return this.of(plan.input).map((arm) => ({
          ...arm,
          columns: plan.columns,
          plan: { ...plan, input: arm.plan, columns: [...plan.columns, ...arm.rowIds] },
        }));
      case "project":
        return this.of(plan.input).map((arm) => ({
          ...arm,
          columns: plan.columns,
          plan: {
            ...plan,
            input: arm.plan,
            columns: [...plan.columns, ...arm.rowIds],
            expressions: [...plan.expressions, ...arm.rowIds.map((column) => columnRef(column))],
          },
        }));
      case "join":
        return this.join(plan);
      case "setOperation":
        if (plan.operator !== "UNION") throw untracked(`'${plan.operator}'`);
        if (!plan.all) throw untracked("'UNION'");
        return [plan.left, plan.right].flatMap((side) =>
          this.of(side).map((arm) => ({
            ...arm,
            columns: plan.columns,
            plan: {
              kind: "project",
              input: arm.plan,
              columns: [...plan.columns, ...arm.rowIds],
              expressions: [...arm.columns, ...arm.rowIds].map((column) => columnRef(column)),
            },
          })),
        );
      // Rows of a stream have no order.
      case "sort":
        return this.of(plan.input);
      case "aggregate":
        throw untracked("'GROUP BY'");
      case "distinct":
        throw untracked("'DISTINCT'");
      case "window":
        throw untracked("window functions");
      case "limit":
        throw untracked("LIMIT");
      case "tableFunction":
      case "sql":
        throw untracked("'Table Function'");
      case "values":
        throw untracked("'VALUES'");
      case "with":
      case "cteReference":
        throw untracked("recursive common table expressions");
      case "unpivot":
        throw untracked("'UNPIVOT'");
      case "sample":
        throw untracked("'SAMPLE'");
    }
  }

  private scan(plan: ScanNode): ViewArm {
    if (plan.relation.kind === "stream") throw untracked("streams");
    if (plan.timeTravel || plan.changes) throw untracked("time travel");
    const object = this.catalog.object(plan.relation.tag as number);
    if (object?.kind === "DYNAMIC TABLE") throw unsupported("a stream on a view that reads a dynamic table");
    if (object?.sessionId !== undefined) throw unsupported("a stream on a view that reads a temporary table");
    // One that comes in several places (a WITH read twice) has one number: here each needs its own.
    this.scans += 1;
    const rowId: PlanColumn = { id: `stream_rid${this.scans}`, name: "", type: NUMBER, nullable: false };
    const made: ScanNode = {
      ...plan,
      scanId: this.scans,
      columns: [...plan.columns, rowId],
      physical: [...plan.physical, "_rid"],
    };
    return { plan: made, columns: plan.columns, rowIds: [rowId], scans: [made] };
  }

  private join(plan: JoinNode): ViewArm[] {
    if (plan.lateral) throw untracked("lateral joins");
    if (plan.type !== "INNER" && plan.type !== "CROSS") {
      throw untracked(`joins of type '[${plan.type.replace(" ", "_")}_OUTER_JOIN]'`.replace("ASOF_OUTER", "ASOF"));
    }
    const rights = this.of(plan.right);
    return this.of(plan.left).flatMap((left) =>
      rights.map((right) => ({
        plan: {
          ...plan,
          left: left.plan,
          right: right.plan,
          columns: [...plan.columns, ...left.rowIds, ...right.rowIds],
        },
        columns: plan.columns,
        rowIds: [...left.rowIds, ...right.rowIds],
        scans: [...left.scans, ...right.scans],
      })),
    );
  }
}

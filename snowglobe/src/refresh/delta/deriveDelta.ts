import {
  columnRef,
  type AggregateNode,
  type DistinctNode,
  type Plan,
  type ScanNode,
  type SetOperationNode,
  type WindowNode,
} from "../../translate";
import { NotCovered, both, present, type DeltaSource } from "./deltaSource";
import { isRepeatable, isRepeatableWindow } from "./determinism";
import type { Moment } from "./inputVersions";
import { joinDelta } from "./joinDelta";
import { partitionOf, restrict } from "./restrict";
import { isEmpty, partOf, sumOf, weightOf, type Delta, type Side, type WeightedRows } from "./weightedRows";

/**
 * What changed in a plan's rows between the two states of its inputs, as plans over these and over kept intermediate
 * results.
 *
 * - What treats each row by itself (projections, filters, FLATTEN, UNION ALL) does so with the rows that changed.
 * - Joins: see joinDelta.
 * - What treats rows together (groups, DISTINCT, windows) is computed anew, before and after, for the groups or
 *   partitions that a changed row belongs to.
 *
 * @throws NotCovered where none of this applies
 */
export async function deriveDelta(plan: Plan, source: DeltaSource): Promise<Delta> {
  switch (plan.kind) {
    case "scan":
      return scanDelta(plan, source);
    // The same at all times. Those that follow another row are part of their join.
    case "values":
    case "tableFunction":
      return {};
    // Rows of a table have no order.
    case "sort":
      return deriveDelta(plan.input, source);
    case "project":
      return mapRows(await deriveDelta(plan.input, source), (rows) => ({
        ...plan,
        input: rows.plan,
        columns: [...plan.columns, ...weightOf(rows)],
        expressions: [...plan.expressions, ...weightOf(rows).map((column) => columnRef(column))],
      }));
    case "filter":
      return mapRows(await deriveDelta(plan.input, source), (rows) => ({
        ...plan,
        input: rows.plan,
        columns: [...plan.columns, ...weightOf(rows)],
      }));
    case "join":
      return joinDelta(plan, source, deriveDelta);
    case "setOperation":
      if (plan.operator !== "UNION") throw new NotCovered(plan.operator);
      return plan.all ? unionDelta(plan, source) : groupDelta(distinctAsGroups(plan), source);
    case "distinct":
      return groupDelta(distinctAsGroups(plan), source);
    case "aggregate":
      return groupDelta(plan, source);
    case "window":
      return windowDelta(plan, source);
    case "sql":
    case "limit":
    case "with":
    case "cteReference":
    case "unpivot":
    case "sample":
      throw new NotCovered(plan.kind);
  }
}

function mapRows(delta: Delta, plan: (rows: WeightedRows) => Plan): Delta {
  const mapped = (rows: WeightedRows | undefined): WeightedRows | undefined => rows && { ...rows, plan: plan(rows) };
  return present(mapped(delta.plus), mapped(delta.minus));
}

async function scanDelta(scan: ScanNode, source: DeltaSource): Promise<Delta> {
  const { plus, minus } = await source.inputs.changesOf(scan);
  return present(plus && { plan: plus }, minus && { plan: minus });
}

async function unionDelta(plan: SetOperationNode, source: DeltaSource): Promise<Delta> {
  const left = await deriveDelta(plan.left, source);
  const right = await deriveDelta(plan.right, source);
  const side = (name: Side): WeightedRows | undefined => {
    const parts = [
      ...(left[name] ? [partOf(left[name], plan.left.columns)] : []),
      ...(right[name] ? [partOf(right[name], plan.right.columns)] : []),
    ];
    return sumOf(parts, plan.columns, source.newId());
  };
  return present(side("plus"), side("minus"));
}

/** DISTINCT and UNION as the groups that they are. */
export function distinctAsGroups(plan: DistinctNode | SetOperationNode): AggregateNode {
  const input = plan.kind === "distinct" ? plan.input : { ...plan, all: true };
  const groups = input.columns.map((column) => columnRef(column));
  return { kind: "aggregate", input, groups, aggregates: [], columns: plan.columns };
}

/** The groups that a changed row belongs to, or belonged to. */
async function groupDelta(plan: AggregateNode, source: DeltaSource): Promise<Delta> {
  if (plan.groupingSets) throw new NotCovered("grouping sets");
  if (!plan.aggregates.every(isRepeatable)) throw new NotCovered("an aggregate that depends on the order of rows");
  return recompute(plan, plan.groups, source);
}

async function windowDelta(plan: WindowNode, source: DeltaSource): Promise<Delta> {
  const partition = partitionOf(plan);
  if (partition.length === 0) throw new NotCovered("windows over all rows");
  if (!plan.windows.every(isRepeatableWindow)) throw new NotCovered("a window that depends on the order of rows");
  return recompute(plan, partition, source);
}

/**
 * A node over the input's rows that share their values of `by` with a row that changed, before and after.
 *
 * @param by over the input's columns; none: all rows belong together
 */
async function recompute(
  plan: AggregateNode | WindowNode,
  by: AggregateNode["groups"],
  source: DeltaSource,
): Promise<Delta> {
  const changed = await deriveDelta(plan.input, source);
  if (isEmpty(changed)) return {};
  const keys = by.length > 0 ? await source.keysOf(both(changed, by)) : undefined;
  if (by.length > 0 && !keys) return {};
  const at = (moment: Moment): WeightedRows => {
    const state = source.inputs.at(plan.input, moment);
    return { plan: { ...plan, input: keys ? restrict(state, by, keys) : state } };
  };
  return source.net({ plus: at("after"), minus: at("before") }, plan.columns);
}

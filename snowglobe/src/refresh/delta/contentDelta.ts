import { columnRef, type Plan } from "../../translate";
import { both, type DeltaSource } from "./deltaSource";
import { deriveDelta } from "./deriveDelta";
import type { GroupedRoot } from "./groupedRoot";
import type { GroupState } from "./groupState";
import { byKeys } from "./planNodes";
import { restrict } from "./restrict";
import { isEmpty, type Delta, type WeightedRows } from "./weightedRows";

/** A query as its refreshes see it. */
export interface Content {
  readonly plan: Plan;
  /** Where a grouping is on top. */
  readonly root?: GroupedRoot;
  /** Its groups, where they are kept. */
  readonly state?: GroupState;
}

/**
 * The changes of a query's result: by the kept groups where there are any; for other groups that the result shows the
 * keys of, what is stored for the groups that changed against what there is now; else by the query's two states.
 *
 * @param stored the stored result, under the plan's columns
 * @throws NotCovered
 */
export async function contentDelta({ plan, root, state }: Content, stored: Plan, source: DeltaSource): Promise<Delta> {
  if (!root) return deriveDelta(plan, source);
  if (!state && !root.keys) return deriveDelta(plan, source);
  const changed = await deriveDelta(root.groups.input, source);
  if (isEmpty(changed)) return {};
  return state ? overRoot(root, await state.merge(changed)) : storedAndNow(root, changed, stored, source);
}

function overRoot(root: GroupedRoot, { plus, minus }: Delta): Delta {
  const over = (rows: WeightedRows): WeightedRows => ({ plan: root.over(rows.plan) });
  return { ...(plus ? { plus: over(plus) } : {}), ...(minus ? { minus: over(minus) } : {}) };
}

async function storedAndNow(root: GroupedRoot, changed: Delta, stored: Plan, source: DeltaSource): Promise<Delta> {
  const { groups } = root;
  const now = source.inputs.at(groups.input, "after");
  if (groups.groups.length === 0) {
    return { plus: { plan: root.over({ ...groups, input: now }) }, minus: { plan: stored } };
  }
  const keys = await source.keysOf(both(changed, groups.groups));
  if (!keys) return {};
  const shown = root.keys!.map((place) => columnRef(stored.columns[place]!));
  return {
    plus: { plan: root.over({ ...groups, input: restrict(now, groups.groups, keys) }) },
    minus: { plan: byKeys("SEMI", stored, shown, keys) },
  };
}

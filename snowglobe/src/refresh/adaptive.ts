import type { DynamicTable } from "../catalog/objects";
import { hasExtremes, isKept } from "./delta/groupState";
import { InputVersions } from "./delta/inputVersions";
import { physicalColumns } from "./delta/pruneColumns";
import { isFarDearer, type FollowedQuery } from "./delta/refreshCost";
import type { Plan } from "../translate";
import type { StatementContext } from "../execution/context";
import { contentPlan, inputVersions } from "./contentPlan";
import type { BoundContent, Input } from "./dynamicTableContent";

/** So many rows of an input, and this share of its rows, must have gone for a change to count as one in bulk. */
const BULK_ROWS = 1_000;
const BULK_SHARE = 0.5;

/**
 * Whether an ADAPTIVE table makes all its rows anew this time: where most rows of an input went (INSERT OVERWRITE, an
 * UPDATE or DELETE of a large share) and following that is likely to cost far more than computing the query. What treats
 * each row by itself (projections, filters, ORDER BY) never costs so much more. Source: "Dynamic table refresh modes";
 * thresholds are not published.
 */
export async function rebuildsAdaptively(
  table: DynamicTable,
  bound: BoundContent,
  inputs: readonly Input[],
  context: StatementContext,
): Promise<boolean> {
  const { plan, root, followable } = contentPlan(table, bound, context);
  if (!followable || isRowByRow(plan)) return false;
  const { storage } = context.instance;
  return storage.read(undefined, context.signal, async (reader) => {
    const versions = new InputVersions(inputVersions(table, inputs), physicalColumns(plan), reader, (id) =>
      storage.lastChange(id),
    );
    const sizes = await versions.sizes(table.storageId);
    let isBulk = false;
    for (const [tag, gone] of sizes.gone) {
      isBulk ||= gone >= BULK_ROWS && gone >= BULK_SHARE * (await versions.rowsBefore(tag));
    }
    if (!isBulk) return false;
    const query: FollowedQuery = {
      plan,
      ...(root && { root }),
      ...(root && isKept(root.groups) && { state: { hasExtremes: hasExtremes(root.groups) } }),
    };
    return isFarDearer(query, sizes);
  });
}

function isRowByRow(plan: Plan): boolean {
  switch (plan.kind) {
    case "project":
    case "filter":
    case "sort":
      return isRowByRow(plan.input);
    default:
      return plan.kind === "scan" || plan.kind === "values";
  }
}

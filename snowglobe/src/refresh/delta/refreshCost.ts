import type { JoinNode, Plan, ScanNode } from "../../translate";
import type { GroupedRoot } from "./groupedRoot";

/** What the cost of a query's refresh depends on, beside the number of rows. */
export interface FollowedQuery {
  readonly plan: Plan;
  readonly root?: GroupedRoot;
  /** Where groups are kept: whether a value that goes may have been the extreme of one. */
  readonly state?: { readonly hasExtremes: boolean };
}

/** Rows of the inputs, and of them those that changed and that went, by the scans' tag; and rows of the stored result. */
export interface Sizes {
  readonly rows: ReadonlyMap<number, number>;
  readonly changed: ReadonlyMap<number, number>;
  readonly gone: ReadonlyMap<number, number>;
  readonly stored: number;
}

/**
 * Microseconds for a row, measured on two cores (`./workshop bench refresh`). They are right to a factor of two or three,
 * which is enough: where both ways cost alike, it does not matter which is chosen.
 */
const PER_ROW = {
  /** Reading and filtering, also for a restriction to keys. */
  read: 0.004,
  join: 0.004,
  group: 0.007,
  window: 0.24,
  /** A row of the whole result, or of the stored one, in the comparison of the two. */
  compare: 0.17,
  /** A stored row, where rows that go are looked for. */
  find: 0.02,
  /** A changed row in each step of following it. */
  change: 0.5,
  /** A row of the whole result that is written without a comparison, in the place of one that ends. */
  replace: 0.25,
} as const;

/** What a step costs however few rows it has: it is a statement of its own or two. */
const STEP = 2_500;

/** Rows that share their group or partition, where nothing is known of it. */
const TYPICAL_GROUP = 20;

/** An estimate for a plan node; costs are in microseconds. */
interface Estimate {
  readonly rows: number;
  readonly changed: number;
  /** Of computing all rows. */
  readonly whole: number;
  /** Of following the changes. */
  readonly follow: number;
}

/** How much dearer than making all rows anew it must be to follow the changes, before ADAPTIVE gives that up. */
const FAR_DEARER = 2;

/** Whether following the changes is likely to cost less than computing the whole result and comparing it. */
export function isWorthFollowing(query: FollowedQuery, sizes: Sizes): boolean {
  const { follow, whole } = costs(query, sizes);
  // The result is about as large as the stored one.
  const comparison = 2 * sizes.stored * PER_ROW.compare + (query.state ? STEP : 0);
  return follow < whole + comparison;
}

/** Whether following the changes is likely to cost far more than making all rows anew. */
export function isFarDearer(query: FollowedQuery, sizes: Sizes): boolean {
  const { follow, whole } = costs(query, sizes);
  return follow > FAR_DEARER * (whole + sizes.stored * PER_ROW.replace);
}

function costs({ plan, root, state }: FollowedQuery, sizes: Sizes): Pick<Estimate, "follow" | "whole"> {
  const whole = estimate(plan, sizes);
  let { changed, follow } = whole;
  if (root && (state ?? root.keys)) {
    const input = estimate(root.groups.input, sizes);
    const size = input.rows / Math.max(1, sizes.stored);
    // Rows of the result: each group before and after.
    changed = Math.min(input.changed, 2 * sizes.stored);
    follow = input.follow;
    // Kept groups are looked up; others are computed anew from the rows that belong to them.
    if (state) follow += sizes.stored * PER_ROW.find + 2 * STEP;
    else follow += Math.min(input.rows, input.changed * size) * PER_ROW.group + 2 * STEP;
    // Of an extreme that went only the rows know the next one.
    if (!state || (state.hasExtremes && [...sizes.gone.values()].some((count) => count > 0)))
      follow += input.rows * PER_ROW.read;
  }
  const apply = changed * PER_ROW.change + sizes.stored * PER_ROW.find + 2 * STEP;
  return { follow: follow + apply, whole: whole.whole };
}

function estimate(plan: Plan, sizes: Sizes): Estimate {
  switch (plan.kind) {
    case "scan":
      return scanned(plan, sizes);
    case "project":
    case "filter":
    case "sort": {
      const input = estimate(plan.input, sizes);
      return {
        ...input,
        whole: input.whole + input.rows * PER_ROW.read,
        follow: input.follow + input.changed * PER_ROW.change,
      };
    }
    case "join":
      return joined(plan, sizes);
    case "setOperation": {
      const left = estimate(plan.left, sizes);
      const right = estimate(plan.right, sizes);
      const both = {
        rows: left.rows + right.rows,
        changed: left.changed + right.changed,
        whole: left.whole + right.whole,
        follow: left.follow + right.follow,
      };
      return plan.all ? both : together(both, PER_ROW.group);
    }
    case "distinct":
    case "aggregate":
      return together(estimate(plan.input, sizes), PER_ROW.group);
    case "window":
      return together(estimate(plan.input, sizes), PER_ROW.window);
    default:
      return { rows: 0, changed: 0, whole: 0, follow: 0 };
  }
}

function scanned(scan: ScanNode, { rows, changed }: Sizes): Estimate {
  const tag = scan.relation.tag as number;
  const count = rows.get(tag) ?? 0;
  const moved = changed.get(tag) ?? 0;
  return { rows: count, changed: moved, whole: count * PER_ROW.read, follow: moved * PER_ROW.change + STEP };
}

/** Changed rows of one side meet all rows of the other, at one state or at both. */
function joined(join: JoinNode, sizes: Sizes): Estimate {
  const left = estimate(join.left, sizes);
  if (join.lateral) return { ...left, whole: left.whole + left.rows * PER_ROW.join };
  const right = estimate(join.right, sizes);
  const rows = Math.max(left.rows, right.rows);
  const share = (side: Estimate): number => (side.rows > 0 ? Math.min(1, side.changed / side.rows) : 0);
  const probed = (side: Estimate, other: Estimate): number =>
    side.changed > 0 ? 2 * (other.whole + other.rows * PER_ROW.read) : 0;
  const changed = Math.max(left.changed, right.changed, rows * share(left), rows * share(right));
  return {
    rows,
    changed,
    whole: left.whole + right.whole + (left.rows + right.rows) * PER_ROW.join,
    follow:
      left.follow + right.follow + probed(left, right) + probed(right, left) + changed * PER_ROW.change + 2 * STEP,
  };
}

/** Rows that are grouped, or in windows: all that belong with a changed one are computed anew, before and after. */
function together(input: Estimate, each: number): Estimate {
  const affected = Math.min(input.rows, input.changed * TYPICAL_GROUP);
  const restricted = input.changed > 0 ? 2 * (input.whole + input.rows * PER_ROW.read + affected * each) : 0;
  return {
    rows: input.rows,
    changed: Math.min(input.rows, affected),
    whole: input.whole + input.rows * each,
    follow: input.follow + restricted + affected * PER_ROW.change + 3 * STEP,
  };
}

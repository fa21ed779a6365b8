import {
  columnRef,
  rewritePlan,
  type AggregateCall,
  type Plan,
  type SortKey,
  type WindowCall,
  type WindowNode,
} from "../../translate";

/** Aggregates whose result is the same whatever order the rows come in, floats aside. */
const ORDER_FREE = new Set([
  "APPROX_COUNT_DISTINCT",
  "BITAND_AGG",
  "BITOR_AGG",
  "BITXOR_AGG",
  "BOOLAND_AGG",
  "BOOLOR_AGG",
  "BOOLXOR_AGG",
  "COUNT",
  "COUNT_IF",
  "MAX",
  "MIN",
  "SUM",
]);

/** Their result depends on which of several rows with equal sort keys comes first. */
const POSITIONAL = new Set(["FIRST_VALUE", "LAG", "LAST_VALUE", "LEAD", "NTH_VALUE", "NTILE", "ROW_NUMBER"]);

/** They count peers as one; a finer order would change what they mean. */
const RANKS = new Set(["CUME_DIST", "DENSE_RANK", "PERCENT_RANK", "RANK"]);

/**
 * Whether computing an aggregate twice over the same rows gives the same to the last bit. The sum of floats does not, nor
 * does what depends on the rows' order; MIN of TIMESTAMP_TZ picks one of several offsets.
 */
export function isRepeatable(call: Pick<AggregateCall, "name" | "args">): boolean {
  if (!ORDER_FREE.has(call.name)) return false;
  if (call.name === "SUM") return call.args.every((arg) => arg.type.kind === "NUMBER");
  return !call.args.some((arg) => arg.type.kind === "TIMESTAMP_TZ");
}

/** As isRepeatable, for a node made by `breakTies`. */
export function isRepeatableWindow(window: WindowCall): boolean {
  if (RANKS.has(window.name)) return true;
  if (POSITIONAL.has(window.name)) return window.frame?.unit !== "RANGE";
  return isRepeatable(window);
}

/**
 * The plan with windows that order rows with equal sort keys too, so that the result over a partition is the same
 * whenever it is computed. Any order among them is right.
 *
 * @param rowId id of the column that tells rows apart, where there is one
 */
export function breakTies(plan: Plan, rowId?: string): Plan {
  return rewritePlan(plan, { node: (node) => (node.kind === "window" ? windowWithoutTies(node, rowId) : node) });
}

function windowWithoutTies(plan: WindowNode, rowId: string | undefined): WindowNode {
  const identity = plan.input.columns.filter((column) => column.id === rowId);
  // Rows that are equal in all columns are the same, whichever comes first.
  const last = (identity.length > 0 ? identity : plan.input.columns).map((column): SortKey => ({
    expression: columnRef(column),
    descending: false,
    nulls: "LAST",
  }));
  const windows = plan.windows.map((window) => {
    const ordered = POSITIONAL.has(window.name) ? window.frame?.unit !== "RANGE" : window.frame?.unit === "ROWS";
    return ordered ? { ...window, orderBy: [...window.orderBy, ...last] } : window;
  });
  return { ...plan, windows };
}

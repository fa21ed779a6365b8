import {
  columnRef,
  rewritePlan,
  traitsOf,
  type AggregateCall,
  type Plan,
  type SortKey,
  type WindowCall,
  type WindowNode,
} from "../../translate";

/**
 * Whether computing an aggregate twice over the same rows gives the same to the last bit. The sum of floats does not, nor
 * does what depends on the rows' order; MIN of TIMESTAMP_TZ picks one of several offsets.
 */
export function isRepeatable(call: Pick<AggregateCall, "name" | "args">): boolean {
  const { repeatable } = traitsOf(call.name);
  return repeatable !== undefined && call.args.every((arg) => repeatable(arg.type));
}

/** As isRepeatable, for a node made by `breakTies`. */
export function isRepeatableWindow(window: WindowCall): boolean {
  const { ties } = traitsOf(window.name);
  if (ties !== undefined) return ties === "peers" || window.frame?.unit !== "RANGE";
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
    const ordered =
      traitsOf(window.name).ties === "first" ? window.frame?.unit !== "RANGE" : window.frame?.unit === "ROWS";
    return ordered ? { ...window, orderBy: [...window.orderBy, ...last] } : window;
  });
  return { ...plan, windows };
}

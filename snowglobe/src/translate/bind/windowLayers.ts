import type { BoundExpression } from "../boundExpression";
import type { PlanColumn, WindowCall } from "../plan";
import { walkExpression } from "../planWalk";

interface WindowEntry {
  readonly call: WindowCall;
  readonly column: PlanColumn;
}

/**
 * Window functions by what they are computed of: in the first layer those of the rows, in each further one those of
 * values of layers below.
 */
export function layersOf(windows: readonly WindowEntry[]): readonly (readonly WindowEntry[])[] {
  const depths = new Map<string, number>();
  const layers: WindowEntry[][] = [];
  for (const entry of windows) {
    let depth = 0;
    const look = (at: BoundExpression): void => {
      if (at.kind === "column") depth = Math.max(depth, (depths.get(at.id) ?? -1) + 1);
    };
    for (const arg of entry.call.args) walkExpression(arg, look);
    depths.set(entry.column.id, depth);
    (layers[depth] ??= []).push(entry);
  }
  return layers;
}

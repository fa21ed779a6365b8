import type { ReadingCost } from "../../snapshot";
import { byId, setText } from "../dom";
import { countOf, formatClock } from "../format";
import type { View } from "./view";

/** What watching costs on an account, and what it has cost so far. */
export function costView(): View {
  return {
    show: ({ cost, intervalSeconds }) => setText(byId("cost"), costText(cost, intervalSeconds)),
  };
}

function costText(cost: ReadingCost, intervalSeconds: number): string {
  const every = intervalSeconds === 1 ? "every second" : `every ${intervalSeconds} s`;
  const state = cost.warehouseState ? ` (${cost.warehouseState.toLowerCase()})` : "";
  const reads = cost.lastWarehouseRead
    ? ` ${countOf(cost.warehouseReads, "read")} with the warehouse ${cost.warehouse}${state} so far, the last at ${formatClock(cost.lastWarehouseRead)}.`
    : "";
  const how = cost.isSparing
    ? `While a page is open, SHOW statements run ${every}; they need no warehouse. Tables and histories, which do, are read ` +
      "only after something has changed (for three minutes, every 30 s) and otherwise every ten minutes: each of those reads " +
      "may start the warehouse for at least a minute, about 0.1 credits an hour on an x-small one when nothing happens."
    : `Everything is read ${every} while a page is open; on this computer that costs nothing.`;
  return `${how} This page only reads.${reads}`;
}

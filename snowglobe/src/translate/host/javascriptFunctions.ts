import { callHandlers } from "../../javascript/handlers";
import type { RowsFunction } from "../../storage";

/** Handlers of users' functions in JavaScript: what they are compiled from, then their arguments, see callHandlers. */
export const javascriptFunctions: readonly RowsFunction[] = [
  { name: "host_javascript", parameters: 2, callRows: callHandlers },
  { name: "host_volatile_javascript", parameters: 2, callRows: callHandlers, volatile: true },
];

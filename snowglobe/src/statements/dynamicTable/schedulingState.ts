import type { DynamicTable, SuspendReason } from "../../catalog/objects";
import type { Microseconds } from "../../time";

/** Text of a suspension for people; the documentation shows that of the failures alone. */
const REASON_MESSAGES: Readonly<Record<SuspendReason, string>> = {
  USER_SUSPENDED: "The DT was suspended by a user",
  UPSTREAM_USER_SUSPENDED: "The DT was suspended because an upstream DT was suspended by a user",
  SUSPENDED_DUE_TO_ERRORS: "The dynamic table was suspended due to 5 consecutive refresh errors.",
  UPSTREAM_SUSPENDED_DUE_TO_ERRORS:
    "The DT was suspended because an upstream DT was suspended due to 5 consecutive refresh errors",
  CLONED_AUTO_SUSPENDED: "The DT was suspended because it was cloned",
  UPSTREAM_CLONED_AUTO_SUSPENDED: "The DT was suspended because an upstream DT was cloned",
};

/**
 * Column SCHEDULING_STATE of the metadata functions, as an object. Sources: "DYNAMIC_TABLE_GRAPH_HISTORY", "Monitor
 * dynamic tables"
 *
 * @param running what the function calls a table that is not suspended
 */
export function schedulingState(
  { suspended, resumedOn }: Pick<DynamicTable, "suspended" | "resumedOn">,
  running: "ACTIVE" | "RUNNING",
): Record<string, string> {
  if (!suspended) return { ...(resumedOn !== null && { resumed_on: time(resumedOn) }), state: running };
  return {
    reason_code: suspended.reason,
    reason_message: REASON_MESSAGES[suspended.reason],
    state: "SUSPENDED",
    suspended_on: time(suspended.on),
  };
}

/** As the page's sample prints times: `2024-03-01 10:29:02.066 Z`. */
function time(at: Microseconds): string {
  return new Date(at / 1000).toISOString().replace("T", " ").replace("Z", " Z");
}

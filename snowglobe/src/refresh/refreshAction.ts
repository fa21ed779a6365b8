import type { DynamicTable, Table } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { resolveRefreshMode } from "./refreshMode";
import type { StatementContext } from "../execution/context";
import type { BoundContent, Input } from "./dynamicTableContent";
import { beyondRetention, isBeyondRetention } from "./refreshConditions";
import type { RefreshAction } from "../account/refreshHistory";

export interface ActionDecision {
  readonly action: RefreshAction;
  /** Why all rows are made anew, where they are. */
  readonly reinitReason: string | null;
}

/**
 * What a refresh has to do. Source: "DYNAMIC_TABLE_REFRESH_HISTORY", REFRESH_ACTION.
 *
 * @param reshaped the table gets other columns
 * @throws SnowflakeError when the query cannot be followed any more, or the changes it needs were not tracked
 */
export function decideAction(
  table: DynamicTable,
  bound: BoundContent,
  inputs: readonly Input[],
  reshaped: boolean,
  context: StatementContext,
): ActionDecision {
  const { content } = table;
  if (!content) return { action: table.refreshMode, reinitReason: null };
  const before = new Map(content.inputVersions.map((one) => [one.id, one]));
  const replaced = inputs.find(({ object }) => before.get(object.id)?.storageId !== object.storageId);
  const redefined = content.definition !== bound.definition;
  const other = replaced !== undefined || redefined || reshaped || before.size !== inputs.length;
  if (table.refreshMode === "INCREMENTAL") {
    // The mode was chosen when the table was made; a view may have changed since.
    if (redefined) resolveRefreshMode("INCREMENTAL", bound.query.properties, table.name);
    for (const { object } of inputs) requireTracking(object);
    const gap = inputs.find(({ object }) => !trackedSince(object, before.get(object.id)?.version ?? 0));
    if (other || gap) {
      const what = replaced
        ? `base ${replaced.object.kind} ${replaced.object.name} was replaced`
        : gap && !other
          ? `change tracking of ${gap.object.name} was off for a while`
          : "the definition of what the query reads changed";
      return { action: "REINITIALIZE", reinitReason: what };
    }
  }
  const { storage } = context.instance;
  const changed = ({ object }: Input): boolean => storage.lastChange(object.storageId) > before.get(object.id)!.version;
  if (!other && !bound.timeDependent && !inputs.some(changed)) return { action: "NO_DATA", reinitReason: null };
  if (table.refreshMode === "INCREMENTAL") {
    const lost = inputs.find((input) => changed(input) && isBeyondRetention(table, input.object, context.instance));
    if (lost) throw beyondRetention(lost.object);
  }
  return { action: table.refreshMode, reinitReason: null };
}

/** Source: "Error code reference for dynamic tables", 091930. */
function requireTracking(object: Table | DynamicTable): void {
  if (object.kind === "DYNAMIC TABLE" || object.changeTracking) return;
  throw new SnowflakeError(
    "091930",
    "02000",
    `Change tracking is not enabled or has been missing for the time range requested on table '${object.name}'.`,
  );
}

/** Whether a table's changes have been tracked without a gap since a version. */
function trackedSince(object: Table | DynamicTable, version: number): boolean {
  return object.kind === "DYNAMIC TABLE" || (object.trackedSince ?? 0) <= version;
}

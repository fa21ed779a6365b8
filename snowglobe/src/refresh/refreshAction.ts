import type { DynamicTable, DynamicTableContent, RefreshMode, Table } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { followsChanges, reasonForFull } from "./refreshMode";
import type { StatementContext } from "../execution/context";
import { rebuildsAdaptively } from "./adaptive";
import { pipelineIdsOf, type BoundContent, type Input } from "./dynamicTableContent";
import { upstreamModes } from "./knownKey";
import { differsInPassedColumns } from "./queryShape";
import { beyondRetention, isBeyondRetention } from "./refreshConditions";
import type { RefreshAction } from "../account/refreshHistory";

export interface ActionDecision {
  readonly action: RefreshAction;
  /** Why all rows are made anew, where they are. */
  readonly reinitReason: string | null;
}

/** What an ordinary refresh is called in the history, the first one too. */
export function actionOf(mode: RefreshMode): Exclude<RefreshAction, "NO_DATA" | "REINITIALIZE"> {
  return mode === "ADAPTIVE" ? "INCREMENTAL" : mode;
}

/**
 * What a refresh has to do; EXPLAIN CHANGES asks the same. Source: "DYNAMIC_TABLE_REFRESH_HISTORY", REFRESH_ACTION.
 *
 * @param reshaped the table gets other columns
 * @param pending ids of inputs that will have changed, whatever they have now
 * @throws SnowflakeError when the query cannot be followed any more, or the changes it needs were not tracked
 */
export async function decideAction(
  table: DynamicTable,
  bound: BoundContent,
  inputs: readonly Input[],
  reshaped: boolean,
  context: StatementContext,
  pending: ReadonlySet<number>,
): Promise<ActionDecision> {
  const { content, refreshMode } = table;
  if (!content) return { action: actionOf(refreshMode), reinitReason: null };
  if (refreshMode === "CUSTOM_INCREMENTAL") return decideCustom(content, inputs, context, pending);
  const before = new Map(content.inputVersions.map((one) => [one.id, one]));
  const replaced = inputs.find(({ object }) => before.get(object.id)?.storageId !== object.storageId);
  const redefined = content.definition !== bound.definition;
  const follows = followsChanges(refreshMode);
  // Columns that come and go with SELECT * alone are no other definition for one that follows changes.
  const passed =
    follows &&
    (redefined || reshaped) &&
    content.shape !== undefined &&
    differsInPassedColumns(content.shape, bound.query.plan, context.instance.catalog);
  const other = replaced !== undefined || (!passed && (redefined || reshaped)) || before.size !== inputs.length;
  if (table.reinitialize !== undefined) {
    if (follows) requireFollowable(table, bound, inputs, context);
    return { action: "REINITIALIZE", reinitReason: table.reinitialize };
  }
  if (follows) {
    requireFollowable(table, bound, inputs, context);
    for (const { object } of inputs) requireTracking(object);
    const gap = inputs.find(({ object }) => !trackedSince(object, before.get(object.id)?.version ?? 0));
    if (other || gap) {
      const what = replaced
        ? `Base ${replaced.object.kind} ${replaced.object.name} was replaced.`
        : gap && !other
          ? `Change tracking of ${gap.object.name} was off for a while.`
          : "The definition of what the query reads changed.";
      return { action: "REINITIALIZE", reinitReason: what };
    }
  }
  const { storage } = context.instance;
  const changed = ({ object }: Input): boolean =>
    pending.has(object.id) || storage.lastChange(object.storageId) > before.get(object.id)!.version;
  if (!other && !bound.timeDependent && !inputs.some(changed)) return { action: "NO_DATA", reinitReason: null };
  if (!follows) return { action: actionOf(refreshMode), reinitReason: null };
  const lost = inputs.find((input) => changed(input) && isBeyondRetention(table, input.object, context.instance));
  if (lost) throw beyondRetention(lost.object);
  if (refreshMode === "ADAPTIVE" && (await rebuildsAdaptively(table, bound, inputs, context))) {
    return { action: "REINITIALIZE", reinitReason: ADAPTIVE_REASON };
  }
  return { action: "INCREMENTAL", reinitReason: null };
}

/**
 * REFRESH USING never begins anew: what it cannot follow any more fails. Source: "Custom incrementalization".
 *
 * @throws SnowflakeError for an input that was replaced
 */
function decideCustom(
  content: DynamicTableContent,
  inputs: readonly Input[],
  { instance: { storage } }: StatementContext,
  pending: ReadonlySet<number>,
): ActionDecision {
  const before = new Map(content.inputVersions.map((one) => [one.id, one]));
  const seen = new Set(before.keys());
  for (const { object } of inputs) {
    requireTracking(object);
    // What came in the place of an input has another id.
    const isFollowed = before.get(object.id)?.storageId === object.storageId;
    if (!isFollowed && seen.size > 0 && !inputs.every((one) => before.has(one.object.id))) throw replacedBelow(object);
  }
  const changed = inputs.some(
    ({ object }) =>
      pending.has(object.id) || storage.lastChange(object.storageId) > (before.get(object.id)?.version ?? 0),
  );
  return { action: changed ? "CUSTOM_INCREMENTAL" : "NO_DATA", reinitReason: null };
}

function replacedBelow(object: Table | DynamicTable): SnowflakeError {
  return new SnowflakeError(
    "091930",
    "02000",
    `Change tracking is not enabled or has been missing for the time range requested on table '${object.name}': it was replaced, so the dynamic table must be, too.`,
  );
}

/** No list of reasons is published; the adaptive decision is named as one of their kinds. */
const ADAPTIVE_REASON = "Adaptive refresh: an incremental refresh would cost far more than making all rows anew.";

/**
 * The mode was chosen when the table was made; a view or an upstream table may have changed since. Source: "Error code
 * reference for dynamic tables", 002766.
 */
function requireFollowable(
  table: DynamicTable,
  { query }: BoundContent,
  inputs: readonly Input[],
  { instance }: StatementContext,
): void {
  const pipeline = pipelineIdsOf(query);
  const upstream = upstreamModes(
    inputs.map((input) => input.object).filter((object) => pipeline.includes(object.id)),
    instance,
  );
  const keyless = upstream.some((one) => one.refreshMode === "FULL" && !one.changesKnown);
  const reason = reasonForFull(query) ?? (keyless ? "UPSTREAM_USES_FULL_REFRESH" : undefined);
  if (reason === undefined) return;
  throw new SnowflakeError(
    "002766",
    "0A000",
    `Dynamic table can no longer be refreshed incrementally. Dynamic table ${table.name} is no longer incrementalizable because of reason '${reason}'`,
  );
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

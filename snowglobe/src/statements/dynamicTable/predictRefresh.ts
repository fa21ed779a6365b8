import type { RefreshAction } from "../../account/refreshHistory";
import type { DynamicTable } from "../../catalog/objects";
import { SnowflakeError } from "../../errors";
import type { Instance } from "../../execution/instance";
import { bindContent, pipelineIdsOf } from "../../refresh/dynamicTableContent";
import { planRefresh } from "../../refresh/planRefresh";
import { systemContext } from "../../refresh/systemContext";

/** What the next refresh of a table is expected to do. Source: "Predict refresh behavior". */
export type Prediction =
  | { readonly action: RefreshAction; readonly reason: string | null; readonly failure?: undefined }
  | { readonly failure: SnowflakeError };

/**
 * Predicts the next refresh by hand or by schedule, from the data that has arrived so far. What the table reads is
 * refreshed before it, so a dynamic table with something to do counts as changed.
 *
 * @param table as it is in the catalog, or will be once a statement is run
 */
export async function predictRefresh(
  instance: Instance,
  table: DynamicTable,
  signal: AbortSignal,
): Promise<Prediction> {
  const context = systemContext(instance, table, { signal });
  try {
    const bound = bindContent(table, context, instance.clock.now());
    const pending = new Set<number>();
    const upstream = table.scheduler === "DISABLE" ? [] : pipelineIdsOf(bound.query);
    for (const id of upstream) {
      const input = instance.catalog.object(id);
      if (input?.kind !== "DYNAMIC TABLE" || input.scheduler === "DISABLE") continue;
      const before = await predictRefresh(instance, input, signal);
      if (before.failure) return { failure: upstreamFailed(before.failure) };
      if (before.action !== "NO_DATA") pending.add(id);
    }
    const { action, reinitReason } = await planRefresh(table, bound, instance.storage.lastVersion, context, pending);
    return { action, reason: reinitReason };
  } catch (error) {
    if (error instanceof SnowflakeError) return { failure: error };
    throw error;
  }
}

function upstreamFailed(failure: SnowflakeError): SnowflakeError {
  return new SnowflakeError(
    "002753",
    "42601",
    `Manual refresh failed because an upstream dynamic table failed to refresh. ${failure.message}`,
  );
}

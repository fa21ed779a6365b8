import type { DynamicTable, QueryInput, View } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import { bindView } from "../execution/queryEnvironment";
import type { StatementReader } from "../storage";
import { scansOf } from "../translate";
import type { Input } from "./dynamicTableContent";
import { queryInputs } from "./queryInputs";

/** How many rows came to an input and went from it. There are no micro-partitions here. */
export interface InputStatistics {
  readonly numRegisteredRows: number;
  readonly numUnregisteredRows: number;
  readonly numAddedPartitions: 0;
  readonly numRemovedPartitions: 0;
}

/** One item of INPUTS_WITH_CHANGED_DATA. */
export interface ChangedInput extends Pick<QueryInput, "name" | "kind"> {
  readonly statistics?: InputStatistics;
  /** Of a view: the sum of its base tables'. */
  readonly baseTableStatisticsAgg?: InputStatistics;
}

/**
 * What the query names itself of which rows have changed since the last refresh. Source: "DYNAMIC_TABLE_REFRESH_HISTORY",
 * INPUTS_WITH_CHANGED_DATA.
 *
 * @param inputs the stored tables, with the versions that this refresh reads
 */
export async function changedInputs(
  table: Pick<DynamicTable, "content" | "reads" | "queryText" | "refreshUsing">,
  inputs: readonly Input[],
  reader: StatementReader,
  context: StatementContext,
): Promise<ChangedInput[]> {
  const { catalog, storage } = context.instance;
  const before = new Map(table.content?.inputVersions.map((one) => [one.storageId, one.version]));
  const changed = inputs.filter(
    ({ object }) => storage.lastChange(object.storageId) > (before.get(object.storageId) ?? 0),
  );
  if (changed.length === 0) return [];
  const counts = await countChanges(changed, before, reader);
  const sum = (ids: readonly number[]): InputStatistics | undefined => {
    const found = ids.flatMap((id) => counts.get(id) ?? []);
    if (found.length === 0) return undefined;
    return statistics(
      found.reduce((all, one) => all + one.came, 0),
      found.reduce((all, one) => all + one.went, 0),
    );
  };
  if (!table.reads?.some((one) => one.kind === "VIEW")) {
    return changed.map(({ object }) => ({
      name: catalog.fullName(object),
      kind: object.kind === "TABLE" ? "TABLE" : "DYNAMIC_TABLE",
      statistics: sum([object.id])!,
    }));
  }
  return queryInputs(table, context).direct.flatMap(({ object }): ChangedInput[] => {
    const name = catalog.fullName(object);
    if (object.kind === "VIEW") {
      const baseTableStatisticsAgg = sum(basesOf(object, context));
      return baseTableStatisticsAgg ? [{ name, kind: "VIEW", baseTableStatisticsAgg }] : [];
    }
    const own = sum([object.id]);
    return own ? [{ name, kind: object.kind === "TABLE" ? "TABLE" : "DYNAMIC_TABLE", statistics: own }] : [];
  });
}

function basesOf(view: View, context: StatementContext): number[] {
  return [...new Set(scansOf(bindView(view, context).plan).map((scan) => scan.relation.tag as number))];
}

/** Counts the rows that came and went, all inputs in one statement. */
async function countChanges(
  changed: readonly Input[],
  before: ReadonlyMap<number, number>,
  reader: StatementReader,
): Promise<ReadonlyMap<number, { readonly came: number; readonly went: number }>> {
  const arms = changed.map(({ object: { id, storageId }, version }) => {
    const rows = reader.changedRows(storageId, before.get(storageId) ?? 0, version);
    return `SELECT ${id} AS id, count_if(_action = 'INSERT') AS came, count_if(_action = 'DELETE') AS went FROM ${rows}`;
  });
  const rows = await reader.rows(arms.join(" UNION ALL "));
  return new Map(rows.map(({ id, came, went }) => [Number(id), { came: Number(came), went: Number(went) }]));
}

function statistics(came: number, went: number): InputStatistics {
  return { numRegisteredRows: came, numUnregisteredRows: went, numAddedPartitions: 0, numRemovedPartitions: 0 };
}

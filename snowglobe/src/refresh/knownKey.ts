import type { CatalogObject, DynamicTable } from "../catalog/objects";
import type { Instance } from "../execution/instance";
import { bindTable } from "./dynamicTableGraph";
import type { UpstreamTable } from "./refreshMode";
import { relyKey } from "../execution/relyKey";
import { derivedKey } from "./uniqueKey";

/** The unique key that follows from a dynamic table's query as it stands now. Source: "System-derived unique key". */
export function derivedKeyOf(table: DynamicTable, instance: Instance): readonly string[] | undefined {
  const { bound } = bindTable(instance, table, instance.clock.now());
  if (bound?.query.columns.length !== table.columns.length) return undefined;
  const places = derivedKey(bound.query.plan, (scan) => {
    const object = instance.catalog.object(scan.relation.tag as number);
    if (object?.kind === "TABLE") return relyKey(object);
    return object?.kind === "DYNAMIC TABLE" ? knownKey(object, instance) : undefined;
  });
  return places?.map((place) => table.columns[place]!.name);
}

function knownKey(table: DynamicTable, instance: Instance): readonly string[] | undefined {
  return relyKey(table) ?? derivedKeyOf(table, instance);
}

/** What the choice of a refresh mode must know of the dynamic tables among a query's inputs. */
export function upstreamModes(inputs: readonly (CatalogObject | undefined)[], instance: Instance): UpstreamTable[] {
  return inputs
    .filter((input): input is DynamicTable => input?.kind === "DYNAMIC TABLE")
    .map((table) => ({
      refreshMode: table.refreshMode,
      changesKnown:
        table.refreshMode !== "FULL" || table.frozenWhere !== undefined || knownKey(table, instance) !== undefined,
    }));
}

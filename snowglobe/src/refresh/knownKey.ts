import type { CatalogObject, DynamicTable, Table } from "../catalog/objects";
import type { Instance } from "../execution/instance";
import type { ScanNode } from "../translate";
import { bindTable } from "./dynamicTableGraph";
import type { UpstreamTable } from "./refreshMode";
import { derivedKey } from "./uniqueKey";

/**
 * The columns that a table's owner promises to be unique (RELY), a primary key before any other: their values tell which
 * row is which. Source: "Optimize input data for dynamic tables".
 */
export function relyKey(object: Table | DynamicTable): readonly string[] | undefined {
  const relied = (object.constraints ?? []).filter((one) => one.rely && one.kind !== "FOREIGN KEY");
  return (relied.find((one) => one.kind === "PRIMARY KEY") ?? relied[0])?.columns;
}

/** As relyKey, of what a scan reads. */
export function relyKeyOfScan(scan: ScanNode, { catalog }: Instance): readonly string[] | undefined {
  const object = catalog.object(scan.relation.tag as number);
  return object?.kind === "TABLE" || object?.kind === "DYNAMIC TABLE" ? relyKey(object) : undefined;
}

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
      changesKnown: table.refreshMode !== "FULL" || knownKey(table, instance) !== undefined,
    }));
}

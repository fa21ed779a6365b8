import type { DynamicTable, Table } from "../catalog/objects";
import type { Instance } from "./instance";
import type { ScanNode } from "../translate";

/** The keys that a table's owner promises to be unique (RELY), a primary key before any other. */
export function relyKeys(object: Table | DynamicTable): (readonly string[])[] {
  const relied = (object.constraints ?? []).filter((one) => one.rely && one.kind !== "FOREIGN KEY");
  const primary = relied.filter((one) => one.kind === "PRIMARY KEY");
  return [...primary, ...relied.filter((one) => one.kind === "UNIQUE")].map((one) => one.columns);
}

/**
 * The columns whose values tell which row is which, where the table's owner promises that. Source: "Optimize input data
 * for dynamic tables".
 */
export function relyKey(object: Table | DynamicTable): readonly string[] | undefined {
  return relyKeys(object)[0];
}

/** As relyKey, of what a scan reads. */
export function relyKeyOfScan(scan: ScanNode, { catalog }: Instance): readonly string[] | undefined {
  const object = catalog.object(scan.relation.tag as number);
  return object?.kind === "TABLE" || object?.kind === "DYNAMIC TABLE" ? relyKey(object) : undefined;
}

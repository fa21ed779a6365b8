import { createHash } from "node:crypto";
import { usedColumns, type Plan, type ScanNode } from "../translate";

/**
 * A digest of what a bound query means: it changes with the tables that are read, the stored columns that are used, and
 * what is done with them (through views too), and not with columns that the query does not use.
 */
export function definitionDigest(plan: Plan): string {
  const used = usedColumns(plan);
  const numbers = new Map<string, number>();
  const text = JSON.stringify(plan, (key, value: unknown) => {
    if (isScan(value)) return { kind: "scan", table: value.relation.tag, read: scanned(value, used) };
    // Most nodes list what they pass on; that is no use of it.
    if (key === "columns") return (value as Plan["columns"]).filter((c) => used.has(c.id)).map((c) => [c.id, c.type]);
    return value;
  })
    // The binder's numbers count unused columns too.
    .replaceAll(/"(x\d+)"/g, (_, id: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      return `"#${numbers.get(id)}"`;
    });
  return createHash("sha256").update(text).digest("base64url");
}

function isScan(value: unknown): value is ScanNode {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "scan";
}

function scanned(scan: ScanNode, used: ReadonlySet<string>): unknown[] {
  return scan.columns.flatMap((column, index) =>
    used.has(column.id) ? [[column.id, scan.physical[index], column.type]] : [],
  );
}

import { rewritePlan, scansOf, usedColumns, type Plan } from "../../translate";

/** The plan with scans that read, and nodes that pass on, only columns that something uses. */
export function pruneColumns(plan: Plan): Plan {
  const used = usedColumns(plan);
  return rewritePlan(plan, {
    node: (node) => {
      switch (node.kind) {
        case "scan": {
          const kept = node.columns.flatMap((column, i) => (used.has(column.id) ? [i] : []));
          return { ...node, columns: kept.map((i) => node.columns[i]!), physical: kept.map((i) => node.physical[i]!) };
        }
        case "filter":
        case "sort":
        case "join":
          return { ...node, columns: node.columns.filter((column) => used.has(column.id)) };
        case "window": {
          const own = node.columns.slice(-node.windows.length);
          const kept = own.flatMap((column, i) => (used.has(column.id) ? [i] : []));
          if (kept.length === 0) return node.input;
          return {
            ...node,
            windows: kept.map((i) => node.windows[i]!),
            columns: [...node.input.columns, ...kept.map((i) => own[i]!)],
          };
        }
        default:
          return node;
      }
    },
  });
}

/** Physical columns that a pruned plan reads of each table, by the scans' tag. */
export function physicalColumns(plan: Plan): ReadonlyMap<number, readonly string[]> {
  const used = new Map<number, Set<string>>();
  for (const scan of scansOf(plan)) {
    const tag = scan.relation.tag as number;
    const columns = used.get(tag) ?? new Set();
    for (const name of scan.physical) columns.add(name);
    used.set(tag, columns);
  }
  return new Map([...used].map(([tag, columns]) => [tag, [...columns].filter((name) => name !== "_rid")]));
}

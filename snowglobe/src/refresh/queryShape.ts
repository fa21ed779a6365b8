import type { Catalog } from "../catalog/catalog";
import { expressionsOf, scansOf, walkExpression, type Plan, type PlanColumn } from "../translate";
import { definitionDigest } from "./definitionDigest";

/** A query's meaning apart from the columns that it only passes on. */
export interface QueryShape {
  /** Digest of everything else: which rows there are, and the columns that are computed. */
  readonly structure: string;
  /** By the name of a column that is passed on as it is: which stored column it is. */
  readonly origins: Readonly<Record<string, string>>;
}

export function shapeOf(plan: Plan): QueryShape {
  const scans = scansOf(plan).map((scan) => scan.scanId);
  const origins: Record<string, string> = {};
  const computed = plan.columns.filter((column) => {
    const origin = originOf(plan, column.id);
    if (!origin) return true;
    origins[column.name] = `${scans.indexOf(origin.scanId)}.${origin.tag}.${origin.physical}`;
    return false;
  });
  return { structure: definitionDigest(withColumns(plan, computed)), origins };
}

/**
 * Whether a query means the same as before but for stored columns that it passes on and did not, or does not any more:
 * those that came are last, and NULL in all rows of before. Source: "Modify dynamic tables", SELECT * for automatic schema
 * evolution
 */
export function differsInPassedColumns(before: QueryShape, plan: Plan, catalog: Catalog): boolean {
  const now = shapeOf(plan);
  if (now.structure !== before.structure) return false;
  let last = true;
  for (const { name, id } of [...plan.columns].reverse()) {
    const origin = now.origins[name];
    if (origin === undefined || before.origins[name] !== undefined) {
      if (origin !== undefined && origin !== before.origins[name]) return false;
      last = false;
    } else if (!last || hasDefault(originOf(plan, id)!, catalog)) return false;
  }
  return true;
}

interface Origin {
  readonly scanId: number;
  readonly tag: number;
  readonly physical: string;
}

/** Rows that were there when a column with a default came have that. */
function hasDefault({ tag, physical }: Origin, catalog: Catalog): boolean {
  const object = catalog.object(tag);
  if (object?.kind !== "TABLE") return false;
  return object.columns.find((column) => column.physical === physical)?.defaultText !== undefined;
}

/** The stored column that a column passes on, through what neither computes nor unites rows. */
function originOf(plan: Plan, id: string): Origin | undefined {
  switch (plan.kind) {
    case "scan": {
      const place = plan.columns.findIndex((column) => column.id === id);
      const tag = plan.relation.tag as number;
      return place < 0 ? undefined : { scanId: plan.scanId, tag, physical: plan.physical[place]! };
    }
    case "project": {
      const expression = plan.expressions[plan.columns.findIndex((column) => column.id === id)];
      return expression?.kind === "column" ? originOf(plan.input, expression.id) : undefined;
    }
    case "filter":
    case "sort":
      return originOf(plan.input, id);
    case "join": {
      const side = [plan.left, plan.right].find((one) => one.columns.some((column) => column.id === id));
      return side && originOf(side, id);
    }
    default:
      return undefined;
  }
}

/** The plan yielding some of its columns alone, as far down as columns are merely passed on. */
function withColumns(plan: Plan, columns: readonly PlanColumn[]): Plan {
  const needed = new Set(columns.map((column) => column.id));
  const kept = plan.columns.map((column) => needed.has(column.id));
  const below = (input: Plan): Plan => {
    const used = new Set(needed);
    for (const expression of expressionsOf(narrowed)) {
      walkExpression(expression, (one) => {
        if (one.kind === "column") used.add(one.id);
      });
    }
    return withColumns(
      input,
      input.columns.filter((column) => used.has(column.id)),
    );
  };
  let narrowed: Plan = plan;
  switch (plan.kind) {
    case "scan":
      return { ...plan, columns, physical: plan.physical.filter((_, at) => kept[at]) };
    case "project":
      narrowed = { ...plan, columns, expressions: plan.expressions.filter((_, at) => kept[at]) };
      return { ...narrowed, input: below(plan.input) };
    case "filter":
    case "sort":
      return { ...plan, columns, input: below(plan.input) };
    case "join":
      return { ...plan, columns, left: below(plan.left), right: below(plan.right) };
    default:
      return plan;
  }
}

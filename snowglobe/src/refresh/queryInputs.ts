import type { CatalogObject, DynamicTable, QueryInput } from "../catalog/objects";
import { compilationError } from "../errors";
import { parseQuery } from "../sql";
import { bindQuery, scansOf, type BindEnvironment } from "../translate";
import { bindCustom } from "./dynamicTableContent";
import type { StatementContext } from "../execution/context";
import { NO_BINDS } from "../execution/ownerContext";
import { queryEnvironment } from "../execution/queryEnvironment";

/** Something that a query names. */
export interface DirectInput {
  readonly object: CatalogObject;
  /** Of how many parts its name is written, the fewest of all places: 1 without schema, 3 with database and schema. */
  readonly parts: number;
  /** It is named within DYNAMIC_TABLE_REFRESH_BOUNDARY(...). */
  readonly boundary?: true;
}

/** What a dynamic table's query names itself: views count as such and are not looked through. */
export interface QueryInputs {
  /** In the order in which the query names them first. */
  readonly direct: readonly DirectInput[];
  /** Dynamic tables that are read through a view only. */
  readonly behindViews: readonly DynamicTable[];
}

/**
 * Finds what a query reads.
 *
 * @param context of the table's owner or maker, with names resolved from the table's schema
 */
export function queryInputs(
  table: Pick<DynamicTable, "queryText"> | DynamicTable,
  context: StatementContext,
): QueryInputs {
  const { queryText } = table;
  const inside: StatementContext = { ...context, text: queryText, binds: NO_BINDS };
  const parts = new Map<number, number>();
  const wrapped = new Set<number>();
  const observed = (environment: BindEnvironment): BindEnvironment => ({
    ...environment,
    resolveRelation: (name, source) => {
      const relation = environment.resolveRelation(name);
      if (relation.kind === "stored" && relation.self) return relation;
      const id =
        relation.kind === "stored" ? (relation.tag as number) : relation.kind === "view" ? relation.id : undefined;
      if (id !== undefined) parts.set(id, Math.min(name.length, parts.get(id) ?? name.length));
      if (id !== undefined && source?.boundary) wrapped.add(id);
      return relation;
    },
  });
  const { plan } =
    "refreshUsing" in table && table.refreshUsing
      ? bindCustom(table, inside, context.startedOn, observed)
      : bindQuery(parseQuery(queryText), queryText, observed(queryEnvironment(inside, { uninitialized: true })));
  const { catalog } = context.instance;
  const scanned = new Set(
    scansOf(plan).flatMap(({ relation }) =>
      "boundary" in relation || "self" in relation ? [] : [relation.tag as number],
    ),
  );
  return {
    direct: [...parts].map(([id, count]) => ({
      object: catalog.object(id)!,
      parts: count,
      ...(wrapped.has(id) && { boundary: true as const }),
    })),
    behindViews: [...scanned]
      .filter((id) => !parts.has(id))
      .map((id) => catalog.object(id))
      .filter((object) => object?.kind === "DYNAMIC TABLE"),
  };
}

/** As DYNAMIC_TABLE_GRAPH_HISTORY lists them. @param nameOf the full name of an input */
export function listed(inputs: QueryInputs, nameOf: (input: DirectInput) => string): QueryInput[] {
  return inputs.direct.map((input) => ({
    kind: input.object.kind.replaceAll(" ", "_") as QueryInput["kind"],
    name: nameOf(input),
    ...(input.boundary && { insideRefreshBoundary: true as const }),
  }));
}

/**
 * A pipeline is refreshed at one data timestamp, which cannot be had through a view. Source: "Data consistency and
 * pipeline boundaries".
 *
 * @throws SnowflakeError for a query that reads a dynamic table through a view
 */
export function requireNotBehindViews(inputs: QueryInputs, name: string): void {
  const [hidden] = inputs.behindViews;
  if (!hidden) return;
  throw compilationError(
    `Dynamic table '${name}' cannot read dynamic table '${hidden.name}' through a view: read it directly, or wrap the view in DYNAMIC_TABLE_REFRESH_BOUNDARY().`,
    "002717",
    "42601",
  );
}

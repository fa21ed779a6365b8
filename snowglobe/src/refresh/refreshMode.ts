import type { RefreshMode } from "../catalog/objects";
import { compilationError } from "../errors";
import { traitsOf, usedColumns, walkPlan, type BoundQuery } from "../translate";

/** A dynamic table that a query reads directly. */
export interface UpstreamTable {
  readonly refreshMode: RefreshMode;
  /** Its rows are known by a unique key, or some of them are frozen: changes between two full refreshes can be told. */
  readonly changesKnown: boolean;
}

export interface ResolvedMode {
  readonly mode: RefreshMode;
  /** As SHOW DYNAMIC TABLES prints it; null for modes that follow changes. */
  readonly reason: string | null;
}

/** Whether refreshes in a mode write what changed, rather than the whole result. */
export function followsChanges(mode: RefreshMode): boolean {
  return mode === "INCREMENTAL" || mode === "ADAPTIVE";
}

/**
 * Which mode a dynamic table gets, once and for all when it is made. AUTO has meant ADAPTIVE or FULL since 20 November
 * 2026. Sources: "Dynamic table refresh modes", "Supported queries for dynamic tables", "Optimize input data for
 * incremental refresh"
 *
 * @param upstream the dynamic tables that the query reads, but for those behind a refresh boundary
 * @throws SnowflakeError for a query that no dynamic table can have, or INCREMENTAL or ADAPTIVE for one that cannot be so
 */
export function resolveRefreshMode(
  asked: "AUTO" | RefreshMode,
  query: BoundQuery,
  name: string,
  upstream: readonly UpstreamTable[],
): ResolvedMode {
  requirePossible(query, name);
  if (asked === "FULL") return { mode: "FULL", reason: "USER_SPECIFIED_FULL_REFRESH" };
  const reason = reasonForFull(query);
  const belowFull = upstream.filter((one) => one.refreshMode === "FULL");
  if (asked === "AUTO") {
    if (reason !== undefined) return { mode: "FULL", reason };
    return belowFull.length > 0
      ? { mode: "FULL", reason: "UPSTREAM_USES_FULL_REFRESH" }
      : { mode: "ADAPTIVE", reason: null };
  }
  if (reason !== undefined) {
    throw compilationError(
      `Dynamic Table '${name}' is defined with REFRESH_MODE = ${asked}, but the query is not supported for incremental refresh. ${reason}`,
      "002711",
      "0A000",
    );
  }
  if (belowFull.some((one) => !one.changesKnown)) throw upstreamWithoutKey();
  return { mode: asked, reason: null };
}

/** Source: "Optimize input data for incremental refresh". */
function upstreamWithoutKey(): Error {
  return compilationError(
    "Incremental refresh mode is not supported because the upstream dynamic table does not have a unique key for change tracking.",
    "002711",
    "0A000",
  );
}

/** Why a query cannot be refreshed incrementally: the first reason, which is the one that users see. */
export function reasonForFull({ properties, plan }: BoundQuery): string | undefined {
  if (properties.volatileFunctions.length > 0) {
    return `Query contains a non-deterministic function that change tracking does not support: ${properties.volatileFunctions[0]}`;
  }
  const [reason] = [
    ...properties.fullRefreshReasons,
    ...properties.sessionFunctions.map((one) => `Unsupported function: ${one}`),
  ];
  if (reason !== undefined) return reason;
  return usesFlattenSequence(plan) ? "Unsupported column of FLATTEN: SEQ" : undefined;
}

/** The number that SEQ has may be another at each refresh. */
function usesFlattenSequence(plan: BoundQuery["plan"]): boolean {
  const sequences: string[] = [];
  walkPlan(plan, {
    node: (node) => {
      if (node.kind === "tableFunction" && node.sequence !== undefined) sequences.push(node.columns[0]!.id);
    },
  });
  if (sequences.length === 0) return false;
  const used = usedColumns(plan);
  return sequences.some((id) => used.has(id));
}

function requirePossible({ properties }: BoundQuery, name: string): void {
  // A full refresh knows the same database, role or warehouse as everybody else.
  const own = properties.sessionFunctions.find((one) => !traitsOf(one).shared);
  if (own !== undefined) {
    throw compilationError(
      `Unsupported context function '${own}' used in dynamic table definition.`,
      "002711",
      "0A000",
    );
  }
  const impossible = properties.readsStream ? "a dynamic table cannot read a stream" : properties.unsupportedReasons[0];
  if (impossible !== undefined) {
    throw compilationError(`Dynamic Table '${name}' cannot be created: ${impossible}`, "002717", "42601");
  }
}

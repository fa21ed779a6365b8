import type { RefreshMode } from "../catalog/objects";
import { compilationError } from "../errors";
import type { QueryProperties } from "../translate";

/**
 * Which mode a dynamic table gets, once and for all when it is made. Source: "Dynamic table refresh modes", "Supported
 * queries for dynamic tables".
 *
 * @throws SnowflakeError for a query that no dynamic table can have, or INCREMENTAL for one that cannot be incremental
 */
export function resolveRefreshMode(
  asked: "AUTO" | RefreshMode,
  query: QueryProperties,
  name: string,
): { readonly mode: RefreshMode; readonly reason: string | null } {
  const [impossible] = query.unsupportedReasons;
  if (impossible) throw notPossible(name, impossible);
  if (query.readsStream) throw notPossible(name, "a dynamic table cannot read a stream");
  const reason = [
    ...query.fullRefreshReasons,
    ...query.sessionFunctions.map((one) => `Unsupported function: ${one}`),
    ...query.volatileFunctions.map((one) => `Unsupported function: ${one}`),
  ][0];
  if (asked === "FULL") return { mode: "FULL", reason: "User explicitly requested FULL refresh mode" };
  if (reason === undefined) return { mode: "INCREMENTAL", reason: null };
  if (asked === "INCREMENTAL") {
    throw compilationError(
      `Dynamic Tables cannot be created with REFRESH_MODE = INCREMENTAL for '${name}'. ${reason}`,
      "002716",
      "42601",
    );
  }
  return { mode: "FULL", reason };
}

function notPossible(name: string, reason: string): Error {
  return compilationError(`Dynamic Table '${name}' cannot be created: ${reason}`, "002717", "42601");
}

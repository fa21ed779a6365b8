/** Copies of the base tables and the view as they are, to compare with what is refreshed while the tables change. */
import { BASES, baseTable, quoted, VIEW } from "./objects";
import type { World } from "./world";

/** Turns a query into one over the tables' copies. */
export type Rewrite = (query: string) => string;

/** The present, as it is when a query is asked. */
export const PRESENT: Rewrite = (query) => query;

const pastOf = (name: string): string => `${name} past`;

/** Copies what base tables and the view hold now. */
export async function keepPast(world: World): Promise<Rewrite> {
  const kept = new Map<string, string>();
  for (const [index, { name }] of BASES.entries()) {
    if (baseTable(world.account, index)?.name !== name) continue;
    await world.run(`create or replace transient table ${quoted(pastOf(name))} as select * from ${quoted(name)}`);
    kept.set(quoted(name), quoted(pastOf(name)));
  }
  return (query) =>
    [...kept].reduce(
      (text, [name, past]) => text.replaceAll(`from ${name}`, `from ${past}`),
      withoutView(world)(query),
    );
}

/** A query over the base tables alone: the view's own query stands where the view stood. */
export function withoutView(world: World): Rewrite {
  const view = world.account.instance.catalog.list("VIEW").find((one) => one.name === VIEW);
  return (query) =>
    view ? query.replaceAll(new RegExp(`from ${VIEW}\\b`, "g"), () => `from (${view.queryText})`) : query;
}

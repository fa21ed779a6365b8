/** All that a user can see of a simulated account, as one bag of texts: the same before and after a restart or a kill. */
import { addTo, type Bag } from "./bag";
import { BASES, baseTable, dynamicTables, quoted, RUNS, sinkOf, STREAMS } from "./objects";
import type { World } from "./world";

export async function fingerprint(world: World): Promise<Bag> {
  const bag = new Map<string, number>();
  const { catalog, refreshHistory, taskHistory } = world.account.instance;
  const rowsOf = async (relation: string): Promise<void> => {
    for (const row of await world.rows(`select * from ${relation}`))
      addTo(bag, `${relation}: ${JSON.stringify(row)}`, 1);
  };
  for (const index of BASES.keys()) {
    const table = baseTable(world.account, index);
    if (table) await rowsOf(quoted(table.name));
  }
  for (const table of dynamicTables(world.account)) if (table.content) await rowsOf(table.name);
  for (const stream of STREAMS) await rowsOf(sinkOf(stream));
  await rowsOf(RUNS);
  for (const stream of world.livingStreams()) {
    if (!(await world.streamIsReadable(stream))) continue;
    await rowsOf(stream);
  }
  for (const kind of ["TABLE", "VIEW", "DYNAMIC TABLE", "STREAM", "TASK"] as const) {
    for (const object of catalog.list(kind)) addTo(bag, JSON.stringify(object), 1);
  }
  for (const record of refreshHistory.all()) addTo(bag, JSON.stringify(record), 1);
  for (const run of taskHistory.all()) addTo(bag, JSON.stringify(run), 1);
  return bag;
}

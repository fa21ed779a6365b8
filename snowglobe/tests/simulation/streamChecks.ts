/** What a stream shows adds up to its source, and it is consumed exactly once or not at all. */
import { addTo, bagOf, difference, type Bag } from "./bag";
import { rowText, sinkOf, type StreamName } from "./objects";
import { consumption } from "./setup";
import type { World } from "./world";

/** Consumes a stream into its table, or tries and rolls back. */
export async function consume(
  world: World,
  stream: StreamName,
  how: "once" | "transaction" | "rollback",
): Promise<void> {
  if (!(await world.streamIsReadable(stream))) return;
  const before = await shown(world, stream);
  const sink = await world.bag(`select * from ${sinkOf(stream)}`);
  world.coverage.count(`consumed: ${how}${before.size > 0 ? "" : ", nothing"}`);
  const insert = consumption(world, stream);
  if (how === "once") await world.run(insert);
  else {
    await world.runBeside("begin", insert);
    const again = bagOf(await world.account.rowsBeside(`select * from ${stream}`));
    expectEqual(world, before, again, `${stream} shows other rows after it was read in its transaction`);
    await world.runBeside(how === "rollback" ? "rollback" : "commit");
  }
  const after = await shown(world, stream);
  if (how !== "rollback") {
    if (after.size > 0) world.fail(`${stream} shows rows that were consumed:\n${[...after.keys()].join("\n")}`);
    return;
  }
  expectEqual(world, before, after, `${stream} changed by a consumption that was rolled back`);
  const now = await world.bag(`select * from ${sinkOf(stream)}`);
  expectEqual(world, sink, now, `${sinkOf(stream)} changed by a consumption that was rolled back`);
}

/** Consumes a stream in a transaction that stays open. @returns whether it could be read */
export async function consumeInTransaction(world: World, stream: StreamName): Promise<boolean> {
  if (!(await world.streamIsReadable(stream))) return false;
  world.coverage.count("consumed: in a transaction that was cut off");
  await world.runBeside("begin", consumption(world, stream));
  return true;
}

/** For each stream: rows at its start + what was consumed + what it shows = rows of its source. */
export async function checkStreams(world: World): Promise<void> {
  for (const stream of world.livingStreams()) {
    if (!(await world.streamIsReadable(stream))) continue;
    await shown(world, stream);
    const { source, columns, rows } = world.streams.get(stream)!;
    const sum = new Map(rows);
    const text = rowText(columns);
    const consumed = await world.rows(`select action, data from ${sinkOf(stream)}`);
    const pending = await world.rows(`select metadata$action, ${text} from ${stream}`);
    for (const [action, data] of [...consumed, ...pending]) {
      addTo(sum, JSON.stringify([data]), action === "INSERT" ? 1 : -1);
    }
    world.coverage.count(`stream sums: ${stream}${consumed.length > 0 ? ", consumed" : ""}`);
    const wrong = difference(await world.bag(`select ${text} from ${source}`), sum);
    if (wrong.length > 0) world.fail(`the sum of what ${stream} showed differs from ${source} by\n${wrong.join("\n")}`);
  }
}

/** A stream's rows; those of an update are pairs of one row. */
async function shown(world: World, stream: StreamName): Promise<Bag> {
  const rows = await world.rows(`select metadata$row_id, metadata$action, metadata$isupdate, * from ${stream}`);
  const updates = new Map<string, number>();
  for (const [id, action, isUpdate] of rows) {
    if (isUpdate === "1" || isUpdate === "true") addTo(updates, id!, action === "INSERT" ? 1 : -1);
  }
  if (updates.size > 0) world.fail(`${stream} shows halves of updates: ${[...updates.keys()].join(", ")}`);
  return bagOf(rows.map((row) => row.slice(3)));
}

function expectEqual(world: World, before: Bag, after: Bag, what: string): void {
  const changed = difference(before, after);
  if (changed.length > 0) world.fail(`${what}:\n${changed.join("\n")}`);
}

/** The queries of TPC-H, and a warehouse like TPC-DI's: incremental is full after each cycle. More: `proof tpc`. */
import { play, tpch, warehouse, type Played } from "./play";

test("the 22 queries of TPC-H, as AUTO makes them and as INCREMENTAL", async () => {
  const played: Played[] = [];
  const modes = await play(tpch(0.001), 7, (one) => played.push(one));
  expect(modes).toMatchObject({ ADAPTIVE: 12, INCREMENTAL: 12, FULL: 10 });
  expect(played.filter((one) => one.killed)).toHaveLength(1);
}, 600_000);

test("40 dynamic tables in layers over 17 tables", async () => {
  const played: Played[] = [];
  const modes = await play(warehouse(0.2), 5, (one) => played.push(one));
  expect(Object.values(modes).reduce((sum, count) => sum + count, 0)).toBe(40);
  // What reads nothing that has changed does nothing.
  expect(played.every((one) => (one.actions["NO_DATA"] ?? 0) > 0)).toBe(true);
}, 600_000);

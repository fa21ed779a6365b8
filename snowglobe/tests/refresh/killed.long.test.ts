import { snowglobeProcesses } from "../processes";

const ROUNDS = Number(process.env.REFRESH_KILL_ROUNDS ?? 3);
const snowglobes = snowglobeProcesses("virtual");

test("after kill -9 in the midst of refreshes all tables are whole, and schedules go on", async () => {
  let running = await snowglobes.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "create table base (id int, g int)",
    "create dynamic table rows_of target_lag = downstream warehouse = wh as select id, g from base where g <> 3",
    "create dynamic table sums target_lag = '1 minute' warehouse = wh as select g, count(*) as n, sum(id) as s from rows_of group by g",
    "create dynamic table top target_lag = '1 minute' warehouse = wh as select g, n from sums order by n desc, g limit 3",
  );
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let alive = true;
    const writer = client;
    const writing = (async () => {
      while (alive) {
        await writer.run(
          `insert into base select seq4(), seq4() % 7 from table(generator(rowcount => 2000))`,
          `update base set g = (g + 1) % 7 where id % 5 = ${round}`,
        );
        acknowledged += 2_000;
      }
    })().catch(() => undefined);
    const server = running;
    const refreshing = (async () => {
      while (alive) await server.advance(48);
    })().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500 + round * 150));
    await server.kill();
    alive = false;
    await Promise.all([writing, refreshing]);

    running = await snowglobes.start();
    client = await running.connect();
    // A statement that was not answered may have been kept, as a whole.
    const kept = await client.count("select count(*) from base");
    expect([acknowledged, acknowledged + 2_000]).toContain(kept);
    acknowledged = kept;

    const cycles = new Map<string, Set<string>>();
    for (const [at, name, state] of await client.rows(
      "select data_timestamp, name, state from table(information_schema.dynamic_table_refresh_history(result_limit => 10000))",
    )) {
      expect(state).toBe("SUCCEEDED");
      cycles.set(at!, (cycles.get(at!) ?? new Set()).add(name!));
    }
    // Only the cycles that were cut short may lack tables, and they lack them from downstream.
    const cut = [...cycles.values()].filter((names) => names.size < 3);
    expect(cut.length).toBeLessThanOrEqual(round + 1);
    for (const names of cut) expect(["ROWS_OF", "ROWS_OF,SUMS"]).toContain([...names].sort().join());

    await running.advance(60);
    expect(await client.rows("select g, n, s from sums order by g")).toEqual(
      await client.rows("select g, count(*) as n, sum(id) as s from base where g <> 3 group by g order by g"),
    );
    expect(await client.count("select count(*) from rows_of")).toBe(
      await client.count("select count(*) from base where g <> 3"),
    );
    expect(await client.rows("select * from top order by n desc, g")).toEqual(
      await client.rows("select g, count(*) as n from base where g <> 3 group by g order by n desc, g limit 3"),
    );
  }
}, 120_000);

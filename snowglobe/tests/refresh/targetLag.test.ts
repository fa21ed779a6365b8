import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table base (id int, v varchar)", "insert into base values (1, 'a')");
});
afterEach(() => snowglobe.stop());

const create = (name: string, lag: string, query: string, more = ""): string =>
  `create dynamic table ${name} target_lag = ${lag} warehouse = wh ${more} as ${query}`;

test("a lag is at least 60 seconds, a number with a unit or DOWNSTREAM", async () => {
  for (const lag of ["'59 seconds'", "'0 minutes'", "'soon'", "'1 fortnight'"]) {
    const { code } = await client.failure(create("dt", lag, "select * from base"));
    expect(code).toBe("001008");
  }
  await client.run(create("dt", "'60 seconds'", "select * from base"));
  expect((await client.rows("show dynamic tables"))[0]).toMatchObject({ target_lag: "60 seconds" });
  const { code } = await client.failure("alter dynamic table dt set target_lag = '10 seconds'");
  expect(code).toBe("001008");
});

test("a lag may not be shorter than that of what the table reads", async () => {
  await client.run(create("up", "'5 minutes'", "select * from base"));
  const { message } = await client.failure(create("down", "'1 minute'", "select * from up"));
  expect(message).toMatch(/'DOWN' \(1 minute\) is shorter than .*'UP' \(5 minutes\)/);
  await client.run(
    create("down", "'10 minutes'", "select * from up"),
    create("free", "downstream", "select * from base"),
    create("last", "'1 minute'", "select * from free"),
  );
  expect((await client.failure("alter dynamic table down set target_lag = '2 minutes'")).message).toMatch(/shorter/);
  expect((await client.failure("alter dynamic table up set target_lag = '1 hour'")).message).toMatch(/shorter/);
});

test("tables that only have DOWNSTREAM are never refreshed by themselves", async () => {
  await client.run(
    create("one", "downstream", "select * from base"),
    create("two", "DOWNSTREAM", "select * from one"),
    "insert into base values (2, 'b')",
  );
  await snowglobe.advance(86_400);
  expect((await history(client)).map((row) => row.REFRESH_TRIGGER)).not.toContain("SCHEDULED");
  expect(await client.value("select count(*) from two")).toBe(1);
});

test("dbt's ALTER of the lag moves the schedule and does not refresh", async () => {
  await client.run(create("dt", "'1 minute'", "select * from base"), "insert into base values (2, 'b')");
  await client.run(`alter dynamic table "D"."PUBLIC"."DT" set\n        target_lag = '10 minutes'\n`);
  expect(await client.value("select count(*) from dt")).toBe(1);
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from dt")).toBe(1);
  await snowglobe.advance(600);
  expect(await client.value("select count(*) from dt")).toBe(2);
  expect(await lastRefresh(client, "DT")).toMatchObject({ REFRESH_TRIGGER: "SCHEDULED" });
  expect((await history(client, "DT")).map((row) => row.REFRESH_ACTION)).not.toContain("REINITIALIZE");
});

test("ON_SCHEDULE is empty until its first refresh, and says so", async () => {
  await client.run(create("dt", "'1 minute'", "select * from base", "initialize = on_schedule"));
  const { message } = await client.failure("select * from dt");
  expect(message).toBe(
    "SQL compilation error:\nDynamic Table is not initialized. Please run a manual refresh or wait for a scheduled refresh before querying.",
  );
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from dt")).toBe(1);
  expect(await history(client, "DT")).toMatchObject([{ REFRESH_TRIGGER: "SCHEDULED", REFRESH_ACTION: "INCREMENTAL" }]);
});

test("ON_CREATE initialises what it reads first", async () => {
  await client.run(
    create("up", "downstream", "select * from base", "initialize = on_schedule"),
    create("down", "'1 minute'", "select * from up"),
  );
  expect(await client.value("select count(*) from down")).toBe(1);
  expect(await client.value("select count(*) from up")).toBe(1);
  expect((await history(client)).map((row) => row.REFRESH_TRIGGER)).toEqual(["CREATION", "CREATION"]);
});

test("a failing first refresh leaves nothing, OR REPLACE the old table", async () => {
  await client.run("insert into base values (2, 'x')");
  const bad = "select id, v::int as n from base";
  expect((await client.failure(create("dt", "'1 minute'", bad))).code).toBe("100038");
  expect(await client.rows("show dynamic tables")).toEqual([]);
  await client.run(create("dt", "'1 minute'", "select id from base"));
  const replace = create("dt", "'1 minute'", bad).replace("create", "create or replace");
  expect((await client.failure(replace)).code).toBe("100038");
  expect(await client.column("select id from dt order by 1")).toEqual([1, 2]);
  await client.run(create("dt", "'1 minute'", "select v from base").replace("create", "create or replace"));
  expect(await client.column("select * from dt order by 1")).toEqual(["a", "x"]);
});

test("a refresh by hand brings what it reads to the same data timestamp", async () => {
  await client.run(
    create("up", "downstream", "select id from base"),
    create("down", "downstream", "select count(*) as n from up"),
    "insert into base values (2, 'b')",
    "alter dynamic table down refresh",
  );
  expect(await client.value("select n from down")).toBe(2);
  const manual = (await history(client)).filter((row) => row.REFRESH_TRIGGER === "MANUAL");
  expect(manual.map((row) => row.NAME).sort()).toEqual(["DOWN", "UP"]);
  expect(new Set(manual.map((row) => row.AT)).size).toBe(1);
});

test("both arms of a diamond see one state", async () => {
  await client.run(
    create("l", "downstream", "select id from base"),
    create("r", "downstream", "select id from base where id > 0"),
    create("j", "'1 minute'", "select l.id as a, r.id as b from l full outer join r on l.id = r.id"),
  );
  for (let round = 0; round < 4; round++) {
    await client.run(`insert into base select seq4() + ${10 + round * 10}, 'x' from table(generator(rowcount => 5))`);
    await snowglobe.advance(48);
    expect(await client.value("select count(*) from j where a is null or b is null")).toBe(0);
    expect(await client.value("select count(*) from j")).toBe(6 + round * 5);
  }
  const cycles = new Map<number, string[]>();
  for (const row of await history(client)) {
    if (row.REFRESH_TRIGGER === "SCHEDULED") cycles.set(row.AT, [...(cycles.get(row.AT) ?? []), row.NAME]);
  }
  for (const names of cycles.values()) expect(names.sort()).toEqual(["J", "L", "R"]);
});

test("rows committed after the data timestamp wait for the next cycle", async () => {
  const twoSchedules = [
    create("fast", "'1 minute'", "select count(*) as n from base"),
    create("slow", "'1 hour'", "select count(*) as n from base"),
  ];
  await client.run(...twoSchedules, "insert into base values (2, 'b')");
  await snowglobe.advance(96);
  expect(await client.value("select n from fast")).toBe(2);
  expect(await client.value("select n from slow")).toBe(1);
  await snowglobe.advance(3600);
  expect(await client.value("select n from slow")).toBe(2);
});

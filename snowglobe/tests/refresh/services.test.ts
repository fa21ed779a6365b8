import { forgetSuperseded, type RunSql } from "../../src/catalog/change";
import { VirtualClock, type CancelAlarm, type Clock } from "../../src/clock";
import { Refresher } from "../../src/services/refresher";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, prepare } from "./pipeline";

const DAY = 86_400;
let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table base (id int)", "insert into base values (1)");
});
afterEach(() => snowglobe.stop());

/** Rings without waiting for what it starts, as the real clock does. */
class ImpatientClock implements Clock {
  private readonly due: { at: number; ring: () => Promise<void> }[] = [];
  readonly ringing: Promise<void>[] = [];

  constructor(private readonly clock: VirtualClock) {}

  now(): number {
    return this.clock.now();
  }

  alarm(at: number, ring: () => Promise<void>): CancelAlarm {
    const alarm = { at, ring };
    this.due.push(alarm);
    return () => {
      const index = this.due.indexOf(alarm);
      if (index >= 0) this.due.splice(index, 1);
    };
  }

  wait(): Promise<void> {
    throw new Error("nothing here waits");
  }

  async advance(by: number): Promise<void> {
    await this.clock.advance(by);
    for (const alarm of this.due.splice(0)) {
      if (alarm.at <= this.now()) this.ringing.push(alarm.ring());
      else this.due.push(alarm);
    }
  }
}

test("a cycle that comes due while the one before runs is skipped", async () => {
  await client.run("create dynamic table dt target_lag = '1 minute' warehouse = wh as select id from base");
  const { instance } = snowglobe.engine;
  const clock = new ImpatientClock(new VirtualClock(snowglobe.clock.now()));
  const refresher = new Refresher(
    Object.create(instance, { clock: { value: clock }, onCatalogChange: { value: () => undefined } }),
    (error) => snowglobe.serviceErrors.push(error),
  );
  refresher.start();
  // Something holds the queue of refreshes, as a long one would.
  let release!: () => void;
  const held = instance.refreshes.run(() => new Promise<void>((resolve) => (release = resolve)));
  await clock.advance(48e6);
  await clock.advance(48e6);
  await clock.advance(48e6);
  await Promise.all(clock.ringing.slice(1));
  release();
  await held;
  await Promise.all(clock.ringing);
  refresher.stop();
  const [, ...states] = instance.refreshHistory.all().map((one) => one.state);
  expect(states.sort()).toEqual(["SKIPPED", "SKIPPED", "SUCCEEDED"]);
});

test("history keeps seven days, and the catalog's log only what counts", async () => {
  await client.run("create dynamic table dt target_lag = '1 minute' warehouse = wh as select id from base");
  await snowglobe.advance(960);
  const { storage, refreshHistory, clock } = snowglobe.engine.instance;
  const stored = async (table: string): Promise<number> =>
    Number((await storage.query(`SELECT count(*) AS n FROM catalog.${table}`))[0]!.n);
  const objects = Number((await storage.query("SELECT count(DISTINCT id) AS n FROM catalog.object_log"))[0]!.n);
  expect(await stored("object_log")).toBeGreaterThan(objects);
  const forget = (now: number): Promise<unknown> =>
    storage.write(undefined, {}, async (writer) => {
      const run: RunSql = (sql) => writer.run(sql);
      await refreshHistory.forgetOld(now, run);
      await forgetSuperseded(run);
    });
  await forget(clock.now() + (7 * DAY - 480) * 1e6);
  const kept = refreshHistory.all().length;
  expect(kept).toBe(11);
  expect(await stored("refresh_history")).toBe(kept);
  expect(await stored("object_log")).toBe(objects);
  await snowglobe.restart();
  client = await snowglobe.connect();
  await client.run("use schema d.public", "use warehouse wh");
  expect(await client.value("select count(*) from dt")).toBe(1);
  expect(await history(client)).toHaveLength(kept);
});

test("rows that an idle dynamic table has not read yet outlive their time travel", async () => {
  await client.run(
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id from base",
    "alter dynamic table dt suspend",
    "insert into base values (2), (3)",
    "delete from base where id < 3",
  );
  await snowglobe.advance(3 * DAY);
  await client.run("alter dynamic table dt refresh");
  expect(await client.column("select id from dt")).toEqual([3]);
});

test("a dynamic table that was dropped and comes back goes on", async () => {
  await client.run(
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id from base",
    "drop dynamic table dt",
    "insert into base values (2)",
  );
  await snowglobe.advance(60);
  await client.run("undrop dynamic table dt");
  expect(await client.column("select id from dt")).toEqual([1]);
  await snowglobe.advance(60);
  expect(await client.column("select id from dt order by 1")).toEqual([1, 2]);
});

import fc from "fast-check";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { prepare } from "./stream";

/** Random histories; more by environment. */
const RUNS = Number(process.env.STREAM_RUNS ?? 5);

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

/** Rows as text, and how often each is there. */
type Bag = Map<string, number>;

const VIEW_QUERY = `select t.n, u.name from t join u on t.g = u.g where t.v < 70
                    union all select n, 'small' from t where v < 20`;

/** What streams are on: each is followed by adding up what its stream shows. */
const SOURCES = { s: "t", w: "w_view", d: "dt" } as const;

/** INSERTs give every row a number of its own, so that an append-only stream can be foretold. */
type Change =
  | { readonly kind: "insert"; readonly count: number; readonly g: number }
  | { readonly kind: "sql"; readonly text: string };
type Step =
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "transaction"; readonly changes: readonly Change[]; readonly commit: boolean }
  | { readonly kind: "advance"; readonly seconds: number }
  | { readonly kind: "consume"; readonly stream: keyof typeof SOURCES | "a"; readonly explicit: boolean }
  | { readonly kind: "rollBack"; readonly stream: keyof typeof SOURCES | "a" };

const small = fc.integer({ min: 0, max: 8 });
const insertion: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant("insert" as const),
  count: fc.integer({ min: 1, max: 12 }),
  g: small,
});
const sql = (text: fc.Arbitrary<string>): fc.Arbitrary<Change> => text.map((one) => ({ kind: "sql", text: one }));
const updating = sql(
  fc.oneof(
    small.map((n) => `update t set v = (v * 7 + ${n}) % 100 where n % 4 = ${n % 4}`),
    small.map((n) => `update t set g = ${n} where v % 5 = ${n % 5}`),
  ),
);
const removing = sql(
  fc.oneof(
    small.map((n) => `delete from t where n % 6 = ${n % 6}`),
    small.map((n) => `insert into u select ${n}, 'name ' || ${n}`),
    small.map((n) => `delete from u where g = ${n}`),
    small.map((n) => `update u set name = name || '!' where g = ${n}`),
    small.map(
      (n) =>
        `merge into t using (select ${n} as k) s on t.n % 9 = s.k when matched and v > 50 then delete when matched then update set v = v + 1`,
    ),
    fc.constant("truncate table t"),
  ),
);
const stream = fc.constantFrom("s", "w", "d", "a" as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      change: fc.oneof(insertion, insertion, updating, removing),
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("transaction" as const),
      // Nothing is deleted in here: rows that come and go within one commit were never there.
      changes: fc.array(fc.oneof(insertion, updating), { minLength: 1, maxLength: 3 }),
      commit: fc.boolean(),
    }),
    weight: 2,
  },
  // The longer one makes housekeeping come by.
  { arbitrary: fc.record({ kind: fc.constant("advance" as const), seconds: fc.constantFrom(48, 48, 660) }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("consume" as const), stream, explicit: fc.boolean() }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("rollBack" as const), stream }), weight: 1 },
);

async function content(source: string): Promise<Bag> {
  const bag: Bag = new Map();
  for (const row of await client.rows(`select * from ${source}`)) add(bag, Object.values(row).join("|"), 1);
  return bag;
}

function add(bag: Bag, row: string, count: number): void {
  const now = (bag.get(row) ?? 0) + count;
  if (now === 0) bag.delete(row);
  else bag.set(row, now);
}

/** What a stream shows: rows to add and to take away, and whether updates are pairs of one row. */
async function delta(of: string): Promise<[row: string, count: number][]> {
  const updates = new Map<unknown, number>();
  const rows = (await client.rows(`select * from ${of}`)).map((row): [string, number] => {
    const { METADATA$ACTION: action, METADATA$ISUPDATE: isUpdate, METADATA$ROW_ID: id, ...values } = row;
    const sign = action === "INSERT" ? 1 : -1;
    if (isUpdate === true) updates.set(id, (updates.get(id) ?? 0) + sign);
    return [Object.values(values).join("|"), sign];
  });
  expect([...updates.values()].filter((sum) => sum !== 0)).toEqual([]);
  return rows;
}

const sorted = (bag: Bag): [string, number][] => [...bag].sort(([a], [b]) => (a < b ? -1 : 1));

class History {
  private numbers = 0;
  private readonly mirrors = new Map<string, Bag>();
  /** Numbers of the rows that the append-only stream has to show. */
  private appended: number[] = [];

  async begin(): Promise<void> {
    await client.run(
      "create or replace table t (n int, g int, v int) data_retention_time_in_days = 0",
      "create or replace table u (g int, name varchar)",
      "insert into u values (1, 'one'), (2, 'two'), (2, 'zwei')",
      `create or replace view w_view as ${VIEW_QUERY}`,
      "create or replace dynamic table dt target_lag = '1 minute' warehouse = wh as select n, g * 10 as g, v from t where v > 10",
      "create or replace stream s on table t",
      "create or replace stream a on table t append_only = true",
      "create or replace stream w on view w_view",
      "create or replace stream d on dynamic table dt",
      "create or replace table sink (n int)",
    );
    for (const name of Object.keys(SOURCES)) this.mirrors.set(name, new Map());
  }

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case "change":
        this.appended.push(...(await this.change(one.change)));
        return;
      case "transaction": {
        await client.run("begin");
        const numbers: number[] = [];
        for (const change of one.changes) numbers.push(...(await this.change(change)));
        await client.run(one.commit ? "commit" : "rollback");
        if (one.commit) this.appended.push(...numbers);
        return;
      }
      case "advance":
        return snowglobe.advance(one.seconds);
      case "rollBack": {
        await client.run("begin", `insert into sink select 1 from ${one.stream}`, "rollback");
        return;
      }
      case "consume":
        return this.consume(one.stream, one.explicit);
    }
  }

  /** Adds up all streams to the present. */
  async check(): Promise<void> {
    for (const name of [...Object.keys(SOURCES), "a"]) await this.consume(name as "a", false);
  }

  private async change(change: Change): Promise<number[]> {
    if (change.kind === "sql") {
      await client.run(change.text);
      return [];
    }
    const numbers = Array.from({ length: change.count }, () => ++this.numbers);
    await client.run(`insert into t values ${numbers.map((n) => `(${n}, ${change.g}, ${(n * 37) % 100})`).join(", ")}`);
    return numbers;
  }

  private async consume(name: keyof typeof SOURCES | "a", explicit: boolean): Promise<void> {
    if (explicit) await client.run("begin");
    const shown = await delta(name);
    await client.run(`insert into sink select 1 from ${name}`);
    if (explicit) {
      expect((await delta(name)).sort()).toEqual(shown.sort());
      await client.run("commit");
    }
    expect(await client.value(`select count(*) from ${name}`)).toBe(0);
    if (name === "a") {
      expect(shown.map(([row]) => Number(row.split("|")[0])).sort((x, y) => x - y)).toEqual(this.appended);
      this.appended = [];
      return;
    }
    const mirror = this.mirrors.get(name)!;
    for (const [row, count] of shown) add(mirror, row, count);
    expect(sorted(mirror)).toEqual(sorted(await content(SOURCES[name])));
  }
}

test("what a stream shows over time adds up to its source", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 35 }), async (steps) => {
      const history = new History();
      await history.begin();
      for (const one of steps) await history.take(one);
      await history.check();
    }),
    { seed: 20_260_105, numRuns: RUNS, endOnFailure: true },
  );
});

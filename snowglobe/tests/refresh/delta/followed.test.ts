import { Account } from "./account";

let account: Account;

beforeAll(async () => {
  account = await Account.open();
});
afterAll(() => account.close());

let schemas = 0;
beforeEach(async () => {
  await account.run(
    `create schema s${++schemas}`,
    "create table t (id int, g varchar, x int, f float, note varchar)",
    "insert into t values (1, 'a', 1, 0.5, 'n'), (2, 'a', 2, 0.5, 'n'), (3, 'b', 3, 0.5, 'n'), (4, null, 4, 0.5, 'n'), (5, null, null, 0.5, 'n')",
    "create table d (g varchar, y int)",
    "insert into d values ('a', 1), ('b', 3)",
  );
});

async function create(query: string): Promise<void> {
  await account.run(
    `create dynamic table q target_lag = '1 day' warehouse = wh refresh_mode = incremental as ${query}`,
  );
}

/** Runs changes, refreshes and tells how. */
async function after(...changes: string[]) {
  await account.run(...changes);
  const { foundBy, action, statistics } = await account.refresh("q");
  return { foundBy, action, inserted: statistics?.numInsertedRows, deleted: statistics?.numDeletedRows };
}

const values = async (): Promise<string[]> => (await account.stored("q")).map((row) => row.values).sort();
const ids = async (): Promise<Map<string, string>> =>
  new Map((await account.stored("q")).map((row) => [row.values, row.id]));

describe("groups", () => {
  test("a group that changes is the next version of its row; others are not touched", async () => {
    await create("select g, count(*) as n, sum(x) as s, avg(x) as a, min(x) as low from t group by g");
    const before = await ids();
    expect(await after("insert into t values (6, 'a', 3, 0, 'n'), (7, 'c', 1, 0, 'n')")).toEqual({
      foundBy: "CHANGES",
      action: "INCREMENTAL",
      inserted: 2,
      deleted: 1,
    });
    expect(await values()).toEqual([
      "(NULL, 2, 4, 4.000000, 4)",
      "(a, 3, 6, 2.000000, 1)",
      "(b, 1, 3, 3.000000, 3)",
      "(c, 1, 1, 1.000000, 1)",
    ]);
    const now = await ids();
    expect(now.get("(a, 3, 6, 2.000000, 1)")).toBe(before.get("(a, 2, 3, 1.500000, 1)"));
    expect(now.get("(b, 1, 3, 3.000000, 3)")).toBe(before.get("(b, 1, 3, 3.000000, 3)"));
  });

  test("go with their last row, and lose their extreme", async () => {
    await create("select g, min(x) as low, max(x) as high, sum(x) as s from t group by g");
    await after("delete from t where x in (1, 3, 4)");
    expect(await values()).toEqual(["(NULL, NULL, NULL, NULL)", "(a, 2, 2, 2)"]);
    await after("delete from t", "insert into t values (8, 'z', 8, 0, 'n')");
    expect(await values()).toEqual(["(z, 8, 8, 8)"]);
  });

  test("without GROUP BY there is one row even of nothing", async () => {
    await create("select count(*) as n, sum(x) as s, min(x) as low, max(note) as high from t");
    expect(await values()).toEqual(["(5, 10, 1, n)"]);
    expect(await after("delete from t")).toMatchObject({ foundBy: "CHANGES", inserted: 1, deleted: 1 });
    expect(await values()).toEqual(["(0, NULL, NULL, NULL)"]);
    await after("insert into t values (1, 'a', 5, 0, 'm')");
    expect(await values()).toEqual(["(1, 5, 5, m)"]);
  });

  test("sums of floats do not drift", async () => {
    await create("select g, sum(f) as s from t group by g");
    await after("insert into t values (9, 'b', 0, 1e17, 'n')");
    expect(await after("delete from t where id = 9")).toMatchObject({ foundBy: "CHANGES" });
    expect(await values()).toEqual(["(NULL, 1.0)", "(a, 1.0)", "(b, 0.5)"]);
  });

  test("by a column of an outer join's other side are not mistaken for those without a match", async () => {
    await create("select d.y, sum(t.f) as s from t left join d on t.g = d.g group by d.y");
    expect(await values()).toEqual(["(1, 1.0)", "(3, 0.5)", "(NULL, 1.0)"]);
    expect(await after("insert into t values (6, 'a', 0, 2, 'n')")).toMatchObject({ foundBy: "CHANGES", inserted: 1 });
    expect(await values()).toEqual(["(1, 3.0)", "(3, 0.5)", "(NULL, 1.0)"]);
  });

  test("sums near the end of NUMBER are computed anew", async () => {
    await create("select sum(x) as s from t");
    const large = `8${"0".repeat(37)}`;
    expect(
      await after(
        `insert into t select seq4(), 'a', iff(seq4() % 2 = 0, ${large}, -${large}), 0, 'n' from table(generator(rowcount => 6))`,
      ),
    ).toMatchObject({ foundBy: "WHOLE RESULT" });
    expect(await values()).toEqual(["(10)"]);
    expect(await after("insert into t values (7, 'a', 1, 0, 'n')")).toMatchObject({ foundBy: "CHANGES" });
    expect(await values()).toEqual(["(11)"]);
  });

  test("that the result does not show the keys of are told apart all the same", async () => {
    await create("select count(*) as n from t group by g");
    await after("insert into t values (6, 'b', 3, 0, 'n')");
    expect(await values()).toEqual(["(2)", "(2)", "(2)"]);
    await after("update t set g = 'a' where id = 6");
    expect(await values()).toEqual(["(1)", "(2)", "(3)"]);
  });

  test("are there after a rollback of what changed them", async () => {
    await create("select g, count(*) as n from t group by g");
    await account.run("begin", "delete from t", "rollback");
    expect(await account.refresh("q")).toMatchObject({ action: "NO_DATA" });
    await after("insert into t values (6, 'b', 3, 0, 'n')");
    expect(await values()).toEqual(["(NULL, 2)", "(a, 2)", "(b, 2)"]);
  });
});

describe("rows", () => {
  test("a change in columns that the query does not use is none", async () => {
    await create("select t.id, d.y from t join d on t.g = d.g");
    expect(await after("update t set note = 'other'")).toMatchObject({ foundBy: "CHANGES", inserted: 0, deleted: 0 });
  });

  test("pairs that never were together are not computed", async () => {
    // Old x with new y, or new x with old y, would divide by zero.
    await create("select t.id, 6 / (t.x - d.y) as q from t join d on t.g = d.g where t.id = 2");
    expect(
      await after("begin", "update t set x = 5 where id = 2", "update d set y = 2 where g = 'a'", "commit"),
    ).toEqual({
      foundBy: "CHANGES",
      action: "INCREMENTAL",
      inserted: 1,
      deleted: 1,
    });
    expect(await values()).toEqual(["(2, 2.000000)"]);
  });

  test("with equal sort keys are numbered the same at each refresh", async () => {
    await create("select g, note, row_number() over (partition by g order by note) as r from t qualify r <= 1");
    await account.run(
      "insert into t select seq4() + 10, chr(97 + seq4() % 3), 0, 0, 'n' from table(generator(rowcount => 30))",
    );
    expect(await after()).toMatchObject({ foundBy: "CHANGES" });
    const before = await ids();
    for (const id of [12, 17, 20]) {
      expect(await after(`delete from t where id = ${id}`)).toMatchObject({ foundBy: "CHANGES" });
    }
    expect(await values()).toEqual(["(NULL, n, 1)", "(a, n, 1)", "(b, n, 1)", "(c, n, 1)"]);
    expect((await ids()).get("(a, n, 1)")).toBe(before.get("(a, n, 1)"));
  });

  test("in windows over sorted rows with a column that nobody uses", async () => {
    await create(
      "select id, count(*) over (partition by y) as n from (select * from (select t.id, d.y, t.note from t full join d on t.g = d.g) order by 1)",
    );
    expect(await after("insert into t values (6, 'b', 3, 0, 'n')")).toMatchObject({ foundBy: "CHANGES" });
    expect(await values()).toEqual(["(1, 2)", "(2, 2)", "(3, 2)", "(4, 2)", "(5, 2)", "(6, 2)"]);
  });

  test("windows over all rows are compared", async () => {
    await create("select id, row_number() over (order by id desc) as r from t");
    expect(await after("delete from t where id = 4")).toMatchObject({
      foundBy: "WHOLE RESULT",
      inserted: 3,
      deleted: 4,
    });
    expect(await values()).toEqual(["(1, 4)", "(2, 3)", "(3, 2)", "(5, 1)"]);
  });

  test("that are equal are counted", async () => {
    await create("select d.y from t join d on t.g = d.g");
    expect(await values()).toEqual(["(1)", "(1)", "(3)"]);
    expect(await after("insert into d values ('a', 1)")).toMatchObject({ inserted: 2, deleted: 0 });
    expect(await after("delete from t where id = 1")).toMatchObject({ inserted: 0, deleted: 2 });
    expect(await values()).toEqual(["(1)", "(1)", "(3)"]);
  });
});

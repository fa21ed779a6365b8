import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    `create table q (empid int, amount int, quarter text) as
       select * from values (1, 10, 'q1'), (1, 20, 'q2'), (1, 2, 'q1'), (2, 5, 'q1'), (3, 7, null)`,
    "create table m (a int, b int, c int) as select * from values (1, 2, null), (3, null, 5)",
    "create table e (id int, boss int) as select * from values (1, null), (2, 1), (3, 9)",
  );
});
afterAll(() => snowglobe.stop());

type Answer = readonly [string, readonly string[], readonly (readonly unknown[])[]];

function answers(cases: readonly Answer[]): void {
  test.each(cases)("%s", async (sqlText, names, rows) => {
    const found = await client.rows(sqlText);
    expect(found.map((row) => names.map((name) => row[name]))).toEqual(rows);
    for (const row of found) expect(Object.keys(row).sort()).toEqual([...names].sort());
  });
}

describe("PIVOT", () => {
  answers([
    [
      "select * from q pivot(sum(amount) for quarter in ('q1', 'q2')) order by empid",
      ["EMPID", "'q1'", "'q2'"],
      [
        [1, 12, 20],
        [2, 5, null],
        [3, null, null],
      ],
    ],
    [
      "select * from q pivot(avg(amount) for quarter in ('q1' as a, 'q2' b)) order by empid",
      ["EMPID", "A", "B"],
      [
        [1, 6, 20],
        [2, 5, null],
        [3, null, null],
      ],
    ],
    [
      "select * from q pivot(count(amount) for quarter in ('q1', null)) order by empid",
      ["EMPID", "'q1'", "NULL"],
      [
        [1, 2, 0],
        [2, 1, 0],
        [3, 0, 1],
      ],
    ],
    [
      "select * from q pivot(max(amount) as top for quarter in ('q1', 'q2' as b) default on null (0)) order by empid",
      ["EMPID", "'q1_TOP'", "B_TOP"],
      [
        [1, 10, 20],
        [2, 5, 0],
        [3, 0, 0],
      ],
    ],
    [
      "select * from q pivot(sum(amount) for quarter in (any order by quarter)) order by empid",
      ["EMPID", "'q1'", "'q2'", "NULL"],
      [
        [1, 12, 20, null],
        [2, 5, null, null],
        [3, null, null, 7],
      ],
    ],
    [
      "select * from q pivot(sum(amount) total for quarter in (select distinct quarter from q where amount = 20)) order by empid",
      ["EMPID", "'q2_TOTAL'"],
      [
        [1, 20],
        [2, null],
        [3, null],
      ],
    ],
    [
      "with c as (select * from q where quarter is not null) select * from c pivot(sum(amount) for empid in (any order by empid desc)) order by quarter",
      ["QUARTER", "2", "1"],
      [
        ["q1", 5, 12],
        ["q2", null, 20],
      ],
    ],
    [
      "select * from q pivot(min(amount) for empid in (1, 2)) as p (quarter, one, two) order by quarter",
      ["QUARTER", "ONE", "TWO"],
      [
        ["q1", 2, 5],
        ["q2", 20, null],
        [null, null, null],
      ],
    ],
  ]);
  test("of a view, whose data decide", async () => {
    await client.run("create view w as select * from q pivot(sum(amount) for quarter in (any order by quarter))");
    expect((await client.rows("select * from w")).length).toBe(3);
  });
  test.each([
    ["select * from q pivot(sum(amount), max(amount) for quarter in ('q1'))", "several aggregates"],
    ["select * from q pivot(sum(amount) for quarter in (upper(quarter)))", ""],
    ["select * from q pivot(count(*) for quarter in ('q1'))", "one column"],
  ])("refused: %s", async (sqlText, what) => {
    expect((await client.failure(sqlText)).message).toContain(what);
  });
});

describe("UNPIVOT", () => {
  answers([
    [
      "select * from m unpivot(v for n in (b, c)) order by a",
      ["A", "N", "V"],
      [
        [1, "B", 2],
        [3, "C", 5],
      ],
    ],
    [
      "select * from m unpivot exclude nulls (v for n in (b x, c as y)) order by a",
      ["A", "N", "V"],
      [
        [1, "X", 2],
        [3, "Y", 5],
      ],
    ],
    [
      "select * from m unpivot include nulls (v for n in (b, c)) order by a, n",
      ["A", "N", "V"],
      [
        [1, "B", 2],
        [1, "C", null],
        [3, "B", null],
        [3, "C", 5],
      ],
    ],
  ]);
});

describe("outer joins by (+)", () => {
  answers([
    [
      "select x.id, y.id as boss from e x, e y where x.boss = y.id(+) order by 1",
      ["ID", "BOSS"],
      [
        [1, null],
        [2, 1],
        [3, null],
      ],
    ],
    [
      "select x.id, y.id as boss from e x, e y where y.id(+) = x.boss and x.id > 1 order by 1",
      ["ID", "BOSS"],
      [
        [2, 1],
        [3, null],
      ],
    ],
    [
      "select x.id, y.id as boss from e x, e y where x.boss = y.id(+) and y.id(+) > 5 order by 1",
      ["ID", "BOSS"],
      [
        [1, null],
        [2, null],
        [3, null],
      ],
    ],
    [
      "select x.id, y.id as boss from e x, e y where x.boss = y.id(+) and y.id is null order by 1",
      ["ID", "BOSS"],
      [
        [1, null],
        [3, null],
      ],
    ],
    [
      "select x.id, z.id as top from e x, e y, e z where x.boss = y.id(+) and y.boss = z.id(+) order by 1",
      ["ID", "TOP"],
      [
        [1, null],
        [2, null],
        [3, null],
      ],
    ],
  ]);
  test.each([
    "select 1 from e x, e y where x.id(+) = y.id(+)",
    "select x.id(+) from e x",
    "select 1 from e x, e y where x.boss(+) = y.id and y.boss(+) = x.id",
  ])("refused: %s", async (sqlText) => {
    expect((await client.failure(sqlText)).message).toMatch(/outer join|\(\+\)/);
  });
});

describe("SET from a query", () => {
  test("one variable, and several", async () => {
    await client.run(
      "set most = (select max(amount) from q)",
      "set (lo, hi, word) = (select min(amount), max(amount), 'x' from q)",
    );
    expect(await client.rows("select $most as m, $lo as l, $hi as h, $word as w")).toEqual([
      { M: 20, L: 2, H: 20, W: "x" },
    ]);
  });
  test("more than one row, and another number of columns", async () => {
    expect((await client.failure("set (a, b) = (select empid, amount from q)")).message).toContain("more than one row");
    expect((await client.failure("set (a, b) = (select 1, 2, 3)")).message).toContain("Number of variables");
  });
});

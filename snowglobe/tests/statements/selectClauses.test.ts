import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "create table n (a int, b int)",
    "insert into n values (1, null), (2, 3), (null, null)",
    "create table z (ts timestamp_tz, k int)",
    `insert into z select '2024-01-01 00:00:00 +0000'::timestamp_tz, 1
       union all select '2024-01-01 01:00:00 +0100'::timestamp_tz, 2
       union all select '2024-01-02 01:00:00 +0100'::timestamp_tz, 1`,
  );
});
afterAll(() => snowglobe.stop());

async function rows(sqlText: string): Promise<unknown[][]> {
  return (await client.rows(sqlText)).map((row) => Object.values(row));
}

type Case = readonly [string, readonly (readonly unknown[])[]];

function answers(cases: readonly Case[]): void {
  test.each(cases)("%s", async (sqlText, expected) => {
    expect(await rows(sqlText)).toEqual(expected);
  });
}

describe("a star as an argument", () => {
  answers([
    [
      "select count(*), count(n.*), count(distinct n.*), count(* ilike 'a%'), count(* exclude a) from n",
      [[3, 1, 1, 2, 1]],
    ],
    ["select count(n.*) over () from n limit 1", [[1]]],
    ["select object_construct(*) from n order by a", [[{ A: 1 }], [{ A: 2, B: 3 }], [{}]]],
    ["select object_construct(n.* exclude b) from n where a = 2", [[{ A: 2 }]]],
    ["select distinct hash(*) = hash(a, b) from n", [[true]]],
    ["select greatest(*) from (select 1 as a, 2 as b)", [[2]]],
  ]);
});

describe("COUNT takes JSON's null for NULL", () => {
  const from = `from (select parse_json('{"x": null, "y": 1}') as v)`;
  answers([
    [`select count(v:x), count(v:y), count(v:z), count(v), count(distinct v:x) ${from}`, [[0, 1, 0, 1, 0]]],
    [`select count(v:x, 1), count(v:y, 1) ${from}`, [[0, 1]]],
    [`select count(v:x) over () ${from}`, [[0]]],
  ]);
});

describe("SEQ1 ... SEQ8 number rows, wherever they stand", () => {
  answers([
    ["select sum(seq4()) from n", [[3]]],
    [
      "select seq4() % 2 as g, count(*) from table(generator(rowcount => 5)) group by g order by g",
      [
        [0, 3],
        [1, 2],
      ],
    ],
    ["select count(*) from table(generator(rowcount => 5)) where seq8() >= 2", [[3]]],
    ["select count(*) from (select seq2() as s from table(generator(rowcount => 5)) where s >= 2)", [[3]]],
    ["select lag(seq4()) over (order by seq4()) from n order by 1", [[0], [1], [null]]],
    ["select row_number() over (order by seq4()) from n order by 1", [[1], [2], [3]]],
    // Source: "SEQ1 / SEQ2 / SEQ4 / SEQ8", its examples of the wrap.
    [
      "select a, b from (select seq2(0) as a, seq1(1) as b from table(generator(rowcount => 132))) order by a limit 2 offset 127",
      [
        [127, 127],
        [128, -128],
      ],
    ],
    ["select max(s) from (select seq1() as s from table(generator(rowcount => 130)))", [[127]]],
  ]);
  test("they are no window functions", async () => {
    expect((await client.failure("select a from n qualify seq4() = 0")).message).toContain("QUALIFY");
    expect((await client.failure("select seq4() over () from n")).message).toContain("not a window function");
  });
});

describe("QUALIFY", () => {
  answers([
    ["select a, count(*) over () as c from n qualify c > 1 order by a limit 1", [[1, 3]]],
    ["select a from n qualify row_number() over (order by a) = 1", [[1]]],
  ]);
  test.each(["select a from n qualify a > 1", "select count(*) as c from n qualify c > 1"])(
    "without a window function: %s",
    async (sqlText) => {
      expect((await client.failure(sqlText)).message).toContain("QUALIFY");
    },
  );
});

describe("recursive common table expressions", () => {
  answers([
    [
      "with recursive x (i) as (select 1 union all select i + 1 from x where i < 3) select * from x order by 1",
      [[1], [2], [3]],
    ],
    // Source: "WITH": the keyword RECURSIVE is optional.
    [
      "with x (i) as (select 1 union all select i + 1 from x where i < (select count(*) from n)) select * from x order by 1",
      [[1], [2], [3]],
    ],
  ]);
  test.each([
    ["with x (i) as (select 1 union select i + 1 from x where i < 3) select * from x", "UNION without ALL"],
    ["with x (i) as (select 1 union all select max(i) + 1 from x) select * from x", "aggregate function"],
    ["with x (i) as (select 1 union all select distinct i + 1 from x) select * from x", "DISTINCT"],
    [
      "with x (i) as (select 1 union all select row_number() over (order by i) from x) select * from x",
      "window function",
    ],
    ["with x (i) as (select 1 union all select i from (select i from x limit 1)) select * from x", "LIMIT"],
  ])("what the recursive clause may not do: %s", async (sqlText, what) => {
    expect((await client.failure(sqlText)).message).toContain(what);
  });
});

describe("equal instants of TIMESTAMP_TZ are one value, whatever their offsets", () => {
  answers([
    ["select count(*) from (select distinct ts from z)", [[2]]],
    ["select count(*) from (select distinct ts, k from z)", [[3]]],
    [
      "select to_char(ts, 'yyyy-mm-dd hh24:mi tzhtzm'), count(*), max(k) from z group by ts order by ts",
      [
        ["2024-01-01 00:00 +0000", 2, 2],
        ["2024-01-02 01:00 +0100", 1, 1],
      ],
    ],
    ["select dateadd(hour, 1, ts) = ts, count(*) from z group by all", [[false, 3]]],
    ["select count(*) from (select ts from z union select ts from z)", [[2]]],
    ["select count(*) from (select ts from z where k = 1 intersect select ts from z where k = 2)", [[1]]],
    ["select count(*) from (select ts from z where k = 1 except select ts from z where k = 2)", [[1]]],
    [
      "select k, count(*) over (partition by ts) as c from z order by c, k",
      [
        [1, 1],
        [1, 2],
        [2, 2],
      ],
    ],
    ["select count(distinct ts), count(distinct ts, 1), approx_count_distinct(ts) from z", [[2, 2, 2]]],
  ]);
});

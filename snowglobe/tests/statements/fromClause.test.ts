import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "create table basket (id int, items variant)",
    `insert into basket select 1, parse_json('["fig"]') union all select 2, parse_json('["pear", "fig"]')`,
    "create table fruit (name varchar)",
    "insert into fruit values ('pear')",
  );
});
afterAll(() => snowglobe.stop());

/** Rows as lists of values, in the order of the columns. */
async function rows(sqlText: string): Promise<unknown[][]> {
  return (await client.rows(sqlText)).map((row) => Object.values(row));
}

describe("VALUES in FROM without an alias leaves the clauses after it to the query", () => {
  test.each([
    ["select * from values (3), (1), (2) order by 1", [[1], [2], [3]]],
    ["select * from values (3), (1), (2) order by column1 desc limit 2", [[3], [2]]],
    ["select top 1 * from values (3), (1), (2) order by column1", [[1]]],
    ["select * from values (3), (1) order by 1 offset 1 rows fetch next 1 rows only", [[3]]],
    ["select * from values (1) union all select 2 order by 1 desc", [[2], [1]]],
    ["select * from values (1), (2) minus select 1", [[2]]],
    ["select * from values (1), (2) intersect select * from values (2), (3)", [[2]]],
    ["select column1 from values (1), (2) where column1 > 1 order by 1", [[2]]],
    ["select a from (select * from values (2), (1) order by 1 limit 1) as t(a)", [[1]]],
    ["with v as (select * from values (2), (1) order by 1 limit 1) select * from v", [[1]]],
  ])("%s", async (sqlText, expected) => {
    expect(await rows(sqlText)).toEqual(expected);
  });
});

describe("a comma before what depends on the left, and a JOIN after it", () => {
  test.each([
    [
      "select b.id, fruit.name from basket b, lateral flatten(input => b.items) f join fruit on f.value::string = fruit.name",
      [[2, "pear"]],
    ],
    [
      "select b.id, fruit.name from basket b, table(flatten(b.items)) f left join fruit on f.value::string = fruit.name order by 1, 2",
      [
        [1, null],
        [2, "pear"],
        [2, null],
      ],
    ],
    [
      "select b.id, x.name from basket b, lateral (select name from fruit where b.id = 2) x join fruit on x.name = fruit.name",
      [[2, "pear"]],
    ],
    [
      "select b.id, z.name from basket b, fruit y, lateral flatten(b.items) f join fruit z on z.name = f.value::string left join fruit w on w.name = z.name",
      [[2, "pear"]],
    ],
    [
      "select b.id, f.index, g.value from basket b, lateral flatten(b.items) f join lateral flatten(input => [f.index + 10]) g order by 1, 2",
      [
        [1, 0, 10],
        [2, 0, 10],
        [2, 1, 11],
      ],
    ],
    ["select count(*) from basket b, lateral (select b.id as i) x right join fruit on true", [[2]]],
  ])("%s", async (sqlText, expected) => {
    expect(await rows(sqlText)).toEqual(expected);
  });
});

describe("FLATTEN", () => {
  test.each(["f.seq", "f.*", '"F".seq', '"F".*', "*"])(
    "SEQ is a number for each input row: select distinct %s",
    async (items) => {
      const found = await client.rows(`select distinct ${items} from basket b, lateral flatten(b.items) f`);
      expect(new Set(found.map((row) => row["SEQ"])).size).toBe(2);
    },
  );

  test("SEQ through a view and a common table expression", async () => {
    await client.run("create view v as select * from basket b, lateral flatten(b.items) f");
    expect(
      await rows("with c as (select seq, id from v) select count(distinct seq), count(distinct id) from c"),
    ).toEqual([[2, 2]]);
  });

  const nested = `parse_json('{"a": 1, "b": [77, 88], "c": {"d": "X"}}')`;
  test.each([
    [
      "PATH: its element is what THIS is",
      `path => 'b'`,
      [
        [null, "b[0]", 0, 77, [77, 88]],
        [null, "b[1]", 1, 88, [77, 88]],
      ],
    ],
    ["PATH of several steps", `path => 'c.d', outer => true`, [[null, "c.d", null, null, "X"]]],
    [
      "RECURSIVE: parents before their children",
      "recursive => true",
      [
        ["a", "a", null, 1, { a: 1, b: [77, 88], c: { d: "X" } }],
        ["b", "b", null, [77, 88], { a: 1, b: [77, 88], c: { d: "X" } }],
        [null, "b[0]", 0, 77, [77, 88]],
        [null, "b[1]", 1, 88, [77, 88]],
        ["c", "c", null, { d: "X" }, { a: 1, b: [77, 88], c: { d: "X" } }],
        ["d", "c.d", null, "X", { d: "X" }],
      ],
    ],
    [
      "RECURSIVE through objects alone",
      "recursive => true, mode => 'object', path => ''",
      [
        ["a", "a", null, 1, { a: 1, b: [77, 88], c: { d: "X" } }],
        ["b", "b", null, [77, 88], { a: 1, b: [77, 88], c: { d: "X" } }],
        ["c", "c", null, { d: "X" }, { a: 1, b: [77, 88], c: { d: "X" } }],
        ["d", "c.d", null, "X", { d: "X" }],
      ],
    ],
    ["MODE that fits nothing", "mode => 'array'", []],
  ])("%s", async (_, options, expected) => {
    expect(
      await rows(`select key, path, index, value, this from table(flatten(input => ${nested}, ${options}))`),
    ).toEqual(expected);
  });

  test("of rows, recursively", async () => {
    expect(
      await rows(
        "select id, f.path from basket, lateral flatten(object_construct('k', items), recursive => true) f order by 1, 2",
      ),
    ).toEqual([
      [1, "k"],
      [1, "k[0]"],
      [2, "k"],
      [2, "k[0]"],
      [2, "k[1]"],
    ]);
  });

  test("a MODE that there is not", async () => {
    expect((await client.failure(`select * from table(flatten(${nested}, mode => 'x'))`)).code).toBe("001007");
  });
});

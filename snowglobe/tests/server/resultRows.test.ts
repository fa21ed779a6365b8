/** Rows of queries as each driver's users see them: JSON for Node.js, Arrow for the Python connector, small and large. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient } from "./pythonClient";
import { PASSWORD } from "../server";
import { RawClient } from "./rawClient";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "alter user admin set default_warehouse = 'WH', default_namespace = 'D.PUBLIC', timezone = 'Europe/Berlin'",
    "use warehouse wh",
    "use schema d.public",
    "create table many as select seq4() as id, 'row ' || seq4() as name, (seq4() / 8)::number(12, 3) as n," +
      " iff(seq4() % 7 = 0, null, seq4() % 2 = 0) as b, dateadd('second', seq4(), '2026-01-01'::timestamp_ntz) as at," +
      " seq4() / 3::float as f from table(generator(rowcount => 60000))",
  );
});
afterAll(() => snowglobe.stop());

/** A value of each type, its cell as JSON, and how Python shows it. */
const VALUES: readonly (readonly [sql: string, json: string | null, python: string])[] = [
  ["42", "42", "42"],
  ["-7::number(38, 0)", "-7", "-7"],
  [
    "12345678901234567890123456789012345678::number(38, 0)",
    "12345678901234567890123456789012345678",
    "12345678901234567890123456789012345678",
  ],
  [
    "-12345678901234567890123456789012345678::number(38, 0)",
    "-12345678901234567890123456789012345678",
    "-12345678901234567890123456789012345678",
  ],
  ["9223372036854775807", "9223372036854775807", "9223372036854775807"],
  ["9007199254740993", "9007199254740993", "9007199254740993"],
  ["1.50::number(10, 2)", "1.50", "Decimal('1.50')"],
  ["-0.05::number(3, 2)", "-0.05", "Decimal('-0.05')"],
  ["0.000000000000000001::number(38, 18)", "0.000000000000000001", "Decimal('1E-18')"],
  [
    "1234567890123456789.123456789::number(38, 9)",
    "1234567890123456789.123456789",
    "Decimal('1234567890123456789.123456789')",
  ],
  ["3.25::float", "3.25", "3.25"],
  ["1e20::float", "1e+20", "1e+20"],
  ["'Ünï \"quoted\" \\\\ \\n𝄞'", 'Ünï "quoted" \\ \n𝄞', "'Ünï \"quoted\" \\\\ \\n𝄞'"],
  ["''", "", "''"],
  ["true", "1", "True"],
  ["false", "0", "False"],
  ["'2024-02-29'::date", "19782", "datetime.date(2024, 2, 29)"],
  ["'1969-12-31'::date", "-1", "datetime.date(1969, 12, 31)"],
  ["'12:34:56.123456'::time", "45296.123456000", "datetime.time(12, 34, 56, 123456)"],
  ["'12:34:56'::time(0)", "45296", "datetime.time(12, 34, 56)"],
  ["'2024-02-29 01:02:03.5'::timestamp_ntz", "1709168523.500000000", "datetime.datetime(2024, 2, 29, 1, 2, 3, 500000)"],
  ["'2024-02-29 01:02:03.5'::timestamp_ntz(3)", "1709168523.500", "datetime.datetime(2024, 2, 29, 1, 2, 3, 500000)"],
  ["'1969-12-31 23:59:58.5'::timestamp_ntz", "-1.500000000", "datetime.datetime(1969, 12, 31, 23, 59, 58, 500000)"],
  ["'0001-01-01 00:00:00'::timestamp_ntz", "-62135596800.000000000", "datetime.datetime(1, 1, 1, 0, 0)"],
  [
    "'9999-12-31 23:59:59.999999'::timestamp_ntz",
    "253402300799.999999000",
    "datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)",
  ],
  ["to_binary('DEADBEEF')", "DEADBEEF", "b'\\xde\\xad\\xbe\\xef'"],
  ["null", null, "None"],
  ["null::number(38, 0)", null, "None"],
  ["null::timestamp_tz", null, "None"],
  ["null::variant", null, "None"],
];

/** Each value in a first row, and beside it NULL of its type in a second. */
const SELECT = `select ${VALUES.map(([sql], index) => `iff(n = 1, ${sql}, null) as c${index}`).join(", ")}
  from (values (1), (2)) v (n) order by n`;

async function cells(sql: string): Promise<(string | null)[][]> {
  const raw = new RawClient(snowglobe.port);
  await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD });
  const { data, message } = await raw.query(sql);
  if (!data?.rowset) throw new Error(message ?? sql);
  return data.rowset as (string | null)[][];
}

test("every type as JSON", async () => {
  const [first, second] = await cells(SELECT);
  expect(first).toEqual(VALUES.map(([, json]) => json));
  expect(second).toEqual(VALUES.map(() => null));
});

test("offsets of TIMESTAMP_TZ, and moments of TIMESTAMP_LTZ", async () => {
  expect(
    await cells("select '2024-02-29 01:02:03 +0530'::timestamp_tz(0), '2024-02-29 01:02:03 Z'::timestamp_ltz(9)"),
  ).toEqual([["1709148723 1770", "1709168523.000000000"]]);
});

describe("semi-structured values are indented by JSON_INDENT", () => {
  const select = `select parse_json('{"b":[1,{"c":"x, y: [z]"},[],{}],"a":null}'), array_construct(), parse_json('"t"'), object_construct()`;
  const expected = '{\n  "a": null,\n  "b": [\n    1,\n    {\n      "c": "x, y: [z]"\n    },\n    [],\n    {}\n  ]\n}';

  test("by two blanks unless the session says otherwise", async () => {
    const [row] = await cells(select);
    const sorted = (text: string): unknown => JSON.parse(text);
    expect(sorted(row![0]!)).toEqual(sorted(expected));
    expect(
      row![0]!.split("\n").map((line) => line.trimStart().length > 0 && line.length - line.trimStart().length),
    ).toEqual(expect.arrayContaining([0, 2, 4, 6]));
    expect(row!.slice(1)).toEqual(["[]", '"t"', "{}"]);
  });

  test("a text made of them is compact", async () => {
    expect(await cells(`select to_json(parse_json('{"a":[1,2]}')), parse_json('[1, 2]')::varchar`)).toEqual([
      ['{"a":[1,2]}', "[1,2]"],
    ]);
  });

  test.each([
    [0, '{"a":[1,2]}'],
    [1, '{\n "a": [\n  1,\n  2\n ]\n}'],
    [4, '{\n    "a": [\n        1,\n        2\n    ]\n}'],
  ])("JSON_INDENT = %d", async (indent, text) => {
    const raw = new RawClient(snowglobe.port);
    await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD });
    await raw.query(`alter session set json_indent = ${indent}`);
    const { data } = await raw.query(`select parse_json('{"a":[1,2]}') as v`);
    expect(data!.rowset).toEqual([[text]]);
    // What is kept does not depend on how it is shown.
    const again = await raw.query(
      "select v:a[1]::int, v = parse_json('{\"a\":[1,2]}') from table(result_scan(last_query_id()))",
    );
    expect(again.data!.rowset).toEqual([["2", "1"]]);
  });
});

describe("a large result", () => {
  const total = (60_000 * 59_999) / 2;

  test("arrives whole and in order, and leaves memory", async () => {
    const rows = await client.rows("select * from many order by id");
    expect(rows).toHaveLength(60_000);
    expect(rows.every((row, index) => row.ID === index && row.NAME === `row ${index}`)).toBe(true);
    expect(rows[59_999]).toMatchObject({ N: 7_499.875, B: false, F: 19_999.666666666668 });
    expect((rows[59_999]!.AT as Date).getTime()).toBe(Date.UTC(2026, 0, 1) + 59_999_000);
    expect(readdirSync(path.join(snowglobe.folder, "results"))).toContainEqual(expect.stringMatching(/\.rows$/));
  });

  test("is read again by its id, also by RESULT_SCAN", async () => {
    const { statement } = await client.driver.execute("select * from many");
    const id = statement.getQueryId();
    expect(
      await client.row(`select count(*) as c, sum(id) as s, max(name) as m from table(result_scan('${id}'))`),
    ).toEqual({
      C: 60_000,
      S: total,
      M: "row 9999",
    });
  });

  test("of a statement in a pipe goes with it, of a statement that fails leaves no file", async () => {
    const files = (): string[] =>
      readdirSync(path.join(snowglobe.folder, "results")).filter((name) => name.endsWith(".rows"));
    const before = files().length;
    expect(await client.value("select * from many ->> select count(*) from $1")).toBe(60_000);
    await client.failure("select id, 1 / (id - 59999) from many order by id");
    expect(files()).toHaveLength(before);
  });
});

test("results are kept for 24 hours", async () => {
  const { statement } = await client.driver.execute("select 'kept'");
  const read = (): Promise<unknown> => client.rows(`select * from table(result_scan('${statement.getQueryId()}'))`);
  await snowglobe.advance(23 * 3600);
  expect(await read()).toEqual([{ "'KEPT'": "kept" }]);
  await snowglobe.advance(3601);
  await expect(read()).rejects.toMatchObject({ code: "000709" });
});

test("small results beyond a number lie on disk and are read from there", async () => {
  const { statement } = await client.driver.execute(`select 7 as n, parse_json('{"a":[1]}') as v, null as e`);
  for (let i = 0; i < 1_050; i++) await client.run("select 1");
  expect(readdirSync(path.join(snowglobe.folder, "results"))).toContainEqual(expect.stringMatching(/\.pack$/));
  expect(
    await client.rows(`select n, v:a[0]::int as a, e from table(result_scan('${statement.getQueryId()}'))`),
  ).toEqual([{ N: 7, A: 1, E: null }]);
});

describeConnectors((python) => {
  let connection: PythonClient;
  beforeAll(async () => {
    connection = await PythonClient.connect(python, snowglobe.port);
  });
  afterAll(() => connection.close());

  test.each(["ARROW", "JSON"])("every type as %s", async (format) => {
    await connection.run(`alter session set python_connector_query_result_format = '${format}'`);
    const [first, second] = await connection.rows(SELECT);
    const wanted = VALUES.map(([, , shown]) => shown);
    expect(first!.map((cell) => cell.replace("bytearray(", "").replace(/^(b'.*')\)$/, "$1"))).toEqual(wanted);
    expect(second).toEqual(VALUES.map(() => "None"));
  });

  test("offsets and moments", async () => {
    await connection.run("alter session set python_connector_query_result_format = 'ARROW'");
    const columns = [0, 3, 6, 9].flatMap((scale) => [
      `'2024-02-29 01:02:03 +0530'::timestamp_tz(${scale})`,
      `'2024-02-29 01:02:03 Z'::timestamp_ltz(${scale})`,
    ]);
    const [row] = await connection.rows(`select ${columns.join(", ")}`);
    row!.forEach((cell, index) =>
      expect(cell).toMatch(
        index % 2 === 0
          ? /^datetime\.datetime\(2024, 2, 29, 1, 2, 3, tzinfo=/
          : /^datetime\.datetime\(2024, 2, 29, 2, 2, 3, tzinfo=/,
      ),
    );
  });

  test("semi-structured values are indented", async () => {
    expect(await connection.rows(`select parse_json('{"a":[1,2]}'), array_construct(1)`)).toEqual([
      [`'{\\n  "a": [\\n    1,\\n    2\\n  ]\\n}'`, "'[\\n  1\\n]'"],
    ]);
  });

  test("an empty result, and rows of SHOW", async () => {
    expect(await connection.rows("select * from many where id < 0")).toEqual([]);
    expect((await connection.execute("show tables")).rows).toHaveLength(1);
  });

  test("a large result", async () => {
    const [row] = await connection.rows("select count(*), sum(id) from many");
    expect(row).toEqual(["60000", String((60_000 * 59_999) / 2)]);
    const { rows } = await connection.execute("select id, name, n, b, at, f from many order by id");
    expect(rows).toHaveLength(60_000);
    expect(rows[59_999]).toEqual([
      "59999",
      "'row 59999'",
      "Decimal('7499.875')",
      "False",
      "datetime.datetime(2026, 1, 1, 16, 39, 59)",
      "19999.666666666668",
    ]);
    expect(rows[7]![3]).toBe("None");
  });

  test("pandas", async () => {
    const types = await connection.call("pandas_types", "select id, name, n, f, at from many");
    // An interpreter may have the connector without pandas.
    if (types === null) return;
    expect(types).toMatchObject({
      ID: "int64",
      F: "float64",
      AT: expect.stringMatching(/^datetime64/) as unknown,
    });
  });
});

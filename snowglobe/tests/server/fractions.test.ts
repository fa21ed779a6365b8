/** Fractions of a second, as the users of each driver see them: by the scale of the column, in queries and in SHOW. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient } from "./pythonClient";
import { RawClient } from "./rawClient";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "alter user admin set default_warehouse = 'WH', default_namespace = 'D.PUBLIC', timezone = 'UTC'",
  );
});
afterAll(() => snowglobe.stop());

const SCALES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** 2026-03-01 00:00:00.123456. */
const EPOCH = "1772323200";
const TYPES = ["time", "timestamp_ntz", "timestamp_ltz", "timestamp_tz"];

/** The one row of a statement as it is on the wire. */
async function wireRow(sql: string): Promise<readonly (string | null)[]> {
  const raw = new RawClient(snowglobe.port);
  await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD: "correct horse battery staple" });
  const { data, message } = await raw.query(sql);
  if (!data?.rowset) throw new Error(message ?? sql);
  return (data.rowset as (string | null)[][])[0]!;
}

test.each(TYPES)("%s has as many decimals on the wire as its scale says", async (type) => {
  const columns = SCALES.map((scale) => `'${type === "time" ? "" : "2026-03-01 "}00:00:00.123456'::${type}(${scale})`);
  const cells = await wireRow(`select ${columns.join(", ")}`);
  const seconds = type === "time" ? "0" : EPOCH;
  expect(cells.map((cell) => cell?.replace(" 1440", ""))).toEqual(
    SCALES.map((scale) => (scale === 0 ? seconds : `${seconds}.${"123456000".slice(0, scale)}`)),
  );
});

test("before 1970 the sign stands for the whole", async () => {
  expect(
    await wireRow("select '1969-12-31 23:59:58.5'::timestamp_ntz(3), '1969-12-31 23:59:58'::timestamp_ntz(0)"),
  ).toEqual(["-1.500", "-2"]);
});

test("snowflake-sdk", async () => {
  const { A, B, C, D } = await client.row(
    "select '2026-03-01 00:00:00.5'::timestamp_ntz as a, '2026-03-01 00:00:00.5'::timestamp_ntz(3) as b," +
      " '00:00:00.123456'::time as c, '2026-03-01 00:00:00.25 +0200'::timestamp_tz(2) as d",
  );
  expect([A, B, D].map((value) => (value as Date).getTime())).toEqual([
    Date.UTC(2026, 2, 1, 0, 0, 0, 500),
    Date.UTC(2026, 2, 1, 0, 0, 0, 500),
    Date.UTC(2026, 1, 28, 22, 0, 0, 250),
  ]);
  expect(C).toBe("00:00:00");
  await client.run("create or replace table made (a int)");
  const [made] = await client.rows("show tables like 'MADE'");
  expect((made!.created_on as Date).getTime()).toBe(Date.UTC(2026, 0, 5, 12));
});

describeConnectors((python) => {
  let connection: PythonClient;
  beforeAll(async () => {
    connection = await PythonClient.connect(python, snowglobe.port);
  });
  afterAll(() => connection.close());

  test("timestamps and times of every scale", async () => {
    const cells = SCALES.slice(1).flatMap((scale) => [
      `'2026-03-01 00:00:00.5'::timestamp_ntz(${scale})`,
      `'2026-03-01 00:00:00.5'::timestamp_ltz(${scale})`,
      `'00:00:00.5'::time(${scale})`,
    ]);
    const [row] = await connection.rows(`select ${cells.join(", ")}`);
    for (const [index, cell] of row!.entries()) {
      expect(cell).toMatch(
        index % 3 === 2 ? "datetime.time(0, 0, 0, 500000)" : "datetime.datetime(2026, 3, 1, 0, 0, 0, 500000",
      );
    }
    expect(await connection.rows("select '2026-03-01 00:00:07'::timestamp_ntz(0), '00:00:07'::time(0)")).toEqual([
      ["datetime.datetime(2026, 3, 1, 0, 0, 7)", "datetime.time(0, 0, 7)"],
    ]);
  });

  test("offsets, and moments before 1970", async () => {
    expect(
      await connection.rows(
        "select '2026-03-01 00:00:00.5 +0200'::timestamp_tz(3)::varchar, '1969-12-31 23:59:58.5'::timestamp_ntz(3)," +
          " '1969-12-31 23:59:58.5'::timestamp_ntz",
      ),
    ).toEqual([
      [
        "'2026-03-01 00:00:00.500 +0200'",
        "datetime.datetime(1969, 12, 31, 23, 59, 58, 500000)",
        "datetime.datetime(1969, 12, 31, 23, 59, 58, 500000)",
      ],
    ]);
    const [tz] = await connection.rows("select '2026-03-01 00:00:00.5 +0200'::timestamp_tz(3)");
    expect(tz![0]).toMatch(/^datetime\.datetime\(2026, 3, 1, 0, 0, 0, 500000, tzinfo=/);
  });

  test("SHOW tells when an object was made", async () => {
    await connection.run("create or replace table made_here (a int)");
    const { rows, columns } = await connection.execute("show tables like 'MADE_HERE'");
    expect(rows[0]![columns.indexOf("created_on")]).toMatch(/^datetime\.datetime\(2026, 1, 5, 12, 0(, tzinfo|\))/);
  });
});

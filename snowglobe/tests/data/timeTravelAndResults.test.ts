import { startSnowglobe, START, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d", "use schema d.public");
});
afterAll(() => snowglobe.stop());

/** Runs a statement and answers its query id. */
async function queryId(sql: string): Promise<string> {
  return (await client.driver.execute(sql)).statement.getQueryId();
}

describe("time travel", () => {
  test("AT and BEFORE by offset, timestamp and statement", async () => {
    await client.run("create or replace table t (id int)", "insert into t values (1)");
    await snowglobe.advance(60);
    const second = await queryId("insert into t values (2)");
    await snowglobe.advance(60);
    const third = await queryId("delete from t where id = 1");
    await snowglobe.advance(60);
    const at = (what: string): Promise<unknown[]> => client.column(`select id from t ${what} order by id`);
    expect(await at("")).toEqual([2]);
    expect(await at("at(offset => -60)")).toEqual([2]);
    expect(await at("at(offset => -61)")).toEqual([1, 2]);
    expect(await at("at(offset => -60 * 2)")).toEqual([1, 2]);
    expect(await at("before(offset => -120)")).toEqual([1]);
    expect(await at(`before(statement => '${second}')`)).toEqual([1]);
    expect(await at(`at(statement => '${second}')`)).toEqual([1, 2]);
    expect(await at(`before(statement => '${third}')`)).toEqual([1, 2]);
    expect(await at("at(timestamp => dateadd(second, -90, current_timestamp()))")).toEqual([1, 2]);
    expect(await at("at(timestamp => '2026-01-05 12:00:30 +0000'::timestamp_tz)")).toEqual([1]);
    expect(await client.value("select count(*) from t a join t at(offset => -100) b on a.id = b.id")).toBe(1);
    await client.run(`insert into t select id from t before(statement => '${third}') where id = 1`);
    expect(await at("")).toEqual([1, 2]);
  });

  test("before the table and beyond its retention there is nothing", async () => {
    await client.run("create or replace table t (id int)", "insert into t values (1)");
    const before = await client.failure("select * from t at(offset => -86400 * 365)");
    expect(before.message).toMatch(/Time travel data is not available for table T/);
    await snowglobe.advance(3600);
    const other = await queryId("insert into t values (2)");
    await snowglobe.advance(2 * 86_400);
    for (const what of ["at(offset => -86400 * 1.5)", `before(statement => '${other}')`]) {
      expect((await client.failure(`select * from t ${what}`)).message).toMatch(/Time travel data is not available/);
    }
    expect(await client.column("select id from t at(offset => -86000) order by id")).toEqual([1, 2]);
    expect((await client.failure("select * from t at(statement => 'nothing')")).message).toMatch(/not found/);
  });

  test("retention follows the table's parameter", async () => {
    await client.run(
      "create or replace table short (id int) data_retention_time_in_days = 0",
      "insert into short values (1)",
    );
    await snowglobe.advance(10);
    await client.run("delete from short");
    expect((await client.failure("select * from short at(offset => -5)")).message).toMatch(/not available/);
  });

  test("a clock that went on is what the statements see", async () => {
    const now = Number(await client.value("select date_part(epoch_second, current_timestamp())"));
    expect(now).toBe(snowglobe.clock.now() / 1e6);
    expect(now).toBeGreaterThan(START / 1e6);
  });
});

describe("kept results", () => {
  test("RESULT_SCAN of a query id and of the last query", async () => {
    const id = await queryId("select column1 as n, column2 as t from values (1, 'a'), (2, null)");
    expect(await client.rows(`select * from table(result_scan('${id}')) where n > 1`)).toEqual([{ N: 2, T: null }]);
    await client.run("select 5 as five");
    expect(await client.value("select five + 1 from table(result_scan(last_query_id()))")).toBe(6);
    await client.run("show databases like 'D'");
    expect(await client.value('select "name" from table(result_scan(last_query_id()))')).toBe("D");
    expect((await client.failure("select * from table(result_scan('01-nothing'))")).message).toMatch(/not found/);
  });

  test("every type survives RESULT_SCAN", async () => {
    const types = `select 1.50::number(5,2) as n, 1e100::float as f, 'x"\\n' as s, true as b, '2024-02-29'::date as d,
      '12:34:56.789'::time as ti, '2024-02-29 01:02:03.456789'::timestamp_ntz as ts,
      '2024-02-29 01:02:03 +0530'::timestamp_tz as tz, parse_json('{"a":[1,null]}') as v, to_binary('CAFE') as bin`;
    const id = await queryId(types);
    const text = (rows: unknown[]): string => JSON.stringify(rows);
    const again = await client.rows(`select * from table(result_scan('${id}'))`);
    expect(text(again)).toBe(text(await client.rows(types)));
  });

  test("->> reads the statements before it", async () => {
    expect(
      await client.rows(
        `show databases like 'D' ->> select "name" as n from $1 ->> select n || '!' as n, (select count(*) from $2) as c from $1`,
      ),
    ).toEqual([{ N: "D!", C: 1 }]);
    expect((await client.failure("select 1 as a ->> select * from $2")).message).toMatch(/start of the pipe/);
  });
});

describe("large results", () => {
  test("arrive whole and in order, in chunks", async () => {
    const rows = await client.rows(
      `select row_number() over (order by seq4()) - 1 as i, 'text ' || i as t from table(generator(rowcount => 130000)) order by 1`,
    );
    expect(rows).toHaveLength(130_000);
    expect(rows.every((row, index) => row.I === index && row.T === `text ${index}`)).toBe(true);
  });

  test("an empty result has its columns", async () => {
    const { statement, rows } = await client.driver.execute("select 1 as a, 'x' as b where false");
    expect(rows).toEqual([]);
    expect(statement.getColumns()!.map((column) => column.getName())).toEqual(["A", "B"]);
  });
});

describe("cancel", () => {
  test("ends a running query, and the session goes on", async () => {
    const connection = client.driver.connection;
    const outcome = new Promise<{ code?: unknown }>((resolve) => {
      const statement = connection.execute({
        sqlText:
          "select count(*) from table(generator(rowcount => 100000000)) a, table(generator(rowcount => 100000)) b where random() > 2",
        complete: (error) => resolve((error ?? {}) as { code?: unknown }),
      });
      setTimeout(() => statement.cancel(() => undefined), 300);
    });
    expect((await outcome).code).toBe("000604");
    expect(await client.value("select 1")).toBe(1);
  });
});

/** What EXPLAIN CHANGES predicts is what the refresh does. Source: "Predict refresh behavior". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, shown } from "./documented";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

let schema = 0;
beforeEach(() => freshSchema(client, `sc${++schema}`));
afterEach(() => client.run(`drop schema sc${schema}`));

async function predicted(statement: string): Promise<Record<string, unknown>> {
  const row = await client.row(`explain changes ${statement}`);
  expect(Object.keys(row)).toEqual(["operation", "domain", "name", "changes", "effects"]);
  const [effect] = JSON.parse(row.effects as string) as { effect_type: string; properties: Record<string, unknown> }[];
  expect(effect!.effect_type).toBe("DYNAMIC_TABLE_REFRESH");
  return effect!.properties;
}

/** Predicts the refresh, refreshes, and compares. */
async function proved(name: string): Promise<unknown> {
  const { effective_refresh_action: action, effective_refresh_action_reason: reason } = await predicted(
    `alter dynamic table ${name} refresh`,
  );
  await snowglobe.advance(1);
  await client.run(`alter dynamic table ${name} refresh`);
  const done = await client.row(
    `select refresh_action, reinit_reason from table(information_schema.dynamic_table_refresh_history(name => 'sc${schema}.${name}'))
     qualify row_number() over (order by data_timestamp desc) = 1`,
  );
  expect({ REFRESH_ACTION: action, REINIT_REASON: reason ?? null }).toEqual(done);
  return action;
}

test("a property that is not changed", async () => {
  await client.run(dt("d", "", "select id from src"), "insert into src values (4, 'b', 5, null)");
  const statement = "alter dynamic table d set target_lag = '5 minutes'";
  expect(await client.row(`explain changes ${statement}`)).toMatchObject({
    operation: "ALTER",
    domain: "DYNAMIC_TABLE",
    name: `"D"."SC${schema}"."D"`,
    changes: "[]",
  });
  expect(await predicted(statement)).toEqual({
    refresh_mode: "ADAPTIVE",
    effective_refresh_action: "INCREMENTAL",
    is_expect_failure: false,
    effective_refresh_action_is_incremental: true,
  });
  expect((await shown(client, "D")).target_lag).toBe("1 minute");
});

test("refreshes of every kind", async () => {
  await client.run(
    dt("u", "", "select id, amt from src where amt > 5"),
    dt("d", "refresh_mode = incremental", "select id from u"),
    dt("f", "", "select id from src order by id limit 2"),
  );
  expect(await proved("d")).toBe("NO_DATA");
  await client.run("insert into src values (4, 'b', 50, null)");
  expect(await proved("d")).toBe("INCREMENTAL");
  expect(await proved("u")).toBe("NO_DATA");
  expect(await proved("f")).toBe("FULL");
  await client.run(dt("u", "", "select id, amt from src where amt > 15").replace("create", "create or alter"));
  expect(await proved("u")).toBe("REINITIALIZE");
  expect(await predicted("alter dynamic table f refresh")).toMatchObject({
    refresh_mode_reason: expect.any(String) as string,
  });
});

test("changes of the definition, which are not made", async () => {
  await client.run(
    dt("d", "refresh_mode = full frozen where (ts < '2025-01-01')", "select * from src"),
    "insert into src values (4, 'b', 50, null)",
  );
  expect(await predicted("alter dynamic table d unset frozen where")).toMatchObject({
    effective_refresh_action: "REINITIALIZE",
    effective_refresh_action_reason: "Frozen region changed or removed.",
    effective_refresh_action_is_incremental: false,
  });
  expect(await predicted("alter dynamic table d set frozen where (ts < '2026-01-01')")).toMatchObject({
    effective_refresh_action: "FULL",
  });
  const alter = dt("d", "refresh_mode = incremental", "select * from src").replace("create", "create or alter");
  expect(await predicted(alter)).toMatchObject({
    refresh_mode: "INCREMENTAL",
    effective_refresh_action: "REINITIALIZE",
  });
  expect(await predicted(dt("n", "", "select id from src"))).toEqual({
    refresh_mode: "ADAPTIVE",
    effective_refresh_action: "CREATE",
    is_expect_failure: false,
    effective_refresh_action_is_incremental: false,
  });
  expect(await predicted(dt("d", "", "select id from src").replace("create", "create or replace"))).toMatchObject({
    effective_refresh_action: "CREATE",
  });
  expect(await client.rows("show dynamic tables")).toHaveLength(1);
  expect(await shown(client, "D")).toMatchObject({ refresh_mode: "FULL", immutable_where: "ts < '2025-01-01'" });
});

test("a refresh that will fail", async () => {
  await client.run(dt("d", "", "select id from src"), "alter table src rename column id to id2");
  expect(await predicted("alter dynamic table d refresh")).toEqual({
    effective_refresh_action: "FAILURE",
    is_expect_failure: true,
    effective_refresh_action_is_incremental: false,
    expect_failure_reason: expect.stringContaining("invalid identifier 'ID'") as string,
  });
  expect((await client.failure("alter dynamic table d refresh")).message).toContain("invalid identifier 'ID'");
});

test("other forms, and other statements", async () => {
  await client.run(dt("d", "", "select id from src"));
  for (const format of ["json", "text", "tabular"]) {
    expect(await client.rows(`explain changes using ${format} alter dynamic table d refresh`)).toHaveLength(1);
  }
  expect((await client.failure("explain changes create table x (a int)")).message).toMatch(/Unsupported feature/);
});

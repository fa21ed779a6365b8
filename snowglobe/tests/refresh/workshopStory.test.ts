import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, lastRefresh, prepare } from "./pipeline";

const ALL = 42_535;
const CALIFORNIA = 7_429;
/** Loans of the states that the top of the list needs, besides California. */
const SMALL: readonly (readonly [string, number])[] = [
  ["WY", 87],
  ["SD", 67],
];

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

/** A SELECT of loans: California's, then those of the small states, then Texas for the rest. */
function loans(count: number): string {
  let from = CALIFORNIA;
  const arms = SMALL.map(([state, size]) => {
    const arm = `when n < ${from + size} then '${state}'`;
    from += size;
    return arm;
  });
  return `select n, case when n < ${CALIFORNIA} then 'CA' ${arms.join(" ")} else 'TX' end, 1000 + n % 100
          from (select row_number() over (order by seq4()) - 1 as n from table(generator(rowcount => ${count})))`;
}

test("a load of all states reaches the leaf within its lag, and history tells how", async () => {
  await client.run(
    "create table loans (id int, addr_state varchar, amount number(10, 2))",
    `insert into loans ${loans(CALIFORNIA)}`,
    "alter table loans set change_tracking = true",
    `create dynamic table stg target_lag = 'downstream' warehouse = wh refresh_mode = auto initialize = on_create
       scheduler = 'ENABLE' as (select id, addr_state as state, amount from loans where amount > 0)`,
    `create dynamic table leaf target_lag = '1 minute' warehouse = wh
       as select state, count(*) as loans from stg group by state order by loans limit 10`,
    "create transient table standard as select state, count(*) as loans from stg group by state",
  );
  const [stg, leaf] = [
    (await client.rows("show dynamic tables like 'STG'"))[0]!,
    (await client.rows("show dynamic tables like 'LEAF'"))[0]!,
  ];
  expect(stg).toMatchObject({ target_lag: "DOWNSTREAM", refresh_mode: "ADAPTIVE", refresh_mode_reason: null });
  expect(leaf).toMatchObject({ target_lag: "1 minute", refresh_mode: "FULL", scheduling_state: "RUNNING" });
  expect(leaf.refresh_mode_reason).toMatch(/^Unsupported query operator type: Limit$/);
  expect(await client.rows("select * from leaf")).toEqual([{ STATE: "CA", LOANS: CALIFORNIA }]);

  await client.run(`insert overwrite into loans ${loans(ALL)}`);
  expect(await client.rows("select * from leaf")).toEqual([{ STATE: "CA", LOANS: CALIFORNIA }]);
  await snowglobe.advance(60);

  expect(await client.rows("select * from leaf order by loans")).toEqual([
    { STATE: "SD", LOANS: 67 },
    { STATE: "WY", LOANS: 87 },
    { STATE: "CA", LOANS: CALIFORNIA },
    { STATE: "TX", LOANS: ALL - CALIFORNIA - 87 - 67 },
  ]);
  expect(await client.rows("select * from standard")).toEqual([{ STATE: "CA", LOANS: CALIFORNIA }]);
  expect(await client.value("select count(*) from stg")).toBe(ALL);

  const refreshed = (await history(client)).filter((row) => row.REFRESH_TRIGGER === "SCHEDULED");
  const changed = refreshed.filter((row) => row.REFRESH_ACTION !== "NO_DATA");
  expect(changed).toMatchObject([
    { NAME: expect.stringMatching(/STG|LEAF/), STATE: "SUCCEEDED" },
    { NAME: expect.stringMatching(/STG|LEAF/), STATE: "SUCCEEDED" },
  ]);
  expect(changed.find((row) => row.NAME === "STG")).toMatchObject({
    REFRESH_ACTION: "INCREMENTAL",
    INSERTED: ALL,
    DELETED: CALIFORNIA,
  });
  expect(changed.find((row) => row.NAME === "LEAF")).toMatchObject({
    REFRESH_ACTION: "FULL",
    INSERTED: 4,
    DELETED: 1,
  });
  expect(new Set(changed.map((row) => row.AT)).size).toBe(1);
});

test("when nothing changes every further cycle is NO_DATA, 48 s apart", async () => {
  const before = (await history(client, "LEAF")).length;
  await snowglobe.advance(48 * 5);
  const after = (await history(client, "LEAF")).slice(before);
  expect(after.map((row) => row.REFRESH_ACTION)).toEqual(Array(5).fill("NO_DATA"));
  for (const [index, row] of after.entries()) if (index > 0) expect(row.AT - after[index - 1]!.AT).toBe(48);
  const columns = await client.row(
    `select datediff(second, data_timestamp, completion_target) as ahead, target_lag_sec, qualified_name,
            last_completed_dependency:qualified_name::varchar as dependency, state_code
     from table(information_schema.dynamic_table_refresh_history(name => 'd.public.leaf', result_limit => 1))`,
  );
  expect(columns).toEqual({
    // The target is the data timestamp before plus the lag: 48 s ago plus 60 s.
    AHEAD: 12,
    TARGET_LAG_SEC: 60,
    QUALIFIED_NAME: "D.PUBLIC.LEAF",
    DEPENDENCY: "D.PUBLIC.STG",
    STATE_CODE: "SUCCESS",
  });
});

test("an insert of one row is an incremental refresh of one row", async () => {
  await client.run("insert into loans values (99999, 'WY', 5)");
  await snowglobe.advance(60);
  expect((await history(client, "STG")).filter((row) => row.REFRESH_ACTION === "INCREMENTAL").at(-1)).toMatchObject({
    INSERTED: 1,
    DELETED: 0,
  });
  expect(await client.value("select loans from leaf where state = 'WY'")).toBe(88);
  expect((await lastRefresh(client, "LEAF")).STATE).toBe("SUCCEEDED");
});

test("the schedule goes on after a restart", async () => {
  await snowglobe.restart();
  client = await snowglobe.connect();
  await client.run("use schema d.public", "use warehouse wh", "insert into loans values (100000, 'WY', 5)");
  await snowglobe.advance(60);
  expect(await client.value("select loans from leaf where state = 'WY'")).toBe(89);
});

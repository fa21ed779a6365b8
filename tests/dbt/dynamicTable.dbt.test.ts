/**
 * A dynamic table that dbt makes, through its whole life: the real dbt (WORKSHOP_DBT) against a real snowglobe, whose
 * clock only the test moves. After each step the table must hold what its query gives, without any further command.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";
import { history, lastRefresh } from "../../snowglobe/tests/refresh/pipeline";
import { DBT, runDbt } from "./runDbt";

const FILES: Readonly<Record<string, string>> = {
  "dbt_project.yml": `
name: lives
version: "1.0.0"
profile: lives
flags:
  send_anonymous_usage_stats: false
`,
  "profiles.yml": `
lives:
  target: dev
  outputs:
    dev:
      type: snowflake
      account: snowglobe
      host: 127.0.0.1
      port: "{{ env_var('SNOWFLAKE_PORT') | as_native }}"
      protocol: http
      user: ADMIN
      password: "{{ env_var('SNOWFLAKE_PASSWORD') }}"
      role: ACCOUNTADMIN
      warehouse: WH
      database: D
      schema: MODELS
      threads: 1
`,
  "models/adults.sql": `
{{ config(
  materialized = var("materialized", "dynamic_table"),
  target_lag = var("lag", "1 minute"),
  snowflake_warehouse = "WH",
  refresh_mode = "INCREMENTAL",
  on_configuration_change = "apply"
) }}
{{ var("query", 'select id, upper(name) as name, age from d.public.people where age >= ' ~ var("age", 18)) }}
`,
  "models/schema.yml": `
version: 2
sources:
  - name: raw
    database: D
    schema: PUBLIC
    tables:
      - name: people
models:
  - name: adults
    columns:
      - name: id
        data_tests: [unique, not_null]
`,
};

/** What the project takes over from the workshop's own. */
const MACROS = ["deploy_definition.sql", "refresh_staging.sql"];

const MINUTES = 60_000;
const withDbt = DBT ? describe : describe.skip;

withDbt("an incremental dynamic table in a dbt project", () => {
  let snowglobe: TestSnowglobe;
  let client: TestClient;
  let folder: string;
  let people = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lives-"));
    mkdirSync(join(folder, "models"));
    mkdirSync(join(folder, "macros"));
    for (const name of MACROS) copyFileSync(resolve(__dirname, "../../dbt/macros", name), join(folder, "macros", name));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    snowglobe = await startSnowglobe();
    client = await snowglobe.connect();
    await client.run("create warehouse wh", "create database d", "create table people (id int, name varchar, age int)");
  });
  afterAll(async () => {
    await snowglobe.stop();
    rmSync(folder, { recursive: true });
  });

  const build = async (vars: Record<string, string> = {}, ...args: string[]): Promise<void> => {
    const env = { SNOWFLAKE_PORT: String(snowglobe.port), SNOWFLAKE_PASSWORD: PASSWORD };
    const outcome = await runDbt(["build", "--vars", JSON.stringify(vars), ...args], folder, folder, env);
    expect(outcome).toMatchObject({ code: 0 });
  };

  /** The rows that a query gives now, as the table must hold them after a build. */
  const isDeployed = async (query: string): Promise<void> => {
    await build({ query, refresh_first: "true" });
    const order = "order by all";
    expect(await client.rows(`select * from d.models.adults ${order}`)).toEqual(
      await client.rows(`select * from (${query}) ${order}`),
    );
  };

  const shown = async (): Promise<Record<string, unknown> | undefined> =>
    (await client.rows("show dynamic tables like 'ADULTS' in schema d.models"))[0];

  /** One grown-up and one child more; then the clock goes on, and the table must have followed. */
  const follows = async (seconds: number, age = 18): Promise<void> => {
    people += 2;
    await client.run(
      `insert into d.public.people values (${people}, 'anna', 30), (${people + 1}, 'bo', 3)`,
      "update d.public.people set age = age + 1 where id = 2",
    );
    await snowglobe.advance(seconds);
    const query = `select id, upper(name) as name, age from d.public.people where age >= ${age} order by id`;
    expect(await client.rows("select * from d.models.adults order by id")).toEqual(await client.rows(query));
    expect(await client.value("select count(*) from d.models.adults")).toBeGreaterThan(0);
  };

  test(
    "is made, and a second build changes nothing",
    async () => {
      await build();
      expect(await shown()).toMatchObject({ refresh_mode: "INCREMENTAL", target_lag: "1 minute", scheduler: "ENABLE" });
      await follows(60);
      expect(await lastRefresh(client, "ADULTS")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL" });
      const before = await shown();
      await build();
      expect(await shown()).toEqual(before);
      await follows(60);
    },
    5 * MINUTES,
  );

  test(
    "another lag alters it, without making its rows anew",
    async () => {
      const before = await shown();
      await build({ lag: "5 minutes" });
      expect(await shown()).toMatchObject({ target_lag: "5 minutes", created_on: before!.created_on });
      await follows(300);
      expect((await history(client, "ADULTS")).map((row) => row.REFRESH_ACTION)).not.toContain("REINITIALIZE");
    },
    5 * MINUTES,
  );

  test(
    "suspended it stays so over builds, and goes on when it is resumed",
    async () => {
      await client.run("alter dynamic table d.models.adults suspend");
      await build({ lag: "5 minutes" });
      expect(await shown()).toMatchObject({ scheduling_state: "SUSPENDED" });
      await build({ lag: "1 minute" });
      expect(await shown()).toMatchObject({ scheduling_state: "SUSPENDED", target_lag: "1 minute" });
      await client.run("alter dynamic table d.models.adults resume");
      await follows(60);
    },
    5 * MINUTES,
  );

  test(
    "renamed it lives on under its new name, and the next build makes it again",
    async () => {
      await client.run("alter dynamic table d.models.adults rename to d.models.grown_ups");
      await build();
      await follows(60);
      expect(await client.rows("select * from d.models.grown_ups order by id")).toEqual(
        await client.rows("select * from d.models.adults order by id"),
      );
      await client.run("drop dynamic table d.models.grown_ups");
    },
    5 * MINUTES,
  );

  test(
    "another query comes with the next build, and none is made again that stayed the same",
    async () => {
      await build({ age: "21" });
      await follows(60, 21);
      const before = await shown();
      await build({ age: "21" });
      expect(await shown()).toMatchObject({ created_on: before!.created_on });
      await build();
      await follows(60);
    },
    5 * MINUTES,
  );

  // Each begins or ends as another one does, or differs in what a careless comparison would not see.
  test.each([
    "select id, 1 as age from d.public.people where id > 2",
    "select id, 1 as age from d.public.people",
    "select id, 1 as age from d.public.people /* a comment */",
    "with a as (select id, 1 as age from d.public.people) select * from a",
    "select id, 1 as age from d.public.people where name = 'ANNA'",
    "select id, 1 as age from d.public.people where name = 'anna'",
    "select id, 1 as age, '/* (' as odd from d.public.people where name <> ') */'",
  ])("a build deploys %s", isDeployed, 5 * MINUTES);

  test(
    "a query that the account refuses fails the build, and the table stays as it is",
    async () => {
      const before = await shown();
      const env = { SNOWFLAKE_PORT: String(snowglobe.port), SNOWFLAKE_PASSWORD: PASSWORD };
      const vars = JSON.stringify({ query: "select id, no_such_column as age from d.public.people" });
      const { code, output } = await runDbt(["build", "--vars", vars], folder, folder, env);
      expect([code, output]).toEqual([1, expect.stringMatching(/invalid identifier 'NO_SUCH_COLUMN'/)]);
      expect(await shown()).toEqual(before);
      await build();
      await follows(60);
    },
    5 * MINUTES,
  );

  test(
    "it is replaced by a table, and comes back",
    async () => {
      await build({ materialized: "table" });
      expect(await shown()).toBeUndefined();
      const rows = await client.value("select count(*) from d.models.adults");
      await client.run("insert into d.public.people values (1000, 'late', 99)");
      await snowglobe.advance(60);
      expect(await client.value("select count(*) from d.models.adults")).toBe(rows);
      await build();
      expect(await shown()).toMatchObject({ refresh_mode: "INCREMENTAL", scheduling_state: "RUNNING" });
      await follows(60);
      expect(await lastRefresh(client, "ADULTS")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL" });
      expect(await client.rows("show objects like '%__dbt_%' in schema d.models")).toEqual([]);
    },
    5 * MINUTES,
  );
});

/**
 * The settings that dbt-snowflake knows of a dynamic table beside lag and mode, made and altered by the real dbt
 * (WORKSHOP_DBT) on a real snowglobe. Source: "Use dynamic tables in dbt".
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";
import { DBT, runDbt } from "./runDbt";

const PROJECT = `
name: settings
version: "1.0.0"
profile: settings
flags:
  send_anonymous_usage_stats: false
`;

const PROFILE = `
settings:
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
`;

const MINUTES = 60_000;
const withDbt = DBT ? describe : describe.skip;

withDbt("a dynamic table of a dbt project", () => {
  let snowglobe: TestSnowglobe;
  let client: TestClient;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "settings-"));
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "dbt_project.yml"), PROJECT);
    writeFileSync(join(folder, "profiles.yml"), PROFILE);
    snowglobe = await startSnowglobe();
    client = await snowglobe.connect();
    await client.run(
      "create warehouse wh",
      "create warehouse large_wh",
      "create database d",
      "create table people (id int, name varchar, born date)",
      "insert into people values (1, 'anna', '1990-01-01'), (2, 'bo', '2001-01-01')",
    );
  });
  afterAll(async () => {
    await snowglobe.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs the one model with settings of its own. */
  const run = async (settings: Record<string, string>): Promise<Record<string, unknown>> => {
    const given = { materialized: "dynamic_table", snowflake_warehouse: "WH", ...settings };
    const list = Object.entries(given).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    writeFileSync(
      join(folder, "models", "people.sql"),
      `{{ config(${list.join(", ")}, on_configuration_change = "apply") }}\nselect id, name, born from d.public.people`,
    );
    const env = { SNOWFLAKE_PORT: String(snowglobe.port), SNOWFLAKE_PASSWORD: PASSWORD };
    expect(await runDbt(["run"], folder, folder, env)).toMatchObject({ code: 0 });
    return (await client.rows("show dynamic tables like 'PEOPLE' in schema d.models"))[0]!;
  };

  test(
    "clustering key, frozen region and initialisation warehouse are made, changed in place and taken away",
    async () => {
      const made = await run({
        target_lag: "1 minute",
        cluster_by: "born",
        immutable_where: "born < '2000-01-01'",
        snowflake_initialization_warehouse: "LARGE_WH",
      });
      expect(made).toMatchObject({
        cluster_by: expect.stringMatching(/^LINEAR\("?born"?\)$/i),
        immutable_where: expect.stringMatching(/born < '2000-01-01'/i),
        initialization_warehouse: "LARGE_WH",
        scheduler: "ENABLE",
      });
      const changed = await run({
        target_lag: "2 minutes",
        cluster_by: "id, born",
        immutable_where: "born < '2001-06-01'",
      });
      expect(changed).toMatchObject({
        created_on: made.created_on,
        target_lag: "2 minutes",
        cluster_by: expect.stringMatching(/^LINEAR\("?id"?, "?born"?\)$/i),
        immutable_where: expect.stringMatching(/2001-06-01/),
      });
      await client.run("update d.public.people set name = upper(name)");
      await snowglobe.advance(120);
      // Both were born before, and their rows are frozen.
      expect(await client.column("select name from d.models.people order by id")).toEqual(["anna", "bo"]);
      const bare = await run({ target_lag: "2 minutes" });
      expect(bare).toMatchObject({ created_on: made.created_on, cluster_by: "", immutable_where: null });
      await snowglobe.advance(120);
      expect(await client.column("select name from d.models.people order by id")).toEqual(["ANNA", "BO"]);
    },
    5 * MINUTES,
  );

  test(
    "without a lag dbt refreshes it itself, and nobody else does",
    async () => {
      await client.run("drop dynamic table d.models.people");
      expect(await run({})).toMatchObject({ target_lag: null, scheduler: "DISABLE" });
      await client.run("insert into d.public.people values (3, 'CY', '2010-01-01')");
      await snowglobe.advance(600);
      expect(await client.value("select count(*) from d.models.people")).toBe(2);
      await run({});
      expect(await client.value("select count(*) from d.models.people")).toBe(3);
      expect(await run({ target_lag: "1 minute" })).toMatchObject({ target_lag: "1 minute", scheduler: "ENABLE" });
    },
    5 * MINUTES,
  );

  test(
    "ADAPTIVE is a mode like the others, and another mode makes the table anew",
    async () => {
      expect(await run({ target_lag: "1 minute", refresh_mode: "FULL" })).toMatchObject({ refresh_mode: "FULL" });
      const adaptive = await run({ target_lag: "1 minute", refresh_mode: "ADAPTIVE" });
      expect(adaptive).toMatchObject({ refresh_mode: "ADAPTIVE" });
      expect(await run({ target_lag: "1 minute", refresh_mode: "ADAPTIVE" })).toMatchObject({
        created_on: adaptive.created_on,
        refresh_mode: "ADAPTIVE",
      });
    },
    5 * MINUTES,
  );
});

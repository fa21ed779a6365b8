/** schemachange, unmodified: versioned, repeatable and always-run scripts; a second run applies only the latter. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PASSWORD, type TestClient } from "../server";
import { describeWith, python, usePlayground } from "./tool";

const SCRIPTS = {
  "V1.0.0__tables.sql": "create table people (id int);\ninsert into people values (1), (2);\n",
  "V1.1.0__names.sql": "alter table people add column name varchar;\nupdate people set name = '{{ who }}';\n",
  "R__views.sql": "create or replace view named as select id, name from people;\n",
  "A__grants.sql": "grant select on all tables in schema d.s to role public;\n",
};

describeWith(python)("schemachange", () => {
  let client: TestClient;
  const playground = usePlayground(async ({ snowglobe, folder }) => {
    client = await snowglobe.connect();
    await client.run("create warehouse wh", "create database d", "create schema d.s");
    for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(path.join(folder, name), text);
  });

  const deploy = async (): Promise<string> => {
    const { snowglobe, folder, run } = playground();
    const program = path.join(path.dirname(python), "schemachange");
    const args = ["deploy", "--root-folder", folder, "--vars", '{"who": "ann"}'];
    return run(program, [...args, "--change-history-table", "D.S.HISTORY", "--create-change-history-table"], {
      SNOWFLAKE_ACCOUNT: "local",
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: String(snowglobe.port),
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_USER: "ADMIN",
      SNOWFLAKE_PASSWORD: PASSWORD,
      SNOWFLAKE_ROLE: "ACCOUNTADMIN",
      SNOWFLAKE_WAREHOUSE: "WH",
      SNOWFLAKE_DATABASE: "D",
      SNOWFLAKE_SCHEMA: "S",
    });
  };
  const applied = (): Promise<unknown[]> =>
    client.column("select script from d.s.history order by installed_on, script");

  test("applies all scripts once, and the one that always runs again", async () => {
    await deploy();
    expect(await client.column("select name from d.s.named order by id")).toEqual(["ann", "ann"]);
    expect((await applied()).sort()).toEqual(Object.keys(SCRIPTS).sort());
    await deploy();
    expect((await applied()).sort()).toEqual([...Object.keys(SCRIPTS), "A__grants.sql"].sort());
  }, 120_000);

  test("a repeatable script is applied again when it has changed", async () => {
    writeFileSync(
      path.join(playground().folder, "R__views.sql"),
      "create or replace view named as select name from people;\n",
    );
    await deploy();
    expect(
      await client.column("select column_name from d.information_schema.columns where table_name = 'NAMED'"),
    ).toEqual(["NAME"]);
  }, 120_000);

  test("a script that fails stops the run with Snowflake's words", async () => {
    writeFileSync(path.join(playground().folder, "V2.0.0__bad.sql"), "select * from gone;\n");
    await expect(deploy()).rejects.toThrow(/Object 'D.S.GONE' does not exist or not authorized/);
  }, 120_000);
});

/** The Snowflake CLI, unmodified: connections, SQL, objects and stages. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PASSWORD } from "../server";
import { describeWith, snow, usePlayground } from "./tool";

// Each call of it starts a Python of its own.
jest.setTimeout(300_000);

describeWith(snow)("the Snowflake CLI", () => {
  const playground = usePlayground(async ({ snowglobe, folder }) => {
    const client = await snowglobe.connect();
    await client.run("create warehouse wh", "create database d", "create table d.public.t (a int)");
    const settings = {
      account: "local",
      user: "ADMIN",
      host: "127.0.0.1",
      protocol: "http",
      database: "D",
      schema: "PUBLIC",
    };
    const lines = Object.entries({ ...settings, warehouse: "WH" }).map(([name, value]) => `${name} = "${value}"`);
    const text = [
      "[cli]",
      "ignore_new_version_warning = true",
      "[connections.local]",
      `port = ${snowglobe.port}`,
      ...lines,
      "",
    ].join("\n");
    writeFileSync(path.join(folder, "config.toml"), text, { mode: 0o600 });
  });
  const call = (...args: string[]): Promise<string> =>
    playground().run(snow, [...args, "--connection", "local"], { SNOWFLAKE_CONNECTIONS_LOCAL_PASSWORD: PASSWORD });
  const json = async (...args: string[]): Promise<unknown> => JSON.parse(await call(...args, "--format", "json"));

  test("connection test", async () => {
    expect(await json("connection", "test")).toMatchObject({ Status: "OK", Host: "127.0.0.1", Database: "D" });
  });

  test("sql: a query, several, a file, variables", async () => {
    expect(await json("sql", "-q", "select 1 as a, 'x' as b")).toEqual([{ A: 1, B: "x" }]);
    expect(await json("sql", "-q", "select 1 as a; select 2 as b")).toEqual([[{ A: 1 }], [{ B: 2 }]]);
    writeFileSync(
      path.join(playground().folder, "f.sql"),
      "create or replace table made (a int);\nselect <% n %> as n;\n",
    );
    expect(await json("sql", "-f", "f.sql", "-D", "n=5")).toEqual([
      [{ status: "Table MADE successfully created." }],
      [{ N: 5 }],
    ]);
  });

  test.each(["warehouse", "function"])("object list %s", async (kind) => {
    expect(Array.isArray(await json("object", "list", kind))).toBe(true);
  });

  test("object list table, describe, drop", async () => {
    expect(await json("object", "list", "table", "--like", "t")).toMatchObject([{ name: "T", rows: 0 }]);
    expect(await json("object", "describe", "table", "t")).toMatchObject([{ name: "A", type: "NUMBER(38,0)" }]);
    expect(await json("object", "drop", "table", "t")).toMatchObject([{ status: "T successfully dropped." }]);
    await expect(call("object", "drop", "table", "t")).rejects.toThrow(/does not exist or not authorized/);
  });

  test("stage: create, copy there and back, list, execute, remove", async () => {
    await call("stage", "create", "files");
    writeFileSync(path.join(playground().folder, "run.sql"), "create or replace table ran (a int);\n");
    expect(await json("stage", "copy", "run.sql", "@files")).toMatchObject([{ source: "run.sql", status: "UPLOADED" }]);
    expect(await json("stage", "list-files", "@files")).toMatchObject([{ name: "files/run.sql" }]);
    expect(await json("stage", "describe", "files")).toEqual(
      expect.arrayContaining([expect.objectContaining({ parent_property: "STAGE_FILE_FORMAT", property: "TYPE" })]),
    );
    expect(await json("stage", "execute", "@files/run.sql")).toMatchObject([{ Status: "SUCCESS" }]);
    expect(await json("sql", "-q", "select count(*) as n from ran")).toEqual([{ N: 0 }]);
    expect(await json("stage", "copy", "@files/run.sql", "got")).toMatchObject([{ status: "DOWNLOADED" }]);
    await call("stage", "remove", "@files", "run.sql");
    expect(await json("stage", "list-files", "@files")).toEqual([]);
  });

  test("what goes by the REST API is refused", async () => {
    await expect(call("object", "create", "database", "name=made_by_rest")).rejects.toThrow(/501/);
  });
});

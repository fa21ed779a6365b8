/** The load through the real snowflake-sdk. The server is scripted, so this proves nothing about SQL. */
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { closeConnection, connectFromEnvironment, execute } from "../../loader/connection";
import { LoadError } from "../../loader/errors";
import { load } from "../../loader/load";
import { ScriptedServer } from "./scriptedServer";

const server = new ScriptedServer("s3cret");

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.statements.length = 0;
  server.uploads.length = 0;
  server.logouts = 0;
});

test("login, statements, upload and logout", async () => {
  server.script = (sql) => (sql.startsWith("COPY INTO") ? { rows_loaded: "67" } : { status: "ok" });
  const connection = await connectFromEnvironment(server.environment);
  const report = await load({ source: "sample", states: ["SD"] }, connection);
  await closeConnection(connection);
  expect(report).toMatchObject({ rowsRead: 42_535, rowsLoaded: 67 });
  expect(server.statements.map((sql) => sql.split(" ", 2).join(" "))).toEqual([
    "CREATE TEMPORARY",
    expect.stringMatching(/^PUT 'file:\/\/\/.*loans-0001\.csv\.gz'$/) as string,
    "CREATE TEMPORARY",
    "COPY INTO",
    "CREATE TABLE",
    "INSERT OVERWRITE",
    "DROP TABLE",
    "DROP STAGE",
  ]);
  expect(server.uploads).toHaveLength(1);
  expect(parse(gunzipSync(server.uploads[0]!))).toHaveLength(67);
  expect(server.logouts).toBe(1);
});

test("a missing schema, with Snowflake's own words", async () => {
  const said = "SQL compilation error:\nSchema 'RAW.LOANS' does not exist or not authorized.";
  server.script = () => ({ error: said, code: "002003" });
  const connection = await connectFromEnvironment(server.environment);
  const failure: unknown = await load({ source: "sample" }, connection).catch((error: unknown) => error);
  await closeConnection(connection);
  expect((failure as Error).message).toBe(
    "Schema RAW.LOANS does not exist, or the role may not use it: create it, or name another by --database and " +
      "--schema (Snowflake: SQL compilation error: Schema 'RAW.LOANS' does not exist or not authorized.)",
  );
});

test("a wrong password: one line, without it", async () => {
  const env = { ...server.environment, SNOWFLAKE_PASSWORD: "wr0ng" };
  const failure: unknown = await connectFromEnvironment(env).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LoadError);
  expect((failure as Error).message).toMatch(
    /^Cannot log in to Snowflake \(http:\/\/127\.0\.0\.1:\d+\): Incorrect username or password was specified\.$/,
  );
});

test("rows come by column name", async () => {
  server.script = () => ({ A: "1", b: "x" });
  const connection = await connectFromEnvironment(server.environment);
  expect(await execute(connection, "SELECT 1")).toEqual([{ A: "1", b: "x" }]);
  await closeConnection(connection);
});

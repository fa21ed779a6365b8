/**
 * snowflake-connector-python, unmodified. `SNOWGLOBE_TEST_PYTHON` names one or more interpreters that have it (4.x and
 * 5.x are different programs), separated as in PATH; without it these tests are skipped.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { startServer } from "../../src/server";
import { FakeEngine } from "./fakeEngine";
import { quietLogger } from "./quietLogger";
import { teachStages } from "./stageScripts";

const interpreters = (process.env.SNOWGLOBE_TEST_PYTHON ?? "").split(delimiter).filter((path) => path !== "");

const EXPECTED = {
  "wrong password": ["DatabaseError", 390100, "28000"],
  types: [
    42,
    Number("12345678901234567890"),
    "1.50",
    3.25,
    'Ünï "quoted"\nline',
    true,
    "2022-01-08",
    "12:34:56.123456",
    "2023-11-14T22:13:20.123456",
    "2023-11-14T22:13:20.123000+00:00",
    "2023-11-14T15:13:20.123000-07:00",
    "deadbeef",
    '{\n  "a": 1\n}',
    "[1,2]",
    '{"k":"v"}',
    null,
  ],
  // fixed, real, text, boolean, date, time, timestamps, binary, variant, array, object
  "type codes": [0, 0, 0, 1, 2, 13, 3, 12, 8, 6, 7, 11, 5, 10, 9, 2],
  empty: [],
  many: [2500, [1001, null], (2499 * 2500) / 2],
  insert: 1,
  ddl: [["Table T successfully created."]],
  error: ["ProgrammingError", 2003, "42S02"],
  "array bind": 500,
  binds: { 1: { type: "FIXED", value: "1" }, 2: { type: "TEXT", value: "x" }, 3: { type: "ANY", value: null } },
  async: [[1]],
  put: [["loans.csv", "UPLOADED"]],
  "put wildcard": [
    ["one.txt", "UPLOADED"],
    ["two.txt", "UPLOADED"],
  ],
  "put overwrite": [["one.txt", "UPLOADED"]],
  get: [
    ["loans.csv.gz", "DOWNLOADED"],
    ["one.txt", "DOWNLOADED"],
    ["two.txt", "DOWNLOADED"],
  ],
  got: { "loans.csv.gz": expect.any(Number), "one.txt": "changed".length, "two.txt": "two.txt".length },
};

/** 4.x cannot ask over plain HTTP whether a file is there, so the server refuses to replace it. */
const ONLY_4 = { "put again": ["OperationalError", expect.stringContaining("write OVERWRITE = TRUE to replace it")] };
/** Earlier versions of 4.x tell a refused login by a code of their own. */
const EARLY_4 = { ...ONLY_4, "wrong password": ["DatabaseError", 250001, "08001"] };
const ONLY_5 = { "put again": [["one.txt", "SKIPPED"]] };

const without = interpreters.length === 0;
const cases = without ? ["(skipped: SNOWGLOBE_TEST_PYTHON names no Python with the connector)"] : interpreters;

(without ? describe.skip : describe).each(cases)("%s", (python) => {
  test("all that a driver does", async () => {
    const engine = new FakeEngine();
    teachStages(engine);
    const folder = mkdtempSync(join(tmpdir(), "snowglobe-python-"));
    const server = await startServer(engine, { host: "127.0.0.1", port: 0, logger: quietLogger() });
    try {
      const script = join(__dirname, "python_driver.py");
      const { stdout } = await promisify(execFile)(python, [script, String(server.port), folder], { timeout: 50_000 });
      const seen = JSON.parse(stdout) as Record<string, unknown> & { version: string };
      expect(seen).toEqual({
        ...EXPECTED,
        ...(/^4\.[0-4]\./.test(seen.version) ? EARLY_4 : seen.version.startsWith("4.") ? ONLY_4 : ONLY_5),
        version: seen.version,
      });
      expect(engine.logins[1]).toMatchObject({
        databaseName: "BALBOA",
        parameters: { QUERY_TAG: "tag" },
        clientApplication: "PythonConnector",
      });
      // One request for all rows of an array bind.
      expect(engine.statements.filter(({ describeOnly, sqlText }) => !describeOnly && /\?/.test(sqlText))).toHaveLength(
        1,
      );
    } finally {
      await server.close();
      engine.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

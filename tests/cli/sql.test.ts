/** Worksheets and the prompt, by the real driver on a snowglobe inside this process. */
import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import type { Connection } from "snowflake-sdk";
import { workshopNames } from "../../components/naming";
import { closeConnection, connectFromEnvironment } from "../../loader/connection";
import { Interrupted, UsageError, UserError } from "../../cli/errors";
import { WORKSHEET_CONNECTION } from "../../cli/worksheet/execute";
import { runPrompt } from "../../cli/worksheet/prompt";
import { renameObjects } from "../../cli/worksheet/rename";
import { runWorksheet, type WorksheetOptions } from "../../cli/worksheet/run";
import { runShellStep } from "../../cli/worksheet/shellStep";
import { PASSWORD, startSnowglobe, type TestSnowglobe } from "../../snowglobe/tests/server";
import { fakeContext, newFolder, removeFolders } from "./support/context";

let snowglobe: TestSnowglobe;
let connection: Connection;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  connection = await connectFromEnvironment(
    {
      SNOWFLAKE_ACCOUNT: "local",
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: String(snowglobe.port),
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_USER: "ADMIN",
      SNOWFLAKE_PASSWORD: PASSWORD,
    },
    WORKSHEET_CONNECTION,
  );
  const client = await snowglobe.connect();
  await client.run(
    "CREATE WAREHOUSE WH",
    "CREATE DATABASE BALBOA_DEV",
    "CREATE SCHEMA BALBOA_DEV.WORKSHOP",
    'CREATE TABLE BALBOA_DEV.WORKSHOP.LOANS (LOAN_ID NUMBER, "Full Name" VARCHAR)',
  );
});
afterAll(async () => {
  await closeConnection(connection);
  await snowglobe.stop();
  removeFolders();
});

async function run(
  text: string,
  options: Partial<WorksheetOptions> = {},
  context = fakeContext({ json: options.format !== undefined && options.format !== "table" }),
): Promise<{ code: number; out: string; err: string }> {
  const code = await runWorksheet(context, connection, text, {
    ...{ name: "w.sql", format: "table", step: false, continueOnError: false },
    ...options,
  });
  return { code, out: context.out(), err: context.err() };
}

/** Takes minutes, if nobody ends it. */
const LONG =
  "SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 1000000)) A, TABLE(GENERATOR(ROWCOUNT => 1000000)) B WHERE RANDOM() = 1";

const VALUES = `SELECT 1 AS N, 1.50::NUMBER(5,2) AS D, 12345678901234567890 AS BIG, TRUE AS B, NULL AS NOTHING, '' AS EMPTY,
  'a,"b"' AS T, PARSE_JSON('{"a":[1,null]}') AS V, '2026-01-05'::DATE AS DAY, 'x' AS N`;

test("statements are told with their place as they run, results as tables", async () => {
  const { code, out, err } = await run("-- first\nSELECT 1 AS ONE,\n  'x' AS TWO;\nBEGIN; COMMIT;");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^\[1\/3\] w\.sql:2\n {2}> SELECT 1 AS ONE,\n {2}> {3}'x' AS TWO\n {2}ONE {2}TWO\n {4}1 {2}x\n {2}1 row\n/,
  );
  expect(out).toMatch(
    /\[2\/3\] w\.sql:4\n {2}> BEGIN\n[^]*Statement executed successfully[^]*\[3\/3\] w\.sql:4\n {2}> COMMIT\n/,
  );
});

test("a table shows NULL, no control characters, and a thousand rows at most", async () => {
  const { out } = await run(
    "SELECT NULL AS A, 'x\\n\\u001b[31m' AS B; SELECT SEQ4() AS S FROM TABLE(GENERATOR(ROWCOUNT => 1234));",
  );
  expect(out).toMatch(/NULL {2}x\\n\\u001b\[31m\n/);
  expect(out).toContain("1,234 rows; the first 1,000 are shown (--format csv gives all)");
});

test("csv: quotes where needed, null and empty text told apart, a blank line between results", async () => {
  const { out, err } = await run(`${VALUES}; SELECT 2 AS X WHERE FALSE;`, { format: "csv" });
  expect(out).toBe(
    [
      "N,D,BIG,B,NOTHING,EMPTY,T,V,DAY,N",
      `1,1.50,12345678901234567890,TRUE,,"","a,""b""","{""a"":[1,null]}",2026-01-05,x`,
      "",
      "X",
      "",
    ].join("\n"),
  );
  expect(err).toContain("[2/2] w.sql:2");
});

test("values of every other type are text too", async () => {
  const query = `SELECT OBJECT_CONSTRUCT('k', 1) AS O, ARRAY_CONSTRUCT(1, 'x') AS A, '12:30:00'::TIME AS T,
    '2026-01-05 12:00:00'::TIMESTAMP_NTZ AS N, 1.5::FLOAT AS F, TO_BINARY('AB', 'HEX') AS B, NULL::OBJECT AS Z`;
  expect((await run(query)).out).toMatch(
    /\{"k":1\} {2}\[1,"x"\] {2}12:30:00 {2}2026-01-05 12:00:00.000 {2}1.5 {2}AB {2}NULL\n/,
  );
  const [row] = JSON.parse((await run(query, { format: "json" })).out) as unknown[];
  expect(row).toMatchObject({ O: { k: 1 }, A: [1, "x"], T: "12:30:00", F: 1.5, B: "AB", Z: null });
});

test("json: exact numbers, booleans, null and nested values; one statement gives its rows, several a list of theirs", async () => {
  const one = JSON.parse((await run(VALUES, { format: "json" })).out) as unknown;
  expect(one).toEqual([
    {
      ...{ N: 1, D: 1.5, BIG: "12345678901234567890", B: true, NOTHING: null, EMPTY: "", T: 'a,"b"' },
      ...{ V: { a: [1, null] }, DAY: "2026-01-05", N_2: "x" },
    },
  ]);
  const two = JSON.parse((await run("SELECT 1 AS A; SELECT 2 AS A", { format: "json" })).out) as unknown;
  expect(two).toEqual([[{ A: 1 }], [{ A: 2 }]]);
});

test("the first failing statement ends it with file, line and Snowflake's words", async () => {
  const { code, out, err } = await run("SELECT 1;\n\nSELECT\n  NO_SUCH_COLUMN;\nSELECT 3;");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^w\.sql:4: 000904 \(42000\): SQL compilation error:\nerror line 2 at position 2\ninvalid identifier 'NO_SUCH_COLUMN'\n$/,
  );
  expect(out).not.toContain("SELECT 3");
});

test("--continue-on-error goes on and still ends with 1; JSON stays JSON", async () => {
  const text = "SELECT 1 AS A; SELECT * FROM NO_SUCH_TABLE; SELECT 3 AS A;";
  const { code, out } = await run(text, { format: "json", continueOnError: true });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual([[{ A: 1 }], [{ A: 3 }]]);
});

test.each([
  ["SELECT 1;\nSELECT 'abc", "w.sql:2: the string literal that begins here has no end."],
  ["SELECT 1;\n!set x=1", "w.sql:2: '!set' is a command of SnowSQL, not a statement: take it out of the worksheet."],
])("%j is refused before anything runs", async (text, message) => {
  const context = fakeContext();
  await expect(run(text, {}, context)).rejects.toThrow(new UserError(message));
  expect(context.out()).toBe("");
});

test("Ctrl-C cancels the running statement in Snowflake", async () => {
  const context = fakeContext();
  const ended = run(`${LONG}; SELECT 2;`, {}, context);
  setTimeout(() => context.interrupt.pull(), 300);
  await expect(ended).rejects.toThrow(Interrupted);
  expect(context.out()).not.toContain("SELECT 2");
});

test("--step is refused where nobody can press Enter", async () => {
  await expect(run("SELECT 1", { step: true })).rejects.toThrow(UsageError);
});

test("steps for a terminal are left out, or run where asked; a failing one ends the worksheet", async () => {
  const text = "SELECT 1;\n-- shell: ./workshop load\nSELECT 2;";
  expect((await run(text)).out).toMatch(
    /shell w\.sql:2\n {2}> \.\/workshop load\n {2}a step for a terminal, left out; --shell runs it\n\[2\/2\]/,
  );
  const runShell = jest.fn((command: string) => Promise.resolve(command ? 3 : 0));
  const { code, out, err } = await run(text, { runShell });
  expect(runShell.mock.calls).toEqual([["./workshop load"]]);
  expect({ code, err }).toEqual({ code: 1, err: "w.sql:2: ended with exit code 3\n" });
  expect(out).not.toContain("SELECT 2");
});

test.each([
  "rm -rf x",
  "./workshop destroy --yes",
  "./workshop load; rm x",
  "./workshop load $(rm x)",
  "./workshop loads",
])("%j is no step that a worksheet may run", (command) => {
  expect(() => runShellStep(fakeContext(), { target: "local" }, command)).toThrow(/is not run from a worksheet/);
});

test("the checkout's worksheets mean the attendee's objects", () => {
  const [shared, alice] = [
    workshopNames({ environment: "dev" }),
    workshopNames({ environment: "dev", attendee: "alice" }),
  ];
  const text = `use role LOADER; -- RAW
    select raw.loans.RAW_X, 'RAW', 'RAW data', "RAW" from BALBOA_DEV.WORKSHOP.T;  call f('send_email_notifications')`;
  expect(renameObjects(text, shared, alice)).toBe(`use role ALICE_LOADER; -- RAW
    select ALICE_RAW.loans.RAW_X, 'ALICE_RAW', 'RAW data', "RAW" from ALICE_BALBOA_DEV.ALICE.T;  call f('ALICE_SEND_EMAIL_NOTIFICATIONS')`);
  expect(renameObjects(text, shared, shared).toUpperCase()).toBe(text.toUpperCase());
});

describe("the prompt", () => {
  const names = workshopNames({ environment: "dev" });

  /** A prompt whose keys the test presses; `saw` waits for text on the screen. */
  function start(env: NodeJS.ProcessEnv = { WORKSHOP_CACHE_DIR: newFolder() }) {
    const context = fakeContext({ env });
    const [input, output] = [new PassThrough(), new PassThrough()];
    let screen = "";
    output.on("data", (chunk: Buffer) => (screen += chunk.toString()));
    const ended = runPrompt(context, connection, { format: "table", names, input, output });
    const all = (): string => screen + context.out() + context.err();
    const saw = async (text: string | RegExp): Promise<void> => {
      while (!(typeof text === "string" ? all().includes(text) : text.test(all())))
        await new Promise((resolve) => setTimeout(resolve, 10));
    };
    /** Waits until the last thing on the screen is the prompt. */
    const ready = async (): Promise<void> => {
      // eslint-disable-next-line no-control-regex -- readline moves the cursor behind its prompt
      while (!/[\w)]> (\u001b\[\d+G)?$/.test(screen)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    // One by one: readline takes a Tab in the midst of other keys for pasted text.
    const press = (keys: string | readonly string[]): void => [...keys].forEach((key) => input.write(key));
    return { context, ended, saw, ready, env, press };
  }

  test("statements of many lines, several in a line, help, and the end by Ctrl-D", async () => {
    const { press, saw, ended, context } = start();
    await saw("workshop> ");
    press("select 'hello'\r");
    await saw("-> ");
    press("  as greeting; select 7 as seven;\r");
    await saw(/GREETING[^]*hello[^]*SEVEN[^]*7/);
    await saw("ACCOUNTADMIN> ");
    press("use schema balboa_dev.workshop;\r");
    await saw("ACCOUNTADMIN@BALBOA_DEV.WORKSHOP> ");
    press("help\r!frob\r");
    await saw("Ctrl-C");
    await saw("There is no !frob");
    press("select no_such;\r");
    await saw("000904 (42000)");
    press("\u0004");
    expect(await ended).toBe(0);
    expect(context.out()).toContain("1 row");
  });

  test("Ctrl-C drops what is typed, and cancels what runs", async () => {
    const { press, saw, ended, context } = start();
    await saw("workshop> ");
    press("select 'dropped'\r");
    await saw("-> ");
    press("garbage\u0003select 1 as kept;\r");
    await saw("KEPT");
    press(`${LONG};\r`);
    setTimeout(() => press("\u0003"), 300);
    await saw("000604 (57014)");
    press("!quit\r");
    expect(await ended).toBe(0);
    expect(context.out()).not.toContain("dropped");
  });

  test("rows come upright when they are asked for, and exit ends it as quit does", async () => {
    const { press, saw, ended } = start();
    await saw("workshop> ");
    press("!format upright\r");
    await saw("There is no format upright");
    press("!format vertical\rselect 1 as first, 'two' as second;\r");
    await saw(/-- row 1\n {2}FIRST {3}1\n {2}SECOND {2}two\n/);
    press("exit;\r");
    expect(await ended).toBe(0);
  });

  test("a statement of many lines comes back as one", async () => {
    const { press, saw, ready, ended, env } = start();
    await saw("workshop> ");
    press("select 1,\r  2 as\r  last_one;\r");
    await saw("LAST_ONE");
    await ready();
    press("alter user admin\r set password = 'x y z'; select 3 as later;\r");
    await saw("LATER");
    await ready();
    press("quit\r");
    expect(await ended).toBe(0);
    const kept = readFileSync(path.join(env.WORKSHOP_CACHE_DIR!, "sql_history"), "utf8");
    expect(kept).toBe("select 1, 2 as last_one;\nalter user admin\nquit\n");
  });

  test("a signal from elsewhere ends it, also while a statement runs", async () => {
    const { context, press, ready, ended } = start();
    await ready();
    press(`${LONG};\r`);
    setTimeout(() => context.interrupt.pull(), 300);
    expect(await ended).toBe(0);
  });

  test("Tab completes names, in the case of what is typed", async () => {
    const { press, saw, ready, ended } = start();
    await ready();
    press("select * from balboa_dev.workshop.l\t");
    await saw("from balboa_dev.workshop.loans");
    press("\u0015SELECT LOAN_\t");
    await saw("SELECT LOAN_ID");
    press("\u0015create or replace table balboa_dev.workshop.brand_new (a int);\r");
    await saw("successfully created");
    await ready();
    press("select * from balboa_dev.workshop.br\t");
    await saw("from balboa_dev.workshop.brand_new");
    press("\u0015!quit\r");
    await ended;
  });

  test("lines are kept for the next prompt, but for those that may hold a secret, readable by the user only", async () => {
    const { press, saw, ended, env } = start();
    await saw("workshop> ");
    press("select 42 as answer;\r");
    await saw("ANSWER");
    press("alter user admin set password = 'x y z';select\r");
    await saw(/executed successfully|-> /);
    press("\u0003\u0004");
    await ended;
    const file = path.join(env.WORKSHOP_CACHE_DIR!, "sql_history");
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("select 42 as answer;\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const next = start(env);
    await next.saw("workshop> ");
    next.press(["\u001b[A"]);
    await next.saw("select 42 as answer;");
    next.press("\u0015!quit\r");
    await next.ended;
  });
});

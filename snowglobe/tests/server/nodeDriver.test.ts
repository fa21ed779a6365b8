/** snowflake-sdk, unmodified, against the server: results, errors, binds, sessions. */
import type snowflake from "snowflake-sdk";
import { startServer, type RunningServer } from "../../src/server";
import { unsupported } from "../../src/errors";
import { StatementType } from "../../src/account/statementType";
import { VARCHAR } from "../../src/sql/ast/dataType";
import { column, FakeEngine, PASSWORD, table, untilCancelled } from "./fakeEngine";
import { NodeClient } from "./nodeDriver";
import { quietLogger } from "./quietLogger";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let engine: FakeEngine;
let server: RunningServer;
let client: NodeClient;
const logger = quietLogger();

beforeEach(async () => {
  engine = new FakeEngine();
  server = await startServer(engine, { host: "127.0.0.1", port: 0, logger });
  client = await NodeClient.connect(server.port);
});

afterEach(async () => {
  await client.close().catch(() => undefined);
  await server.close();
  engine.dispose();
});

function streamed(statement: snowflake.RowStatement | snowflake.FileAndStageBindStatement): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[] = [];
    const stream = statement.streamRows();
    stream.on("data", (row) => rows.push(row));
    stream.on("error", reject);
    stream.on("end", () => resolve(rows));
  });
}

describe("login", () => {
  test("carries names and parameters, and a logout closes the session", async () => {
    const other = await NodeClient.connect(server.port, { database: "BALBOA", warehouse: "wh", role: "analyst" });
    expect(engine.logins[1]).toMatchObject({
      user: "learner",
      password: PASSWORD,
      databaseName: "BALBOA",
      warehouseName: "wh",
      roleName: "analyst",
      clientApplication: "JavaScript",
    });
    await other.close();
    expect(engine.sessions.map((session) => session.closed)).toEqual([0, 1]);
  });

  test("a wrong password is refused with Snowflake's code", async () => {
    await expect(NodeClient.connect(server.port, { password: "wrong" })).rejects.toMatchObject({
      code: "390100",
      sqlState: "28000",
      message: "Incorrect username or password was specified.",
    });
  });

  test("another authenticator is refused by name", async () => {
    const token = { authenticator: "OAUTH", token: "x" };
    await expect(NodeClient.connect(server.port, token)).rejects.toMatchObject({
      message:
        "Authenticator 'OAUTH' is not supported by this server: log in with a password, a key pair or a programmatic access token.",
    });
    expect(engine.logins).toHaveLength(1);
  });
});

describe("results", () => {
  test("a row of every type arrives", async () => {
    const { rows } = await client.execute("select types", { fetchAsString: ["Date"] });
    const { BIN: binary, ...others } = rows[0]!;
    expect(Buffer.from(binary as Buffer).toString("hex")).toBe("deadbeef");
    expect([others]).toEqual([
      {
        I: 42,
        BIG: Number("12345678901234567890"),
        DEC: 1.5,
        F: 3.25,
        T: 'Ünï "quoted"\nline',
        B: true,
        D: "2022-01-08",
        TI: "12:34:56",
        NTZ: "2023-11-14 22:13:20.123",
        LTZ: "2023-11-14 22:13:20.123 +0000",
        TZ: "2023-11-14 15:13:20.123 -0700",
        V: { a: 1 },
        A: [1, 2],
        O: { k: "v" },
        N: null,
      },
    ]);
  });

  test("an empty result has columns and no rows", async () => {
    const { rows, statement } = await client.execute("select empty");
    expect(rows).toEqual([]);
    expect(statement.getColumns()!.map((each) => [each.getName(), each.getType()])).toEqual([["X", "text"]]);
  });

  test("chunks come in order and whole", async () => {
    const { rows } = await client.execute("select many");
    expect(rows).toHaveLength(2500);
    expect(rows.map((row) => row.ID)).toEqual(Array.from({ length: 2500 }, (_, i) => i));
    expect(rows[1001]).toEqual({ ID: 1001, NAME: null });
    expect(rows[2499]).toEqual({ ID: 2499, NAME: null });
    expect(rows[2498]!.NAME).toBe(`row 2498 ${"x".repeat(200)}`);
  });

  test("DML counts and statement ids", async () => {
    const { rows, statement } = await client.execute("insert into t values (1)");
    expect(rows).toEqual([{ "number of rows inserted": 1 }]);
    expect(statement.getNumUpdatedRows()).toBe(1);
    expect(statement.getQueryId()).toBe(engine.statements[0]!.queryId);
  });

  test("DDL answers its status", async () => {
    const { rows } = await client.execute("create table t (a int)");
    expect(rows).toEqual([{ status: "Table T successfully created." }]);
  });

  test("a statement without columns still answers", async () => {
    engine.on(/^alter session/, async () => ({ statementTypeId: StatementType.ALTER_SESSION }));
    expect((await client.execute("alter session set x = 1")).rows).toEqual([]);
  });

  test("a result is read again by its query id, from another session too", async () => {
    const { rows, statement } = await client.execute("select many");
    const other = await NodeClient.connect(server.port);
    const again = await other.connection.getResultsFromQueryId({ queryId: statement.getQueryId() });
    expect(await streamed(again)).toEqual(rows);
    await other.close();
  });

  test("multi-statement: the umbrella and its children", async () => {
    engine.on(/^select 1;/, async (request) => {
      expect(request.parameters).toMatchObject({ MULTI_STATEMENT_COUNT: 2 });
      const children = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
      children.forEach((queryId, i) => {
        engine.kept.set(queryId, { ...table([column(`C${i}`, VARCHAR)], [[`value ${i}`]]), queryId });
      });
      return { children: children.map((queryId) => ({ queryId, statementTypeId: StatementType.SELECT })) };
    });
    const seen: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      client.connection.execute({
        sqlText: "select 1; select 2",
        parameters: { MULTI_STATEMENT_COUNT: 2 },
        complete: (error, answered) => {
          if (error) return reject(error);
          // The driver's types leave these two methods out.
          const statement = answered as typeof answered & { hasNext(): boolean; NextResult(): void };
          void streamed(statement).then((rows) => {
            seen.push(...rows);
            if (statement.hasNext()) statement.NextResult();
            else resolve();
          }, reject);
        },
      });
    });
    expect(seen).toEqual([{ C0: "value 0" }, { C1: "value 1" }]);
  });
});

describe("errors", () => {
  test("Snowflake's errors keep code, state, text and position", async () => {
    await expect(client.execute("select nothing")).rejects.toMatchObject({
      code: "002003",
      sqlState: "42S02",
      message: "SQL compilation error:\nObject 'DB.PUBLIC.NOTHING' does not exist or not authorized.",
      data: { errorCode: "002003", type: "COMPILATION", line: -1, pos: -1, queryId: expect.stringMatching(UUID) },
    });
  });

  test("what is not supported is refused by name", async () => {
    engine.on(/^copy grants/, async () => {
      throw unsupported("COPY GRANTS");
    });
    await expect(client.execute("copy grants")).rejects.toMatchObject({
      code: "000002",
      sqlState: "0A000",
      message: "Unsupported feature 'COPY GRANTS'.",
    });
  });

  test("an error of the inside is logged and not shown", async () => {
    await expect(client.execute("select crash")).rejects.toMatchObject({
      code: "000603",
      sqlState: "XX000",
      message: expect.not.stringContaining("secret"),
    });
    expect(logger.errors.at(-1)?.error).toMatchObject({ message: "secret detail of the inside" });
  });
});

describe("binds", () => {
  test("scalars pass with their wire types", async () => {
    await client.execute("select binds", { binds: [1, 1.5, "text", true, null] });
    expect(engine.statements[0]!.bindings).toEqual({
      "1": { type: "FIXED", value: "1" },
      "2": { type: "REAL", value: "1.5" },
      "3": { type: "TEXT", value: "text" },
      "4": { type: "BOOLEAN", value: "true" },
      "5": { type: "TEXT", value: null },
    });
  });

  test("arrays pass by column, however many, without a stage", async () => {
    const binds = Array.from({ length: 70_000 }, (_, i) => [i, `name ${i}`]);
    const { rows } = await client.execute("insert into t values (?, ?)", { binds });
    expect(rows).toEqual([{ "number of rows inserted": 70_000 }]);
    expect(engine.texts).toEqual(["insert into t values (?, ?)"]);
    const values = engine.statements[0]!.bindings!["2"]!.value;
    expect(values).toHaveLength(70_000);
    expect(values![69_999]).toBe("name 69999");
  });
});

describe("async and cancel", () => {
  test("an asynchronous statement goes from running to success, and its result is there", async () => {
    let finish!: () => void;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    engine.on(/^select later/, async () => {
      await gate;
      return table([column("X", VARCHAR)], [["done"]]);
    });
    const { statement } = await client.execute("select later", { asyncExec: true });
    const queryId = statement.getQueryId();
    expect(await client.connection.getQueryStatus(queryId)).toBe("RUNNING");
    finish();
    const result = await client.connection.getResultsFromQueryId({ queryId });
    expect(await client.connection.getQueryStatus(queryId)).toBe("SUCCESS");
    expect(await streamed(result)).toEqual([{ X: "done" }]);
  });

  test("an asynchronous statement that fails says so", async () => {
    const { statement } = await client.execute("select nothing", { asyncExec: true });
    await expect(client.connection.getQueryStatusThrowIfError(statement.getQueryId())).rejects.toThrow(
      "does not exist",
    );
    expect(await client.connection.getQueryStatus(statement.getQueryId())).toBe("FAILED_WITH_ERROR");
  });

  test("a cancelled statement fails with 000604", async () => {
    const started = new Promise<void>((resolve) => {
      engine.on(/^select wait/, ({ signal }) => {
        resolve();
        return untilCancelled(signal);
      });
    });
    let statement!: snowflake.RowStatement;
    const failed = new Promise<snowflake.SnowflakeError | undefined>((resolve) => {
      statement = client.connection.execute({ sqlText: "select wait", complete: (error) => resolve(error) });
    });
    await started;
    await new Promise<void>((resolve, reject) => {
      statement.cancel((error) => (error ? reject(error) : resolve()));
    });
    expect(await failed).toMatchObject({ code: "000604", sqlState: "57014", message: "SQL execution canceled" });
  });
});

test("closing the server cancels what runs and closes sessions", async () => {
  const slow = client.execute("select slow");
  const outcome = slow.then(
    () => "answered",
    (error: snowflake.SnowflakeError) => error.code,
  );
  while (engine.statements.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.close();
  await server.closed;
  expect(engine.statements[0]!.signal.aborted).toBe(true);
  expect(engine.sessions[0]!.closed).toBe(1);
  expect(await outcome).toBe("000604");
});

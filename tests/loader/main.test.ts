import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { ScriptedServer } from "./scriptedServer";

const ROOT = resolve(__dirname, "../..");

let folder: string;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "loader-main-"));
  script = join(folder, "loader.js");
  await build({
    entryPoints: [join(ROOT, "loader/main.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile: script,
    external: ["snowflake-sdk"],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the loader with only the given SNOWFLAKE_ variables. */
function loader(
  args: readonly string[],
  snowflake: Record<string, string> = {},
  started: (child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  const env = { PATH: process.env.PATH, NODE_PATH: join(ROOT, "node_modules"), ...snowflake };
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, ...args], { env: env as unknown as NodeJS.ProcessEnv, cwd: folder });
    started(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.once("error", fail);
    child.once("close", (code) => done({ code, stdout, stderr }));
  });
}

const USER = { SNOWFLAKE_ACCOUNT: "a", SNOWFLAKE_USER: "u", SNOWFLAKE_PASSWORD: "s3cret" };

test("--help tells of sources and states, and takes no secret", async () => {
  const { code, stdout } = await loader(["--help"]);
  expect(code).toBe(0);
  for (const flag of ["--source", "--states", "--database", "--schema", "--table", "--json", "--quiet"]) {
    expect(stdout).toContain(flag);
  }
  expect(stdout).not.toMatch(/--\w*(password|token|key)/);
});

test("a wrong option ends with 2", async () => {
  const { code, stderr } = await loader(["--stat", "CA"]);
  expect(code).toBe(2);
  expect(stderr).toContain("unknown option '--stat'");
});

test("a missing variable: one line, no stack, 1", async () => {
  expect(await loader([])).toEqual({
    code: 1,
    stdout: "",
    stderr: "No Snowflake account: set SNOWFLAKE_ACCOUNT\n",
  });
});

test("no server: one line, no stack, no secret, 1", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const address = { SNOWFLAKE_HOST: "127.0.0.1", SNOWFLAKE_PORT: String(port), SNOWFLAKE_PROTOCOL: "http" };
  const { code, stderr } = await loader(["--json"], { ...USER, ...address });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `No Snowflake server answers at http://127.0.0.1:${port} (ECONNREFUSED): start it, or check SNOWFLAKE_PORT\n`,
  );
});

describe("with a server", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = new ScriptedServer("s3cret");
    await server.start();
  });
  afterEach(() => server.stop());

  const copied = (rows: number) => (sql: string) =>
    sql.startsWith("COPY INTO") ? { rows_loaded: String(rows) } : { status: "ok" };

  test("--json gives one object on standard output, progress goes to standard error", async () => {
    server.script = copied(67);
    const { code, stdout, stderr } = await loader(["--states", "SD", "--json"], server.environment);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ source: "built-in sample (synthetic)", rowsLoaded: 67, states: ["SD"] });
    expect(stderr.split("\n")).toEqual(expect.arrayContaining(["Loading ...", "Copying ...", "Replacing ..."]));
  });

  test("--quiet leaves the report only", async () => {
    server.script = copied(3);
    const { code, stdout, stderr } = await loader(["--states", "ME", "--quiet"], server.environment);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("RAW.LOANS.PERSONAL_LOANS: 3 rows loaded");
    expect(stdout).toContain("built-in sample (synthetic)");
  });

  test("a server that goes away in the midst: one line, 1", async () => {
    server.script = async (sql) => {
      if (sql.startsWith("COPY INTO")) await server.stop();
      return { status: "ok" };
    };
    const { code, stderr } = await loader(["--states", "ME", "--quiet"], server.environment);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `The Snowflake server at http://127.0.0.1:${server.environment.SNOWFLAKE_PORT} has gone away: start it and try again\n`,
    );
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s while a statement runs: one line, 130, the stage dropped",
    async (signal) => {
      let child: ChildProcess | undefined;
      server.script = (sql) => {
        if (!sql.startsWith("COPY INTO")) return { status: "ok" };
        child!.kill(signal);
        return new Promise(() => undefined);
      };
      const { code, stderr } = await loader(
        ["--states", "ME", "--quiet"],
        server.environment,
        (started) => (child = started),
      );
      expect(code).toBe(130);
      expect(stderr).toBe("Interrupted while loading RAW.LOANS.PERSONAL_LOANS: it keeps its rows\n");
      expect(server.statements.at(-1)).toMatch(/^DROP STAGE IF EXISTS /);
      expect(server.statements.some((sql) => sql.startsWith("INSERT"))).toBe(false);
      expect(server.logouts).toBe(1);
    },
  );
});

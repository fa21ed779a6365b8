/**
 * Runs each block of docs/connecting.md as it stands against a snowglobe of its own. Which tools are there the environment
 * says, as `./workshop suite connecting` sets it; JDBC and Go where SNOWGLOBE_TEST_JDBC (the driver's jar) and
 * SNOWGLOBE_TEST_GO (the folder of a module that has gosnowflake) name them.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { PASSWORD, startSnowglobe, type TestSnowglobe } from "../../snowglobe/tests/server";
import { blocksOf, linkedFiles, ROOT, type Block } from "./markdown";

const PAGE = "docs/connecting.md";
const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

const {
  SNOWGLOBE_TEST_TOOLS_PYTHON: python = "",
  SNOWGLOBE_TEST_SNOW: snow = "",
  SNOWGLOBE_TEST_JDBC: jdbc = "",
  SNOWGLOBE_TEST_GO: goModule = "",
  WORKSHOP_DBT: dbt = "",
} = process.env;

let snowglobe: TestSnowglobe;
let folder: string;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  folder = mkdtempSync(path.join(os.tmpdir(), "connecting-"));
  // What npm install puts beside a program.
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
});

afterAll(async () => {
  await snowglobe.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(program: string, args: readonly string[]): Promise<string> {
  const bins = [python, snow].filter(Boolean).map((tool) => path.dirname(tool));
  const env = {
    ...process.env,
    HOME: folder,
    SNOWFLAKE_HOME: folder,
    PATH: [...bins, process.env.PATH].join(path.delimiter),
    SNOWFLAKE_ACCOUNT: "WORKSHOP-SNOWGLOBE",
    SNOWFLAKE_HOST: "127.0.0.1",
    SNOWFLAKE_PORT: String(snowglobe.port),
    SNOWFLAKE_PROTOCOL: "http",
    SNOWFLAKE_USER: "ADMIN",
    SNOWFLAKE_PASSWORD: PASSWORD,
    SNOWFLAKE_ROLE: "ACCOUNTADMIN",
    RUNTIME__DLTHUB_TELEMETRY: "false",
    // Go and Java find what they have downloaded where they always do.
    GOPATH: process.env.GOPATH ?? path.join(os.homedir(), "go"),
    GOCACHE: process.env.GOCACHE ?? path.join(os.homedir(), ".cache", "go-build"),
  };
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, env, timeout: 4 * MINUTE });
  return stdout;
}

/** How the blocks of each tool are run; what they print has ADMIN in it, the user. Absent: the tool is not there. */
const RUN: Readonly<Record<string, (text: string) => Promise<string>>> = {
  "snowflake-sdk": (text) => run(process.execPath, ["-e", text]),
  ...(python && {
    "snowflake-connector-python": inPython,
    pandas: inPython,
    "snowflake-sqlalchemy": inPython,
    snowpark: inPython,
    dlt: async (text) => `${await inPython(text)} ADMIN`,
  }),
  ...(snow && { snow: (text) => run("sh", ["-ec", text]) }),
  ...(snow && python && { schemachange: (text) => run("sh", ["-ec", `export ${SNOW_PASSWORD}\n${text}`]) }),
  ...(dbt && { dbt: debugDbt }),
  ...(jdbc && { jdbc: inJava }),
  ...(goModule && { gosnowflake: inGo }),
};

const SNOW_PASSWORD = 'SNOWFLAKE_CONNECTIONS_SNOWGLOBE_PASSWORD="$SNOWFLAKE_PASSWORD"';

function inPython(text: string): Promise<string> {
  return run(python, ["-W", "ignore", "-c", text]);
}

async function debugDbt(text: string): Promise<string> {
  writeFileSync(path.join(folder, "profiles.yml"), text);
  writeFileSync(path.join(folder, "dbt_project.yml"), "name: connecting\nprofile: default\n");
  const out = await run(dbt, ["debug", "--profiles-dir", folder, "--project-dir", folder]);
  return out.includes("All checks passed") ? "ADMIN" : out;
}

function inJava(text: string): Promise<string> {
  const file = path.join(folder, "Connect.java");
  writeFileSync(file, text);
  // The driver reads results by Arrow, which needs this of Java from 16 on.
  return run("java", ["--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", jdbc, file]);
}

function inGo(text: string): Promise<string> {
  const program = path.join(goModule, "connecting");
  mkdirSync(program, { recursive: true });
  writeFileSync(path.join(program, "main.go"), text);
  return run("go", ["-C", goModule, "run", "./connecting"]);
}

const blocks = blocksOf(PAGE);
const settings = blocks.filter(({ language }) => language === "toml");
const programs = blocks.filter(({ language, mark }) => language !== "toml" && mark !== "");
const titled = (list: readonly Block[]): [string, Block][] =>
  list.map((block) => [`${block.mark} (${block.at})`, block]);

test("every block that names a tool is one that this test knows how to run", () => {
  const known = [
    ...["snowflake-sdk", "snowflake-connector-python", "pandas", "snowflake-sqlalchemy", "snowpark", "dlt"],
    ...["snow", "schemachange", "dbt", "jdbc", "gosnowflake"],
  ];
  expect(programs.map(({ mark }) => mark)).toEqual(known);
  expect(linkedFiles(PAGE)).toEqual([]);
});

const there = titled(programs.filter(({ mark }) => RUN[mark]));
const missing = titled(programs.filter(({ mark }) => !RUN[mark]));

test.each(there)("%s", async (_, { mark, text }) => {
  for (const block of settings) {
    const here = block.text.replace("8437", String(snowglobe.port));
    writeFileSync(path.join(folder, "config.toml"), `[cli]\nignore_new_version_warning = true\n${here}\n`, {
      mode: 0o600,
    });
  }
  expect(await RUN[mark]!(text)).toContain("ADMIN");
});

if (missing.length > 0) test.skip.each(missing)("%s", () => undefined);

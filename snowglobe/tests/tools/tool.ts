import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PASSWORD, startSnowglobe, type TestSnowglobe } from "../server";

/** A Python that has what requirements.txt lists; without it the tests of these tools are skipped. */
export const python = process.env.SNOWGLOBE_TEST_TOOLS_PYTHON ?? "";

/** The program of the Snowflake CLI, which has an environment of its own: snow/requirements.txt. */
export const snow = process.env.SNOWGLOBE_TEST_SNOW ?? "";

const LONG = 300_000;

/** `describe` where the program is there, else skipped. */
export const describeWith = (program: string): jest.Describe | jest.Describe["skip"] =>
  program === "" ? describe.skip : describe;

/** A snowglobe and an empty folder for the tests of a tool. */
export interface Playground {
  readonly snowglobe: TestSnowglobe;
  readonly folder: string;
  /** Runs a program in the folder. @returns what it printed */
  run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
}

/** Starts them before the tests, and stops and removes them afterwards. */
export function usePlayground(prepare?: (playground: Playground) => Promise<void>): () => Playground {
  let playground: Playground | undefined;
  beforeAll(async () => {
    const snowglobe = await startSnowglobe();
    const folder = mkdtempSync(path.join(tmpdir(), "snowglobe-tools-"));
    const run: Playground["run"] = async (program, args, env = {}) => {
      // Nothing of the user's own configuration, and no report of what is done to anybody.
      const own = { ...process.env, HOME: folder, SNOWFLAKE_HOME: folder, RUNTIME__DLTHUB_TELEMETRY: "false", ...env };
      try {
        const { stdout } = await promisify(execFile)(program, args, { cwd: folder, timeout: LONG, env: own });
        return stdout;
      } catch (error) {
        // Some say what went wrong where their results would stand.
        const { message, stdout = "" } = error as Error & { readonly stdout?: string };
        throw new Error(`${message}\n${stdout}`, { cause: error });
      }
    };
    playground = { snowglobe, folder, run };
    await prepare?.(playground);
  }, LONG);
  afterAll(async () => {
    await playground?.snowglobe.stop();
    if (playground) rmSync(playground.folder, { recursive: true, force: true });
  });
  return () => playground!;
}

/**
 * Tests of a script beside this file: one for each of its checks, in the order in which it makes them.
 *
 * @param expected what each check sees
 * @param more tests of what the script leaves behind
 */
export function describeScript(
  title: string,
  script: string,
  expected: Readonly<Record<string, unknown>>,
  more?: (playground: () => Playground) => void,
): void {
  describeWith(python)(title, () => {
    let seen = new Map<string, unknown>();
    const playground = usePlayground(async ({ snowglobe, folder, run }) => {
      const args = ["-W", "ignore", path.join(__dirname, script), String(snowglobe.port), PASSWORD, folder];
      const lines = (await run(python, args)).split("\n").filter((line) => line.startsWith("["));
      seen = new Map(lines.map((line) => JSON.parse(line) as [string, unknown]));
    });

    test("makes the checks that are known", () => expect([...seen.keys()]).toEqual(Object.keys(expected)));

    test.each(Object.entries(expected))("%s", (check, value) => expect(seen.get(check)).toEqual(value));

    more?.(playground);
  });
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { PASSWORD } from "../server";

/**
 * Interpreters that have snowflake-connector-python, by `SNOWGLOBE_TEST_PYTHON`, separated as in PATH: 4.x and 5.x are
 * different programs.
 */
const interpreters = (process.env.SNOWGLOBE_TEST_PYTHON ?? "").split(path.delimiter).filter(Boolean);

/** `describe` for each connector; skipped where there is none. */
export function describeConnectors(body: (python: string) => void): void {
  if (interpreters.length > 0) describe.each(interpreters)("%s", body);
  else describe.skip("SNOWGLOBE_TEST_PYTHON names no Python with the connector", () => body(""));
}

/** What a statement gave through the connector: each value as Python shows it. */
export interface PythonResult {
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly string[];
  readonly rowcount: number;
}

/** How the connector told a failure. */
export class PythonError extends Error {
  constructor(
    readonly type: string,
    readonly errno: number,
    message: string,
  ) {
    super(message);
  }
}

/** One connection of the Python connector, in a process of its own. */
export class PythonClient {
  private readonly answers: AsyncIterator<string>;
  private readonly lines: Interface;
  private failed = "";

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! });
    this.answers = this.lines[Symbol.asyncIterator]();
    child.stderr!.on("data", (text: Buffer) => (this.failed += text.toString()));
  }

  /** @param options of `snowflake.connector.connect`; without them ADMIN */
  static async connect(python: string, port: number, options: object = {}): Promise<PythonClient> {
    const script = path.join(__dirname, "python_client.py");
    const client = new PythonClient(spawn(python, [script, String(port)], { stdio: ["pipe", "pipe", "pipe"] }));
    try {
      await client.call("connect", { user: "ADMIN", password: PASSWORD, ...options });
    } catch (error) {
      await client.end();
      throw error;
    }
    return client;
  }

  execute(sql: string, binds: readonly unknown[] | null = null): Promise<PythonResult> {
    return this.call("execute", sql, binds) as Promise<PythonResult>;
  }

  /** The rows of a statement. */
  async rows(sql: string, binds: readonly unknown[] | null = null): Promise<readonly (readonly string[])[]> {
    return (await this.execute(sql, binds)).rows;
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.execute(sql);
  }

  /** Calls a method of python_client.py. @throws PythonError for what the connector raises */
  async call(method: string, ...parameters: readonly unknown[]): Promise<unknown> {
    this.child.stdin!.write(`${JSON.stringify([method, ...parameters])}\n`);
    const line = await this.answers.next();
    if (line.done) throw new Error(`the connector's process ended: ${this.failed}`);
    const { value, error } = JSON.parse(line.value) as {
      value?: unknown;
      error?: { type: string; errno: number; message: string };
    };
    if (error) throw new PythonError(error.type, error.errno, error.message);
    return value;
  }

  async close(): Promise<void> {
    await this.call("close");
    await this.end();
  }

  private async end(): Promise<void> {
    this.child.stdin!.end();
    if (this.child.exitCode === null) await once(this.child, "exit");
  }
}

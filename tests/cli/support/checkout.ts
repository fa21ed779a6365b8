import {
  execFileSync,
  spawn,
  type ChildProcess,
  type ChildProcessByStdio,
  type SpawnOptionsWithStdioTuple,
} from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { closeConnection, connectFromEnvironment, execute, type ResultRow } from "../../../loader/connection";
import { readRecord } from "../../../cli/local/record";
import { pathsOf, type Paths } from "../../../cli/paths";
import { localConnection } from "../../../cli/stack/environment";
import { newFolder, ROOT } from "./context";

/** What a fresh clone would hold, but for the tests; npm packages are shared with this checkout. */
const PARTS = [
  "workshop",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "index.ts",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "bench",
  "cli",
  "components",
  "dashboard",
  "dbt",
  "loader",
  "plugins",
  "snowglobe",
  "sql",
];

const LEFT_OUT = new Set(["node_modules", "target", "logs", "dist", "__pycache__"]);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Waits for a program, and keeps what it prints. */
function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  });
  return new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out: out!(), err: err!() }));
  });
}

/** A copy of this checkout in a folder of its own, so that a test may edit files; the user's stays as it is. */
export class CheckoutCopy {
  readonly root: string;
  readonly paths: Paths;
  private readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.root = path.join(newFolder(), "a clone");
    mkdirSync(this.root);
    for (const part of PARTS)
      cpSync(path.join(ROOT, part), path.join(this.root, part), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(path.basename(source)),
      });
    symlinkSync(path.join(ROOT, "node_modules"), path.join(this.root, "node_modules"));
    this.paths = pathsOf(this.root, {});
    this.env = { ...process.env, WORKSHOP_SNOWGLOBE_PORT: "0", WORKSHOP_STATE_DIR: "", NO_COLOR: "1" };
  }

  /** Starts `./workshop ARGS`; for a test that ends it in its midst. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess & { ended: Promise<Ended> } {
    const child = spawn(path.join(this.root, "workshop"), args, this.options(path.dirname(this.root), env));
    return Object.assign(child, { ended: ended(child) });
  }

  private options(cwd: string, env: NodeJS.ProcessEnv): SpawnOptionsWithStdioTuple<"ignore", "pipe", "pipe"> {
    return { cwd, env: { ...this.env, ...env }, stdio: ["ignore", "pipe", "pipe"] };
  }

  /** Makes it a repository whose one commit holds all files, as a clone has them. */
  commit(): void {
    cpSync(path.join(ROOT, ".gitignore"), path.join(this.root, ".gitignore"));
    const git = (...args: string[]): void => {
      const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
      execFileSync("git", [...identity, ...args], { cwd: this.root, stdio: "ignore" });
    };
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("commit", "--quiet", "--message", "clone");
  }

  /** Runs lines in a shell in the copy, which ends at the first that fails. */
  shell(text: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return ended(spawn("/bin/sh", ["-e", "-c", text], this.options(this.root, env)));
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Runs a command that must end well, and gives what it prints as JSON. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await this.run(...args, "--json");
    if (code !== 0) throw new Error(`./workshop ${args.join(" ")} ended with ${code}:\n${err}`);
    return JSON.parse(out) as T;
  }

  /** Runs statements one after the other on the copy's snowglobe as ADMIN; gives the last one's rows. */
  async query(...statements: string[]): Promise<ResultRow[]> {
    const record = readRecord(this.paths.snowglobe);
    if (!record) throw new Error("snowglobe does not run");
    const connection = await connectFromEnvironment({
      ...localConnection(this.paths, record, {}),
      SNOWFLAKE_WAREHOUSE: "WH_TRANSFORMING_DYNAMIC_TABLES",
    });
    try {
      let rows: ResultRow[] = [];
      for (const statement of statements) rows = await execute(connection, statement);
      return rows;
    } finally {
      await closeConnection(connection);
    }
  }

  /** What stands in the state folder, but for the programs that are built once. */
  leftOvers(): string[] {
    const { state } = this.paths;
    return existsSync(state) ? readdirSync(state).filter((name) => name !== "build") : [];
  }

  /** Processes whose command line names this copy. */
  processes(): string[] {
    const listed = existsSync("/proc/self/cmdline")
      ? readdirSync("/proc")
          .filter((name) => /^\d+$/.test(name))
          .map((pid) => {
            try {
              return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
            } catch {
              return "";
            }
          })
      : execFileSync("ps", ["-axo", "command="], { encoding: "utf8" }).split("\n");
    return listed.filter((command) => command.includes(this.root));
  }
}

import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import type { Context, Interrupt } from "../../../cli/context";
import { Terminal } from "../../../cli/output/terminal";
import { pathsOf, type Paths } from "../../../cli/paths";

export const ROOT = path.resolve(__dirname, "../../..");

const folders: string[] = [];

/** A new folder, removed by {@link removeFolders}; its name holds a blank, as a user's may. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop cli-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Paths of a state of its own, with the fake snowglobe for a program. */
export function fakePaths(state = newFolder()): Paths {
  const paths = pathsOf(ROOT, { WORKSHOP_STATE_DIR: state });
  // Copied, so that its time of change is the test's own.
  const program = path.join(state, "program", "main.cjs");
  mkdirSync(path.dirname(program), { recursive: true });
  cpSync(path.join(__dirname, "fakeSnowglobe.cjs"), program);
  return { ...paths, snowglobeProgram: program, dbtOutput: path.join(state, "dbt") };
}

/** A terminal that keeps what is written to it. */
export function recordedTerminal(options: { json?: boolean; env?: NodeJS.ProcessEnv; isTTY?: boolean } = {}): {
  terminal: Terminal;
  out: () => string;
  err: () => string;
} {
  const stream = (): { stream: NodeJS.WriteStream; text: () => string } => {
    const chunks: Buffer[] = [];
    const through = new PassThrough();
    through.on("data", (chunk: Buffer) => chunks.push(chunk));
    const written = Object.assign(through, { isTTY: options.isTTY ?? false, columns: 80 });
    return { stream: written as unknown as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString() };
  };
  const [out, err] = [stream(), stream()];
  const terminal = new Terminal({
    stdout: out.stream,
    stderr: err.stream,
    env: options.env ?? {},
    json: options.json ?? false,
  });
  return { terminal, out: out.text, err: err.text };
}

/** An interrupt that tests pull by hand. */
export class ManualInterrupt implements Interrupt {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private readonly child = new AbortController();

  whileRunning<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T> {
    return work(this.child.signal);
  }

  noticedByChild(): void {
    // The child is told by pull() in any case.
  }

  pull(): void {
    this.controller.abort();
    this.child.abort();
  }
}

export function fakeContext(options: { paths?: Paths; env?: NodeJS.ProcessEnv; json?: boolean } = {}): Context & {
  interrupt: ManualInterrupt;
  out: () => string;
  err: () => string;
} {
  const { terminal, out, err } = recordedTerminal({ json: options.json ?? false });
  return {
    paths: options.paths ?? fakePaths(),
    env: options.env ?? process.env,
    cwd: process.cwd(),
    terminal,
    interrupt: new ManualInterrupt(),
    out,
    err,
  };
}

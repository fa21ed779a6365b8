import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { EngineAborted } from "./errors";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; the process is ended when they are over. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called for each line of standard error when it is printed. */
  readonly onErrorLine?: (line: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0 is success; null where the process could not be started, or was ended by a signal or for its time. */
  readonly code: number | null;
  /** Why there is no code, for people. */
  readonly failure?: string;
}

/** How long a process may take to end after it was asked to. */
const GRACE_MS = 10_000;

/**
 * Runs a program to its end. A failing program is a result, not an exception.
 *
 * @throws EngineAborted when the signal ended it; the process is gone by then.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  if (options.signal?.aborted) throw new EngineAborted();
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  const stderr: string[] = [];
  let failure: string | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (line) => {
    stderr.push(line);
    options.onErrorLine?.(line);
  });

  let killer: NodeJS.Timeout | undefined;
  const end = (why: string) => {
    failure ??= why;
    child.kill("SIGTERM");
    killer ??= setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  const onAbort = () => end("interrupted");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer = options.timeoutMs
    ? setTimeout(() => end(`took longer than ${options.timeoutMs! / 1000} s`), options.timeoutMs)
    : undefined;

  const code = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      failure ??= error.message;
      resolve(null);
    });
    child.on("close", (exit, signal) => {
      if (signal) failure ??= `was ended by ${signal}`;
      resolve(failure ? null : exit);
    });
  });
  lines.close();
  clearTimeout(timer);
  clearTimeout(killer);
  options.signal?.removeEventListener("abort", onAbort);
  if (options.signal?.aborted) throw new EngineAborted();
  return { stdout, stderr: stderr.join("\n"), code, failure };
}

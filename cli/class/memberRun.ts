import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Context, StackChoice } from "../context";
import { EXIT, UserError } from "../errors";
import { stripMarkup } from "../output/deployment";
import type { Paths } from "../paths";
import { stackName } from "../stack/names";

/** What became of one environment. */
export interface MemberResult {
  readonly stack: string;
  readonly attendee?: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** What the command printed as JSON, where it did. */
  readonly document?: unknown;
  /** One line: why it failed. */
  readonly error?: string;
  /** What it said, all of it; absolute. */
  readonly log: string;
}

export interface MemberCommand {
  readonly choice: StackChoice;
  /** The command and its own options, as `["load", "--states", "CA"]`. */
  readonly args: readonly string[];
  /** Called with each line that it says. */
  readonly onLine: (line: string) => void;
}

/** Where a command's words on one environment are kept until its stack goes. */
function logFile(paths: Paths, choice: StackChoice, command: string): string {
  const folder = path.join(choice.target === "account" ? paths.accountStacks : paths.stacks, stackName(choice));
  return path.join(folder, `class-${command}.log`);
}

/**
 * Runs a command of the workshop on one environment as a process of its own: what one of them does to its process, or
 * its process to it, is no other's affair.
 *
 * @param abort ends it
 */
export async function runMember(
  { paths, env }: Context,
  { choice, args, onLine }: MemberCommand,
  abort: AbortSignal,
): Promise<MemberResult> {
  const begun = performance.now();
  const log = logFile(paths, choice, args[0]!);
  mkdirSync(path.dirname(log), { recursive: true });
  const words = [
    ...args,
    ...(choice.attendee ? ["--attendee", choice.attendee] : []),
    ...["--target", choice.target],
    ...(choice.connection ? ["--connection", choice.connection] : []),
  ];
  const child = spawn(process.execPath, ["--enable-source-maps", path.join(paths.build, "cli.cjs"), ...words], {
    // Lines for people, without colours.
    env: { ...env, NO_COLOR: "1", FORCE_COLOR: "", CI: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kept = createWriteStream(log);
  const lines: string[] = [];
  const listen = (stream: Readable, isForPeople: boolean): string[] => {
    const heard: string[] = [];
    createInterface({ input: stream }).on("line", (raw) => {
      const line = stripMarkup(raw).trimEnd();
      kept.write(`${line}\n`);
      heard.push(line);
      if (!isForPeople || line.trim() === "") return;
      lines.push(line);
      onLine(line.trim());
    });
    return heard;
  };
  const printed = listen(child.stdout, false);
  listen(child.stderr, true);
  const stop = (): void => void child.kill("SIGINT");
  abort.addEventListener("abort", stop);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => reject(new UserError(`${process.execPath} cannot be started: ${error.message}`)));
      child.once("close", (status, signal) => resolve(signal ? EXIT.interrupted : (status ?? EXIT.failure)));
    });
    const about = {
      stack: stackName(choice),
      attendee: choice.attendee,
      log,
      seconds: (performance.now() - begun) / 1000,
    };
    if (code === EXIT.ok) return { ...about, ok: true, document: documentOf(printed.join("\n")) };
    const error = code === EXIT.interrupted ? "interrupted" : (reasonOf(lines) ?? `ended with ${code}`);
    return { ...about, ok: false, error };
  } finally {
    abort.removeEventListener("abort", stop);
    kept.end();
  }
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The line that tells most: what follows "./workshop up failed:", else the last one. */
export function reasonOf(lines: readonly string[]): string | undefined {
  const head = lines.findLastIndex((line) => /^\.\/workshop \S+ failed:/.test(line));
  if (head < 0) return lines.at(-1)?.trim();
  const [, rest] = /failed:\s*(.*)$/.exec(lines[head]!)!;
  return rest || lines[head + 1]?.trim();
}

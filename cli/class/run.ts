import type { Context, StackChoice } from "../context";
import { EXIT, Interrupted } from "../errors";
import { formatTable } from "../output/table";
import { formatSeconds } from "../output/terminal";
import { stackName } from "../stack/names";
import { Board } from "./board";
import { runMember, type MemberResult } from "./memberRun";
import { pool } from "./pool";

/** A command on every environment of a class. */
export interface ClassRun {
  /** What is told first, as "Deploying". */
  readonly title: string;
  /** The command and its own options. */
  readonly args: readonly string[];
  readonly members: readonly StackChoice[];
  readonly parallel: number;
  /** Of a success, what came of it in a few words. */
  readonly tell: (document: unknown) => string;
}

/** A member's name for people. */
export function memberName(choice: StackChoice): string {
  return choice.attendee ?? stackName(choice);
}

/**
 * Runs a command on each environment, a few at a time. One that fails does not stop the others.
 *
 * @returns what became of each
 * @throws Interrupted after Ctrl-C, when those at work have ended
 */
export async function runClass(context: Context, run: ClassRun): Promise<MemberResult[]> {
  const { terminal, interrupt } = context;
  const { members, parallel, args } = run;
  if (members.length === 0) return [];
  const atOnce = Math.min(parallel, members.length);
  terminal.say(
    terminal.colors.bold(
      members.length === 1
        ? `${run.title} ${memberName(members[0]!)}`
        : `${run.title} ${members.length} environments, ${atOnce} at a time`,
    ),
  );
  const board = new Board(terminal, members.map(memberName));
  try {
    return await interrupt.whileRunning((abort) => {
      // The terminal has told those at work as well.
      interrupt.signal.addEventListener("abort", () => interrupt.noticedByChild(), { once: true });
      return pool(members, parallel, interrupt.signal, async (choice) => {
        const name = memberName(choice);
        board.begin(name);
        const result = await runMember(context, { choice, args, onLine: (line) => board.update(name, line) }, abort);
        board.end(name, result.ok, result.ok ? run.tell(result.document) : result.error!);
        return result;
      });
    });
  } finally {
    board.finish();
  }
}

/**
 * Reports what became of a class: a line for each failure with its log, and the times.
 *
 * @param again the command that finishes what is missing
 * @returns the exit code: 1 where any has failed
 */
export function reportClass(
  { terminal, interrupt }: Context,
  results: readonly MemberResult[],
  { again, json, begun }: { readonly again: string; readonly json: boolean; readonly begun: number },
): number {
  const failed = results.filter(({ ok }) => !ok);
  const seconds = (performance.now() - begun) / 1000;
  if (json) terminal.result({ ok: failed.length === 0, seconds, members: results });
  if (interrupt.signal.aborted) throw new Interrupted(`Interrupted. ${again} goes on from what is there.`);
  const { green, red, bold } = terminal.colors;
  const summary = `${results.length - failed.length} of ${results.length} done in ${formatSeconds(1000 * seconds)}`;
  if (failed.length === 0) {
    terminal.say(green(summary));
    return EXIT.ok;
  }
  const rows = failed.map(({ stack, error, log }) => [stack, error, log]);
  terminal.say(`\n${formatTable(["failed", "why", "all it said"], rows, bold)}\n`);
  terminal.complain(red(`${summary}; ${failed.length} failed. What is missing is finished by: ${again}`));
  return EXIT.failure;
}

import type { Context, StackChoice } from "../context";
import { UserError } from "../errors";
import { runChild } from "../setup/child";
import { flagsOf } from "../stack/connection";

/** The commands that worksheets name as steps for a terminal. Nothing else of a worksheet reaches a shell. */
const STEP = /^\.\/workshop (load|dbt)((?: [^;&|<>`$\\]*)?)$/;

/**
 * Runs a worksheet's step for a terminal, with the stack that was chosen.
 *
 * @returns its exit code
 * @throws UserError for other commands than `./workshop load` and `./workshop dbt`
 */
export function runShellStep(context: Context, choice: StackChoice, command: string): Promise<number> {
  const [, name, rest] = STEP.exec(command) ?? [];
  if (name === undefined)
    throw new UserError(
      `'${command}' is not run from a worksheet, only ./workshop load and ./workshop dbt: run it by hand.`,
    );
  const line = `./workshop ${name}${flagsOf(choice)}${rest}`;
  return runChild(context, "/bin/sh", ["-c", line], { cwd: context.paths.root });
}

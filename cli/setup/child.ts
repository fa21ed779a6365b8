import { spawn } from "node:child_process";
import type { Context } from "../context";
import { EXIT, UserError } from "../errors";

/**
 * Runs a program that shares this terminal and gives its exit code. Ctrl-C reaches it by the terminal; a signal sent to
 * this process alone is passed on.
 *
 * @throws UserError when it cannot be started
 */
export function runChild(
  context: Context,
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<number> {
  const { env = context.env, cwd = context.cwd } = options;
  return context.interrupt.whileRunning(
    (abort) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { env, cwd, stdio: "inherit" });
        abort.addEventListener("abort", () => child.kill("SIGINT"));
        child.once("error", (error) => reject(new UserError(`${program} cannot be started: ${error.message}`)));
        child.once("close", (code, signal) => resolve(signal ? EXIT.interrupted : (code ?? EXIT.failure)));
      }),
  );
}

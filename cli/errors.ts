/** Exit codes of every command, by the habits of command-line programs. */
export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/**
 * Something the person at the keyboard can fix. Its message is for people (what, where, how to fix) and is printed
 * without a stack.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly exitCode: number = EXIT.failure;
}

/** The command line is wrong, or an answer is needed that nobody can give (no terminal). */
export class UsageError extends UserError {
  override readonly name = "UsageError";
  override readonly exitCode = EXIT.usage;
}

/** Ended by Ctrl-C or SIGTERM. */
export class Interrupted extends UserError {
  override readonly name = "Interrupted";
  override readonly exitCode = EXIT.interrupted;
  constructor(message = "Interrupted.") {
    super(message);
  }
}

/** Errors of other parts of the checkout whose messages are written for people; known by name, so that none is loaded. */
const FOR_PEOPLE = new Set(["EngineError", "StatementError", "LoadError", "SourceError", "ConfigError", "NamingError"]);

/** How a command ends because of something thrown: its message, and the exit code. */
export function outcomeOf(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof UserError) return { message: error.message, exitCode: error.exitCode };
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.failure };
  if (error.name === "AbortError") return { message: error.message, exitCode: EXIT.interrupted };
  if (FOR_PEOPLE.has(error.name)) return { message: error.message, exitCode: EXIT.failure };
  // A defect of ours: the stack is what helps then.
  return { message: error.stack ?? error.message, exitCode: EXIT.failure };
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

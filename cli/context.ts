import type { Terminal } from "./output/terminal";
import type { Paths } from "./paths";

/** `local`: snowglobe, started by the commands. `account`: a Snowflake account of the user's. */
export type TargetName = "local" | "account";

/** What every command gets. */
export interface Context {
  readonly paths: Paths;
  /** The environment the command was called with. */
  readonly env: NodeJS.ProcessEnv;
  /** The folder it was called in; relative paths of its options mean this one. */
  readonly cwd: string;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
}

/** Options of every command that knows a stack. */
export interface StackChoice {
  readonly target: TargetName;
  readonly attendee?: string;
  /** Named connection of the Snowflake CLI's files, for the account target. */
  readonly connection?: string;
}

/** Ctrl-C and SIGTERM, as commands see them. */
export interface Interrupt {
  /** Ends what the command does itself (downloads, waits, builds). */
  readonly signal: AbortSignal;
  /**
   * Runs `work`, a child that shares this terminal and ends by itself when the terminal sends it the signal too.
   *
   * @param abort ends the child where the signal reached this process alone
   */
  whileRunning<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T>;
  /** To be called when the child shows that it has noticed the signal itself. */
  noticedByChild(): void;
}

import { SnowflakeError } from "../errors";

/** The longest time that a statement may run whatever is set, in seconds: seven days. */
const LONGEST = 604_800;
/** The longest time that a Node timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * What may end a statement before its own end: its client, somebody else, and STATEMENT_TIMEOUT_IN_SECONDS, which counts
 * real time.
 */
export class StatementLimit {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private timedOut = false;
  private readonly onAbort = (): void => this.controller.abort();

  /**
   * @param request aborted by the client
   * @param seconds see {@link statementTimeout}
   */
  constructor(
    private readonly request: AbortSignal,
    private readonly seconds: number,
  ) {
    request.addEventListener("abort", this.onAbort, { once: true });
    if (request.aborted) this.onAbort();
    this.timer = setTimeout(
      () => {
        this.timedOut = true;
        this.controller.abort();
      },
      Math.min(seconds * 1000, LONGEST_TIMER),
    ).unref();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the statement. */
  readonly cancel = (): void => this.controller.abort();

  /** The statement has ended. */
  dispose(): void {
    clearTimeout(this.timer);
    this.request.removeEventListener("abort", this.onAbort);
  }

  /** What a statement failed with, in the light of what ended it. */
  explain(error: SnowflakeError): SnowflakeError {
    if (!this.timedOut || error.code !== "000604") return error;
    return new SnowflakeError(
      "000630",
      "57014",
      `Statement reached its statement or warehouse timeout of ${this.seconds} second(s) and was canceled.`,
    );
  }
}

/**
 * How long a statement may run, in seconds: the lower of what session and warehouse say, where 0 is the maximum.
 *
 * Source: "Parameters", STATEMENT_TIMEOUT_IN_SECONDS.
 */
export function statementTimeout(session: number, warehouse: number | undefined): number {
  const set = [session, warehouse ?? 0].filter((seconds) => seconds > 0);
  return Math.min(LONGEST, ...set);
}

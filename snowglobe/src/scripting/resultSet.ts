import { compilationError } from "../errors";
import type { Outcome } from "../execution/outcome";
import type { Raised } from "./exceptions";

/** A RESULTSET: the result of a statement that has run. Source: "Working with RESULTSETs". */
export interface ResultSet {
  readonly kind: "resultSet";
  /** Undefined until a statement is assigned. */
  content?: Outcome | ChildJob;
}

/**
 * An asynchronous child job. Its statement runs where ASYNC stands, one order of the many that Snowflake leaves open;
 * what came of it can be had after AWAIT only. Source: "Working with asynchronous child jobs".
 */
export class ChildJob {
  private state: "running" | "awaited" | "canceled" = "running";

  private constructor(
    private readonly outcome: Outcome | undefined,
    private readonly failure: Raised | undefined,
  ) {}

  /** @param run throws Raised where the statement fails */
  static async start(run: () => Promise<Outcome>, isFailure: (error: unknown) => error is Raised): Promise<ChildJob> {
    try {
      return new ChildJob(await run(), undefined);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return new ChildJob(undefined, error);
    }
  }

  /** Waits for the end of the job. @throws Raised what the statement failed with */
  await(): Outcome {
    this.state = "awaited";
    if (this.failure) throw this.failure;
    return this.outcome!;
  }

  cancel(): void {
    this.state = "canceled";
  }

  /** @param name of the RESULTSET, for the message @throws SnowflakeError before AWAIT, or after CANCEL */
  result(name: string): Outcome {
    if (this.state === "canceled") throw compilationError(`The child job of RESULTSET '${name}' was canceled`);
    if (this.state === "running") throw compilationError(`RESULTSET '${name}' has to be awaited: AWAIT ${name}`);
    return this.await();
  }
}

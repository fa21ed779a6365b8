import type { ExceptionHandler } from "../sql/ast/scripting";
import { SnowflakeError } from "../errors";
import { translateDuckDbError } from "../translate";
import type { BlockScope } from "./scope";
import { numberValue, textValue } from "./values";

/** `e EXCEPTION (number, 'message')`. Source: "Handling exceptions". */
export interface UserException {
  readonly kind: "exception";
  readonly name: string;
  readonly number: number;
  readonly message: string;
}

/** Number of an exception that was declared without one. */
export const DEFAULT_EXCEPTION_NUMBER = -20_000;

/** SQLSTATE of exceptions that users declare. */
const USER_STATE = "P0001";

/**
 * An error on its way through blocks. `exception` is the user's own; without it `type` says whether a statement or an
 * expression failed.
 */
export class Raised extends Error {
  override readonly name = "Raised";

  constructor(
    readonly type: string,
    readonly error: SnowflakeError,
    /** Where in the block's text: 1-based line, 0-based position. */
    readonly at: { readonly line: number; readonly position: number },
    readonly exception?: UserException,
  ) {
    super(error.message);
  }

  /** What the client gets when no block handles it. */
  uncaught(): SnowflakeError {
    const { line, position } = this.at;
    const message = `Uncaught exception of type '${this.type}' on line ${line} at position ${position} : ${this.error.message}`;
    return new SnowflakeError(this.error.code, this.error.sqlState, message, this.at);
  }
}

export function raise(exception: UserException, at: Raised["at"]): Raised {
  const error = new SnowflakeError(String(exception.number), USER_STATE, exception.message);
  return new Raised(exception.name, error, at, exception);
}

/**
 * Codes that no handler catches: a feature that is refused must not look like an answer, and a canceled statement ends.
 */
const NEVER_CAUGHT: ReadonlySet<string> = new Set(["000002", "000604"]);

/** What a failing statement or expression raises. @throws the error itself where no handler may catch it */
export function raisedBy(error: unknown, type: "STATEMENT_ERROR" | "EXPRESSION_ERROR", at: Raised["at"]): Raised {
  if (error instanceof Raised) return error;
  const translated = translateDuckDbError(error);
  // 000603 is what nobody expected: its stack is for the server's log.
  if (translated.code === "000603" || NEVER_CAUGHT.has(translated.code)) throw error;
  return new Raised(type, translated, at);
}

/** The first handler that names the exception, or OTHER. */
export function handlerFor(
  raised: Raised,
  handlers: readonly ExceptionHandler[],
  scope: BlockScope,
): ExceptionHandler | undefined {
  return handlers.find(
    (handler) =>
      handler.other ||
      handler.exceptions.some(({ name }) =>
        raised.exception ? scope.find(name) === raised.exception : name === raised.type,
      ),
  );
}

/** SQLCODE, SQLERRM and SQLSTATE, as a handler sees them. */
export function declareError(scope: BlockScope, raised: Raised): void {
  const { code, message, sqlState } = raised.error;
  for (const [name, value] of [
    ["SQLCODE", numberValue(Number(code))],
    ["SQLERRM", textValue(message)],
    ["SQLSTATE", textValue(sqlState)],
  ] as const) {
    scope.declare(name, { kind: "variable", type: value.type, value });
  }
}

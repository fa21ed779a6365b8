import { compilationError, type SnowflakeError } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import type { StatementContext } from "./context";
import type { Cell } from "./outcome";

/** A function that does something, such as sending a mail: it may stand in CALL, or as the only item of a SELECT. */
export interface ActingFunction {
  readonly type: DataType;
  /** Names of the arguments in their order, where they may be given by name. Several for one where both are in use. */
  readonly parameters?: readonly (readonly string[])[];
  /**
   * Acts, and answers the call's value.
   *
   * @param values the arguments as texts; null for NULL
   */
  act(values: readonly (string | null)[], context: StatementContext): Promise<Cell>;
}

/** An acting function where it may not stand. */
export function misplacedActing(name: string): SnowflakeError {
  return compilationError(`${name} can stand in CALL, or as the only item of a SELECT without FROM`, "000002", "0A000");
}

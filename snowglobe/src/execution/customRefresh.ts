import type { DynamicTable } from "../catalog/objects";
import type { StatementWriter } from "../storage";

/**
 * The refresh of a dynamic table with REFRESH USING, seen by the statement that it runs. Source: "Custom
 * incrementalization".
 */
export interface CustomRefresh {
  /** What SELF means. */
  readonly table: DynamicTable;
  /** Does the work; absent where the statement is only bound. */
  readonly writer?: StatementWriter;
  /** The version at which each input is read, by id. */
  readonly at: ReadonlyMap<number, number>;
  /** The version after which its changes are shown, by id: that of the last refresh. Absent: all rows are new. */
  readonly since: ReadonlyMap<number, number>;
}

/** The name of the table itself within REFRESH USING. */
export const SELF = "SELF";

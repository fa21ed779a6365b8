import { SnowflakeError } from "../errors";

/**
 * An error of tasks, with Snowflake's own sentence.
 *
 * @param code the one Snowflake gives, where it is known; 091400 is that of a schedule beside a predecessor, and stands
 *   for all rules of graphs
 */
export function taskError(message: string, code = "091400"): SnowflakeError {
  return new SnowflakeError(code, "22000", message);
}

/** @param root full name */
export function rootNotSuspended(root: string): SnowflakeError {
  return taskError(`Unable to update graph with root task ${root} since that root task is not suspended.`, "091421");
}

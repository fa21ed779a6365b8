import { SnowflakeError } from "../errors";

/** The client, or a timeout on its behalf, gave the statement up. */
export function canceled(): SnowflakeError {
  return new SnowflakeError("000604", "57014", "SQL execution canceled");
}

export interface LockConflict {
  /** The statement that took the lock, and its transaction. */
  readonly holderStatement: string;
  readonly holderTransaction: string;
  readonly table: string;
  readonly waitingStatement: string;
}

function lockError(conflict: LockConflict, reason: string): SnowflakeError {
  return new SnowflakeError(
    "000625",
    "57014",
    `Statement '${conflict.holderStatement}' has locked table '${conflict.table}' in transaction ` +
      `${conflict.holderTransaction} and this lock has not yet been released.\n` +
      `Your statement '${conflict.waitingStatement}' was aborted because ${reason}.`,
  );
}

/** @see Snowflake documentation, "Parameters": LOCK_TIMEOUT */
export function lockTimeout(conflict: LockConflict, seconds: number): SnowflakeError {
  return lockError(conflict, `the lock was not granted within LOCK_TIMEOUT (${seconds} seconds)`);
}

/**
 * Snowflake picks the most recent statement of the deadlock as victim; the statement is undone, its transaction goes on.
 *
 * @see Snowflake documentation, "Transactions": Deadlocks
 */
export function deadlock(conflict: LockConflict): SnowflakeError {
  return lockError(conflict, "waiting for this lock is a deadlock");
}

/** The data file cannot be used; `message` is one line that says which, why and what to do. */
export class StorageOpenError extends Error {
  override readonly name = "StorageOpenError";
}

/** One stored row was hit by several source rows of an UPDATE or MERGE. The statement is undone. */
export class DuplicateRowError extends Error {
  override readonly name = "DuplicateRowError";

  constructor(readonly table: number) {
    super(`a row of table ${table} matches more than one source row`);
  }
}

/** Data file or log were removed while they are open: what would be written now would be lost with them. */
export function dataFileGone(path: string): SnowflakeError {
  return new SnowflakeError(
    "100132",
    "58030",
    `Data file ${path} or its log was removed: nothing is written any more; stop the server and restore both`,
  );
}

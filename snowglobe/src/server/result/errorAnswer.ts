import type { SnowflakeError } from "../../errors";
import { failure, type Answer } from "../http/answer";

/** SQLSTATE classes of errors found before a statement runs: syntax and access, missing objects, unsupported. */
const COMPILATION_STATES = /^(42|02|0A)/;

/** The answer for a statement that failed. */
export function errorAnswer(error: SnowflakeError, queryId: string): Answer {
  return failure(error.code, error.message, {
    internalError: error.code === "000603",
    errorCode: error.code,
    age: 0,
    sqlState: error.sqlState,
    queryId,
    line: error.at?.line ?? -1,
    pos: error.at?.position ?? -1,
    type: COMPILATION_STATES.test(error.sqlState) ? "COMPILATION" : "EXECUTION",
  });
}

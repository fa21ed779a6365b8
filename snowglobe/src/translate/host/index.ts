import { SnowflakeError } from "../../errors";
import type { HostFunction } from "../../storage";
import { ERROR_MARK } from "../raise";
import { binaryFunctions } from "./binaryFunctions";
import { numberFunctions } from "./numberFunctions";
import { regexpFunctions } from "./regexpFunctions";
import { textFunctions } from "./textFunctions";
import { timeFunctions } from "./timeFunctions";
import { variantFunctions } from "./variantFunctions";

/** All that emitted SQL and macros may call of this process; see the storage's HostFunction. */
export const hostFunctions: readonly HostFunction[] = [
  ...binaryFunctions,
  ...numberFunctions,
  ...regexpFunctions,
  ...textFunctions,
  ...timeFunctions,
  ...variantFunctions,
].map((definition) => ({
  ...definition,
  call: (...texts) => {
    try {
      return definition.call(...texts);
    } catch (error) {
      // An error crosses DuckDB as the text that the macros' own errors have.
      if (!(error instanceof SnowflakeError)) throw error;
      throw new Error(`${ERROR_MARK}${error.code}|${error.sqlState}|${error.message}`, { cause: error });
    }
  },
}));

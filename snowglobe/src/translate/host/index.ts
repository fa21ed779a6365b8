import { SnowflakeError } from "../../errors";
import type { AnyHostFunction, HostFunction } from "../../storage";
import { ERROR_MARK } from "../raise";
import { binaryFunctions } from "./binaryFunctions";
import { javascriptFunctions } from "./javascriptFunctions";
import { numberFunctions } from "./numberFunctions";
import { regexpFunctions } from "./regexpFunctions";
import { schemaFunctions } from "./schemaFunctions";
import { textFunctions } from "./textFunctions";
import { timeFunctions } from "./timeFunctions";
import { variantFunctions } from "./variantFunctions";

/** An error crosses DuckDB as the text that the macros' own errors have. */
function marked<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    throw new Error(`${ERROR_MARK}${error.code}|${error.sqlState}|${error.message}`, { cause: error });
  }
}

const functionsOfOneRow: readonly HostFunction[] = [
  ...binaryFunctions,
  ...numberFunctions,
  ...regexpFunctions,
  ...schemaFunctions,
  ...textFunctions,
  ...timeFunctions,
  ...variantFunctions,
];

/** All that emitted SQL and macros may call of this process; see the storage's HostFunction. */
export const hostFunctions: readonly AnyHostFunction[] = [
  ...functionsOfOneRow.map((definition) => ({
    ...definition,
    call: (...texts: string[]) => marked(() => definition.call(...texts)),
  })),
  ...javascriptFunctions.map((definition) => ({
    ...definition,
    callRows: (rows: readonly (readonly string[])[]) => marked(() => definition.callRows(rows)),
  })),
];

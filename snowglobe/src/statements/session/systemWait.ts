import { invalidArguments, invalidValue, SnowflakeError } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ActingFunction } from "../../execution/actingFunction";

/** Microseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  DAYS: 86_400e6,
  HOURS: 3_600e6,
  MINUTES: 60e6,
  SECONDS: 1e6,
  MILLISECONDS: 1e3,
  MICROSECONDS: 1,
  NANOSECONDS: 1e-3,
};

/** Waits on the account's clock, and is cancelled as any statement. Source: "SYSTEM$WAIT". */
export const SYSTEM_WAIT: ActingFunction = {
  type: VARCHAR,
  act: async (values, { instance, signal }) => {
    const [amount, unit = "SECONDS"] = values;
    if (values.length < 1 || values.length > 2 || amount === null || unit === null) {
      throw invalidArguments(
        "SYSTEM$WAIT",
        values.map(() => "VARCHAR"),
      );
    }
    const word = unit.toUpperCase();
    const length = UNITS[word];
    if (length === undefined) throw invalidValue(unit, "time_unit");
    const count = Number(amount);
    if (!(count >= 0)) throw invalidValue(String(amount), "amount");
    try {
      await instance.clock.wait(Math.ceil(count * length), signal);
    } catch (error) {
      if (signal.aborted) throw new SnowflakeError("000604", "57014", "SQL execution canceled");
      throw error;
    }
    return `waited ${amount} ${word.toLowerCase()}`;
  },
};

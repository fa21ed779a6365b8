import { StatementRefused } from "../errors";
import { find, sqlName, type Located } from "../names";
import type { LoansByState, TestFailure } from "../snapshot";
import type { Reader } from "./read";
import { count, text } from "./values";

/** More bars than this are no picture any more; Snowflake knows 50 states and the District of Columbia. */
const MOST_STATES = 60;

/**
 * The object of a name.
 *
 * @throws StatementRefused when there is none yet
 */
export function expectObject<T extends Located>(objects: readonly T[] | undefined, name: string, schema: string): T {
  const found = find(objects ?? [], name, schema);
  if (!found) throw new StatementRefused(`${name} is not there yet, or hidden from this role: dbt build makes it`);
  return found;
}

/** A table of loans by state, most loans first. */
export async function readLoansByState(reader: Reader, table: Located): Promise<LoansByState> {
  const rows = await reader.read(
    `SELECT STATE, STATE_NAME, NUMBER_OF_LOANS FROM ${sqlName(table)} ` +
      `ORDER BY NUMBER_OF_LOANS DESC, STATE LIMIT ${MOST_STATES}`,
  );
  const states = rows.map((row) => ({
    state: text(row.STATE),
    stateName: text(row.STATE_NAME),
    loans: count(row.NUMBER_OF_LOANS) ?? 0,
  }));
  return { name: table.name, states };
}

/** What the data tests find right now: the view counts anew at each read. */
export async function readTestFailures(reader: Reader, view: Located): Promise<readonly TestFailure[]> {
  const rows = await reader.read(
    `SELECT TEST_NAME, COUNT_FAILED, ERROR_STATE, WARNING_STATE, TO_JSON(TESTED_MODELS) AS TESTED_MODELS ` +
      `FROM ${sqlName(view)} ORDER BY COUNT_FAILED DESC, TEST_NAME`,
  );
  return rows.map((row) => ({
    test: text(row.TEST_NAME),
    failures: count(row.COUNT_FAILED) ?? 0,
    isError: text(row.ERROR_STATE) !== "",
    isWarning: text(row.WARNING_STATE) !== "",
    models: namesIn(text(row.TESTED_MODELS)),
  }));
}

function namesIn(json: string): string[] {
  const value: unknown = json === "" ? [] : JSON.parse(json);
  return Array.isArray(value) ? value.map(String) : [];
}

/** What is asked, and when: the statements of polls, against a Snowflake that only counts them. */
import type { ResultRow } from "../../loader/connection";
import { WatchedReader } from "../../dashboard/reader";
import { ConnectionLost, StatementRefused } from "../../dashboard/errors";
import { NAMES } from "./balboa";

const HERE = { database_name: "BALBOA_DEV", schema_name: "WORKSHOP" };
const MINUTE = 60_000;

/** Answers by the statements' beginnings. */
class CountingReader {
  readonly asked: string[] = [];
  rows = 1;
  refused: string | undefined;
  isLost = false;

  read(sqlText: string): Promise<ResultRow[]> {
    this.asked.push(sqlText);
    if (this.isLost) return Promise.reject(new ConnectionLost("gone"));
    if (this.refused && sqlText.includes(this.refused)) return Promise.reject(new StatementRefused("refused"));
    return Promise.resolve(this.answer(sqlText));
  }

  private answer(sqlText: string): ResultRow[] {
    if (sqlText.startsWith("SELECT CURRENT_TIMESTAMP")) return [{ NOW: new Date(Date.UTC(2026, 0, 5)) }];
    if (sqlText.startsWith("SHOW DYNAMIC TABLES"))
      return [{ ...HERE, name: "LOANS_BY_STATE__DYNAMIC", rows: this.rows, target_lag: "1 minute" }];
    if (sqlText.startsWith("SHOW TABLES IN DATABASE")) return [{ ...HERE, name: "LOANS_BY_STATE__STANDARD", rows: 1 }];
    if (sqlText.startsWith("SHOW VIEWS")) return [{ ...HERE, name: "STG_TEST_FAILURES" }];
    if (sqlText.includes("NUMBER_OF_LOANS")) return [{ STATE: "CA", STATE_NAME: "California", NUMBER_OF_LOANS: 7 }];
    return [];
  }

  /** Statements since the last call that need a warehouse. */
  wakes(): string[] {
    return this.asked.splice(0).filter((text) => /\bFROM\b/.test(text));
  }
}

let snowflake: CountingReader;
beforeEach(() => {
  snowflake = new CountingReader();
});

test("on an account tables and histories are read when something has changed, for a while after it, and seldom else", async () => {
  const reader = new WatchedReader({ names: NAMES, isSparing: true });
  const pollAt = async (minutes: number): Promise<number> => {
    await reader.poll(snowflake, 1_000_000_000 + minutes * MINUTE);
    return snowflake.wakes().length;
  };
  expect(await pollAt(0)).toBe(7);
  expect(await pollAt(0.1)).toBe(0);
  // The first look counts as a change: what came before it may still be on its way.
  expect(await pollAt(0.6)).toBe(7);
  expect(await pollAt(4)).toBe(0);
  snowflake.rows = 2;
  expect(await pollAt(5)).toBe(7);
  expect(await pollAt(5.1)).toBe(0);
  expect(await pollAt(5.6)).toBe(7);
  expect(await pollAt(9)).toBe(0);
  expect(await pollAt(14)).toBe(0);
  expect(await pollAt(15.7)).toBe(7);
  expect(reader.findings().cost).toMatchObject({ isSparing: true, warehouseReads: 5 });
});

test("on this computer everything is read at each look; every statement only reads", async () => {
  const reader = new WatchedReader({ names: NAMES, isSparing: false });
  for (const today of [1, 2, 3]) await reader.poll(snowflake, today);
  expect(snowflake.asked.every((text) => /^(SHOW|SELECT) /.test(text))).toBe(true);
  expect(snowflake.wakes()).toHaveLength(21);
});

test("a refused statement leaves what was read before, with the reason; the other sections go on", async () => {
  const reader = new WatchedReader({ names: NAMES, isSparing: false });
  await reader.poll(snowflake);
  snowflake.refused = "LOANS_BY_STATE__STANDARD";
  await reader.poll(snowflake);
  const { standard, dynamic } = reader.findings();
  expect(standard).toEqual({
    data: expect.objectContaining({ name: "LOANS_BY_STATE__STANDARD" }),
    readAt: expect.any(String),
    error: "refused",
  });
  expect(dynamic.error).toBeUndefined();
  expect(dynamic.data?.states).toEqual([{ state: "CA", stateName: "California", loans: 7 }]);
});

test("what is not there yet is said by name", async () => {
  const reader = new WatchedReader({ names: NAMES, isSparing: false });
  snowflake.refused = "SHOW VIEWS";
  await reader.poll(snowflake);
  const { failures, pipeline } = reader.findings();
  expect(failures.error).toMatch(/^STG_TEST_FAILURES is not there yet/);
  expect(pipeline.find(({ id }) => id === "alert")).toMatchObject({ status: "missing", says: "not there" });
});

test("a lost connection is passed on, and what was known is kept", async () => {
  const reader = new WatchedReader({ names: NAMES, isSparing: true });
  await reader.poll(snowflake);
  snowflake.isLost = true;
  await expect(reader.poll(snowflake)).rejects.toThrow(ConnectionLost);
  expect(reader.findings().dynamic.data?.states).toHaveLength(1);
});

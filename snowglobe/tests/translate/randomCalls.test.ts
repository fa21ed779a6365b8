import { openFixture } from "./fixture";
import type { Harness } from "./harness";
import { randomCalls } from "./randomCalls";

const SEED = Number(process.env.CALLS_SEED ?? 1);
const CALLS_OF_EACH = Number(process.env.CALLS_OF_EACH ?? 4);

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

/** What a call may end with that is no value: one of Snowflake's errors, and none of them an internal one. */
async function internalError(query: string): Promise<string | undefined> {
  try {
    await harness.rows(query);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code !== undefined && /^\d{6}$/.test(code) && code !== "000603" ? undefined : `${query}: ${message}`;
  }
}

it("any function called with anything answers a value or one of Snowflake's errors", async () => {
  const calls = randomCalls(CALLS_OF_EACH, SEED);
  expect(calls.length).toBeGreaterThan(1000);
  const failures: string[] = [];
  for (const call of calls) {
    const failure = await internalError(call);
    if (failure !== undefined) failures.push(failure);
  }
  expect(failures).toEqual([]);
}, 300_000);

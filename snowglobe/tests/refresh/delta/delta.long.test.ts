import fc from "fast-check";
import { Account, type StoredRow } from "./account";
import { drawFrom, randomChange, randomQuery, TABLES } from "./randomQuery";

/** Random histories of five random queries each; more by environment. */
const RUNS = Number(process.env.DELTA_RUNS ?? 12);
const SEED = Number(process.env.DELTA_SEED ?? 20_260_105);
const QUERIES = 5;
const REFRESHES = 4;

/** Rows that one query's result has more often than the other's. */
function surplus(columns: number, query: string, other: string): string {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`).join(", ");
  const counted = (from: string): string => `select ${names}, count(*) as n from (${from}) group by all`;
  return `select count(*) from (${counted(query)} minus ${counted(other)})`;
}

function bag(rows: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
}

/** Rows that were not written again, and how many need not have been, were rows known by their values. */
function untouched(before: readonly StoredRow[], after: readonly StoredRow[]): { stayed: number; common: number } {
  const text = (row: StoredRow): string => `${row.id} ${row.values}`;
  const kept = new Set(before.map(text));
  const old = bag(before.map((row) => row.values));
  const now = bag(after.map((row) => row.values));
  let common = 0;
  for (const [values, count] of now) common += Math.min(count, old.get(values) ?? 0);
  return { stayed: after.filter((row) => kept.has(text(row))).length, common };
}

let account: Account;
const found = { changes: 0, whole: 0 };

beforeAll(async () => {
  account = await Account.open();
});
afterAll(() => account.close());

test(
  "what a refresh makes by the changes is what the query gives, and rows that stay keep their identity",
  async () => {
    let history = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(10_000), { minLength: 30, maxLength: 60 }), {
          minLength: QUERIES,
          maxLength: QUERIES,
        }),
        fc.array(fc.nat(10_000), { minLength: 40, maxLength: 40 }),
        async (shapes, changes) => {
          history += 1;
          await account.run(`create schema h${history}`, ...TABLES);
          const queries = shapes.map((numbers) => {
            const draw = drawFrom(numbers);
            return randomQuery(draw, 1 + draw(4));
          });
          for (const [i, { sql }] of queries.entries()) {
            await account.run(
              `create dynamic table q${i} target_lag = '1 day' warehouse = wh refresh_mode = incremental as ${sql}`,
            );
          }
          const draw = drawFrom(changes);
          for (let round = 0; round < REFRESHES; round++) {
            const before = await Promise.all(queries.map((_, i) => account.stored(`q${i}`)));
            for (let n = draw(3); n >= 0; n--) await account.run(randomChange(draw));
            for (const [i, { sql, kinds, byRow }] of queries.entries()) {
              const record = await account.refresh(`q${i}`);
              if (record.foundBy === "CHANGES") found.changes += 1;
              else if (record.foundBy) found.whole += 1;
              const name = `q${i}`;
              const more = await account.value(surplus(kinds.length, `select * from ${name}`, sql));
              const less = await account.value(surplus(kinds.length, sql, `select * from ${name}`));
              expect({ sql, round, more, less }).toEqual({ sql, round, more: "0", less: "0" });
              const after = await account.stored(name);
              expect(new Set(after.map((row) => row.id)).size).toBe(after.length);
              const { stayed, common } = untouched(before[i]!, after);
              const inserted = record.statistics!.numInsertedRows;
              expect({ sql, inserted }).toEqual({ sql, inserted: after.length - stayed });
              if (!byRow) expect({ sql, stayed }).toEqual({ sql, stayed: common });
            }
          }
        },
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: process.env.DELTA_SHRINK === undefined },
    );
    // Nearly all queries that the generator makes are followed by their changes.
    expect(found.changes).toBeGreaterThan(10 * found.whole);
  },
  60_000 + RUNS * 20_000,
);

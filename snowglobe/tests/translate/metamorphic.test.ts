import { parseDataType } from "../../src/sql";
import { Harness } from "./harness";
import { COLUMNS, RandomExpressions, ROWS } from "./randomQueries";

const SEED = Number(process.env.METAMORPHIC_SEED ?? 1);
const CASES = Number(process.env.METAMORPHIC_CASES ?? 100);

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
  const columns = COLUMNS.map(([name, type]) => [name, parseDataType(type)] as const);
  await harness.table("M", columns, ROWS);
  await harness.table("EMPTY", columns);
});
afterAll(() => harness.close());

/** The rows in one order, or the code of the error. */
async function answer(query: string): Promise<string> {
  try {
    const rows = await harness.rows(query);
    return rows.map((row) => JSON.stringify(row)).sort().join("\n"); // prettier-ignore
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // Whether an error comes may depend on the rows that are looked at; an internal one must never come.
    return code === undefined || code === "000603" ? `internal error in ${query}: ${message}` : "error";
  }
}

it("a condition parts the rows: true, false or NULL for each, and for each one of them", async () => {
  const expressions = new RandomExpressions(SEED);
  const all = await answer("select id from m");
  for (let i = 0; i < CASES; i++) {
    const p = expressions.predicate();
    const parts = [p, `not (${p})`, `(${p}) is null`];
    const answers: string[] = [];
    for (const part of parts) answers.push(await answer(`select id from m where ${part}`));
    if (answers.includes("error")) continue;
    const ids = answers.flatMap((text) => (text === "" ? [] : text.split("\n"))).sort();
    expect([p, ids.join("\n")]).toEqual([p, all]);
  }
});

it("a query is what it is, wrapped in whatever", async () => {
  const expressions = new RandomExpressions(SEED + 1);
  for (let i = 0; i < CASES; i++) {
    const query = `select id, ${expressions.value()} as x from m where ${expressions.predicate(1)}`;
    const plain = await answer(query);
    if (plain === "error") continue;
    harness.view("WRAPPED", query);
    for (const wrapped of [
      `select * from (${query})`,
      `with c as (${query}) select id, x from c`,
      `select id, x from wrapped`,
      `${query} order by x desc nulls last, id limit 1000`,
      `select * from (${query} order by id) limit 1000 offset 0`,
      `select id, x from (${query}) qualify row_number() over (partition by id order by x) = 1`,
      `select id, any_value(x) from (${query}) group by id`,
      `select distinct id, x from (${query})`,
      `${query} union all select id, x from (${query}) where false`,
      `select a.id, a.x from (${query}) a join m on a.id = m.id`,
    ]) {
      expect([wrapped, await answer(wrapped)]).toEqual([wrapped, plain]);
    }
  }
}, 120_000);

it("over no rows there are none, and one row of an aggregate", async () => {
  const expressions = new RandomExpressions(SEED + 2);
  for (let i = 0; i < CASES; i++) {
    const value = expressions.value();
    const rows = await answer(`select ${value} as x from empty where ${expressions.predicate(1)}`);
    expect([value, rows === "error" ? "" : rows]).toEqual([value, ""]);
    const counted = await answer(`select count(*), count(x), min(x), max(x) from (select ${value} as x from empty)`);
    expect([value, counted]).toEqual([value, counted === "error" ? counted : '["0","0",null,null]']);
  }
});

/** Texts that a type writes as they were read. */
const ROUND_TRIPS: readonly (readonly [type: string, texts: readonly string[]])[] = [
  ...Array.from({ length: 10 }, (_, scale): readonly [string, readonly string[]] => {
    const part = scale === 0 ? "" : `.${"123456789".slice(0, Math.min(scale, 6)).padEnd(scale, "0")}`;
    return [
      `timestamp_ntz(${scale})`,
      [`2024-02-29 10:11:12${part}`, `1969-12-31 23:59:59${part}`, `0001-01-01 00:00:00${part}`],
    ];
  }),
  ...[0, 1, 2, 9, 18, 37].map((scale): readonly [string, readonly string[]] => {
    const part = scale === 0 ? "" : `.${"5".padStart(scale, "0")}`;
    return [`number(38,${scale})`, [`0${part}`, `1${part}`, `-7${part}`]];
  }),
  ["number(38,0)", ["99999999999999999999999999999999999999", "-99999999999999999999999999999999999999"]],
  ["date", ["2024-02-29", "0001-01-01", "9999-12-31", "1582-10-04"]],
  ["boolean", ["true", "false"]],
  ["binary", ["", "00", "CAFE01FF"]],
  ["varchar", ["", " a ", "é😀\n", "'"]],
  ["float", ["0", "1.5", "-0.25", "123456789.125"]],
  ["variant", ["a"]],
];

it.each(ROUND_TRIPS)("a text is the same after it was a %s", async (type, texts) => {
  for (const text of texts) {
    const scale = /^timestamp_ntz\((\d)\)/.exec(type)?.[1];
    const format = scale ? `, 'YYYY-MM-DD HH24:MI:SS${scale === "0" ? "" : `.FF${scale}`}'` : "";
    const literal = `'${text.replaceAll("'", "''")}'`;
    expect(await harness.value(`select to_varchar(${literal}::${type}${format})`)).toBe(text);
    expect(await harness.value(`select to_varchar(column1::${type}${format}) from values (${literal})`)).toBe(text);
  }
});

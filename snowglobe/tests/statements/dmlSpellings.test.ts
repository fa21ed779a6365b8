import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

/**
 * The same change in two spellings must leave the same table. What the change is follows from a seed: rows with
 * repeated keys, NULL keys and NULL values.
 */
let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d");
});
afterAll(() => snowglobe.stop());

/** Each spelling works on `t (id, k, v)`, with `s (k, v)` beside it, whose keys differ where they are not NULL. */
const spellings: Record<string, string[][]> = {
  "UPDATE ... FROM and MERGE": [
    ["update t set v = s.v from s where t.k = s.k"],
    ["merge into t using s on t.k = s.k when matched then update set v = s.v"],
    ["update t set v = (select s.v from s where s.k = t.k) where k in (select k from s)"],
    ["insert overwrite into t select t.id, t.k, iff(s.k is null, t.v, s.v) from t left join s on t.k = s.k"],
  ],
  "DELETE ... USING, IN, EXISTS and MERGE": [
    ["delete from t using s where t.k = s.k"],
    ["delete from t where k in (select k from s)"],
    ["delete from t where exists (select 1 from s where s.k = t.k)"],
    ["merge into t using s on t.k = s.k when matched then delete"],
    ["create or replace table t as select t.* from t left join s on t.k = s.k where s.k is null"],
  ],
  "rows for the keys that t lacks": [
    ["insert into t select null, k, v from s where not exists (select 1 from t where t.k = s.k)"],
    ["insert into t (v, k) select s.v, s.k from s left join t on t.k = s.k where t.k is null"],
    ["merge into t using s on t.k = s.k when not matched then insert (k, v) values (s.k, s.v)"],
    [
      "insert first when k in (select k from t) then into other values (k) else into t (k, v) values (k, v) select * from s",
    ],
  ],
  "MERGE and its clauses one by one": [
    [
      `merge into t using s on t.k = s.k
         when matched and s.v is null then delete
         when matched then update set t.v = s.v + 1
         when not matched and s.v > 3 then insert values (-1, s.k, s.v)`,
    ],
    [
      "create or replace table new as select * from s where v > 3 and not exists (select 1 from t where t.k = s.k)",
      "delete from t using s where t.k = s.k and s.v is null",
      "update t set v = s.v + 1 from s where t.k = s.k",
      "insert into t select -1, k, v from new",
    ],
  ],
  "INSERT ALL and INSERT after INSERT": [
    ["insert all into t (k) values (k) into t (id, v) values (9, v) select * from s"],
    ["insert into t (k) select k from s", "insert into t (id, v) select 9, v from s"],
    ["insert into t (id, k, v) select null, k, null from s union all select 9, null, v from s"],
  ],
  "conditional INSERT and INSERT with WHERE": [
    [
      "insert all when v > 2 then into t values (1, k, v) when k > 2 then into t values (2, k, v) else into t (k) values (k) select * from s",
    ],
    [
      "insert into t select 1, k, v from s where v > 2",
      "insert into t select 2, k, v from s where k > 2",
      "insert into t (k) select k from s where not (nvl(v > 2, false) or nvl(k > 2, false))",
    ],
  ],
  "INSERT OVERWRITE and TRUNCATE with INSERT": [
    ["insert overwrite into t (k, v) select k, v from s"],
    ["truncate table t", "insert into t (k, v) select k, v from s"],
    ["delete from t", "insert into t (v, k) select v, k from s"],
    ["create or replace table t as select null::int id, k, v from s"],
  ],
  "a transaction undone, and none": [
    ["begin", "update t set v = 0", "insert into t select 1, k, v from s", "delete from t where k = 1", "rollback"],
    [],
  ],
  "a table as it was, and a clone of it": [
    ["create or replace table copy clone t", "delete from t where k > 1", "create or replace table t clone copy"],
    [
      "create or replace table copy as select * from t",
      "delete from t where k > 1",
      "insert overwrite into t select * from copy",
    ],
    ["create or replace table copy like t", "alter table t swap with copy", "alter table copy swap with t"],
  ],
};

/** Numbers from 0 to 5 and NULL, from a seed. */
function numbersFrom(seed: number): () => number | null {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    const number = Math.floor(state / 65536) % 7;
    return number === 6 ? null : number;
  };
}

function valuesList(rows: (number | null)[][]): string {
  return rows.map((row) => `(${row.map((value) => value ?? "null").join(", ")})`).join(", ");
}

async function tableAfter(statements: string[], rows: (number | null)[][], other: (number | null)[][]) {
  await client.run(
    "create or replace table t (id int, k int, v int)",
    `insert into t values ${valuesList(rows)}`,
    "create or replace table s (k int, v int)",
    `insert into s values ${valuesList(other)}`,
    "create or replace table other (k int)",
    ...statements,
  );
  return await client.value(
    "select listagg(nvl(id::varchar, '-') || ' ' || nvl(k::varchar, '-') || ' ' || nvl(v::varchar, '-'), ', ') within group (order by id, k, v) from t",
  );
}

describe.each(Object.entries(spellings))("%s", (_, [first = [], ...others]) => {
  test.each([1, 2, 3])("seed %i", async (seed) => {
    const next = numbersFrom(seed);
    const rows = Array.from({ length: 8 }, (_, index) => [index, next(), next()]);
    const keys = [next(), next(), next(), next(), null];
    const other = keys.filter((key, index) => keys.indexOf(key) === index).map((key) => [key, next()]);
    const expected = await tableAfter(first, rows, other);
    for (const spelling of others) expect(await tableAfter(spelling, rows, other)).toBe(expected);
  });
});

import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "./pipeline";

/** Rounds of changes and refreshes; more by environment. */
const ROUNDS = Number(process.env.REFRESH_ROUNDS ?? 12);

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const QUERIES: Readonly<Record<string, string>> = {
  projection: "select id, g, x * 2 as y, upper(g) as u from base",
  filter: "select id, x from base where x > 20 or g is null",
  renamed: "select * from (select id as key, x from base where x < 60) where key > 10",
  grouped: "select g, count(*) as n, sum(x) as s, max(x) as m from base group by g",
  filtered_groups: "select g, count(*) as n from base group by g having count(*) > 3",
  joined: "select base.id, dim.name from base join dim on base.g = dim.g",
  outer_joined: "select base.id, base.g, dim.name from base left join dim on base.g = dim.g",
  distinct_values: "select distinct g, x from base",
  united: "select g from base union all select g from dim",
  ranked: "select id, g, row_number() over (partition by g order by x, id) as r from base qualify r <= 2",
  limited: "select id, x from base order by x desc, id limit 5",
  excepted: "select g from base except select g from dim where name like 'a%'",
  chained: "select g, n from dt_grouped where n > 2",
  chained_rows: "select id, y from dt_projection where y > 30",
};

let snowglobe: TestSnowglobe;
let client: TestClient;
const differences: string[] = [];

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table base (id int, g varchar, x int)", "create table dim (g varchar, name varchar)");
  for (const [name, query] of Object.entries(QUERIES)) {
    const lag = name === "projection" || name === "grouped" ? "downstream" : "'1 minute'";
    await client.run(`create dynamic table dt_${name} target_lag = ${lag} warehouse = wh as ${query}`);
  }
});
afterAll(() => snowglobe.stop());

function change(random: (below: number) => number, round: number): string {
  const group = `'${"abcdef"[random(6)]!}'`;
  switch (random(9)) {
    case 0:
    case 1:
    case 2:
      return `insert into base select seq4() + ${random(1000)}, iff(seq4() % 7 = 0, null, chr(97 + seq4() % 6)), seq4() * ${random(9) + 1} % 100
              from table(generator(rowcount => ${random(40) + 1}))`;
    case 3:
      return `update base set x = x + ${random(3)} where id % ${random(5) + 2} = 0`;
    case 4:
      return `update base set g = ${group} where x % ${random(7) + 2} = 1`;
    case 5:
      return `delete from base where id % ${random(6) + 3} = ${random(3)}`;
    case 6:
      return `merge into dim using (select ${group} as g) s on dim.g = s.g
              when matched and name like 'b%' then delete when matched then update set name = 'b${round}'
              when not matched then insert values (s.g, 'a${round}')`;
    case 7:
      return random(4) === 0 ? "truncate table base" : `insert into dim values (${group}, 'a')`;
    default:
      return random(3) === 0
        ? `insert overwrite into base select id, g, x from base where x % 3 <> ${random(3)}`
        : `delete from dim where g = ${group}`;
  }
}

/** How many rows one has and the other has not, duplicates counted. */
function differing(left: string, right: string): string {
  const counted = (query: string): string => `select hash(*) as r, count(*) as n from (${query}) group by 1`;
  const one = `(${counted(left)} minus ${counted(right)})`;
  const other = `(${counted(right)} minus ${counted(left)})`;
  return `select (select count(*) from ${one}) + (select count(*) from ${other})`;
}

test("after every refresh a dynamic table is its query's result", async () => {
  const random = generator(20_260_105);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = random(4); i >= 0; i--) {
      const transaction = random(4) === 0;
      if (transaction) await client.run("begin");
      for (let n = transaction ? 3 : 1; n > 0; n--) await client.run(change(random, round));
      if (transaction) await client.run(random(3) === 0 ? "rollback" : "commit");
    }
    await snowglobe.advance(48);
    for (const [name, query] of Object.entries(QUERIES)) {
      const count = Number(await client.value(differing(`select * from dt_${name}`, query)));
      if (count !== 0) differences.push(`round ${round}, ${name}: ${count} rows`);
    }
  }
  expect(differences).toEqual([]);
  for (const name of Object.keys(QUERIES)) {
    expect(await lastRefresh(client, `DT_${name.toUpperCase()}`)).toMatchObject({ STATE: "SUCCEEDED" });
  }
});

test("the comparison sees a difference", async () => {
  expect(Number(await client.value(differing("select 1 as a union all select 1", "select 1 as a")))).toBe(2);
});

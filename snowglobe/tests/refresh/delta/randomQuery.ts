/** Random queries and changes for the refreshes of dynamic tables, drawn from a list of numbers that fast-check shrinks. */

export type Draw = (below: number) => number;

/** Takes one number after the other; zeros when there are none left. */
export function drawFrom(numbers: readonly number[]): Draw {
  let at = 0;
  return (below) => (numbers[at++] ?? 0) % below;
}

export const TABLES: readonly string[] = [
  "create table a (id int, g varchar, x int, y number(10,2), f float, v variant)",
  "create table b (g varchar, k int, name varchar)",
  "insert into a select seq4(), iff(seq4() % 7 = 0, null, chr(97 + seq4() % 5)), seq4() % 9, seq4() % 4 / 4, seq4() % 3 / 4, array_construct(seq4() % 3, seq4() % 2) from table(generator(rowcount => 25))",
  "insert into b values ('a', 1, 'one'), ('b', 2, 'two'), ('b', 3, 'too'), (null, 4, 'none'), ('z', 8, 'far')",
  "create dynamic table up target_lag = downstream warehouse = wh as select g, count(*) as n, sum(x) as s from a group by g",
];

/** N: number, S: text, F: float. */
type Kind = "N" | "S" | "F";

/** A query whose columns are named c0, c1 ... */
interface Relation {
  readonly sql: string;
  readonly kinds: readonly Kind[];
  /** Each row stems from one row of a table, and has its identity; others are known by their values. */
  readonly byRow?: boolean;
}

const BASES: readonly Relation[] = [
  { sql: "select id as c0, g as c1, x as c2 from a", kinds: ["N", "S", "N"], byRow: true },
  { sql: "select g as c0, x as c1, y as c2, f as c3 from a", kinds: ["S", "N", "N", "F"], byRow: true },
  { sql: "select g as c0, k as c1, name as c2 from b", kinds: ["S", "N", "S"], byRow: true },
  { sql: "select g as c0, n as c1, s as c2 from up", kinds: ["S", "N", "N"], byRow: true },
  {
    sql: "select a.x as c0, a.g as c1, e.value::int as c2 from a, lateral flatten(input => a.v) e",
    kinds: ["N", "S", "N"],
  },
];

/** A random query. @param depth how many operators at most lie above a table */
export function randomQuery(draw: Draw, depth: number): Relation {
  if (depth === 0) return BASES[draw(BASES.length)]!;
  const operators = [filtered, projected, joined, joined, grouped, united, distinct, windowed, twice];
  return operators[draw(operators.length)]!(draw, depth);
}

const below = (draw: Draw, depth: number): Relation => randomQuery(draw, draw(depth));

function filtered(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  return {
    sql: `select * from (${input.sql}) where ${condition(draw, input, "")}`,
    kinds: input.kinds,
    byRow: input.byRow,
  };
}

function condition(draw: Draw, { kinds }: Relation, prefix: string): string {
  const at = draw(kinds.length);
  const column = `${prefix}c${at}`;
  if (draw(4) === 0) return `${column} is null`;
  if (kinds[at] === "S") return `${column} ${draw(2) === 0 ? "<" : ">="} '${"abcd"[draw(4)]}'`;
  return `${column} ${draw(2) === 0 ? "<" : ">="} ${draw(6)}`;
}

function projected(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  const count = 1 + draw(3);
  const items = Array.from({ length: count }, () => {
    const at = draw(input.kinds.length);
    const kind = input.kinds[at]!;
    if (draw(2) === 0) return { sql: `c${at}`, kind };
    // The division fails for rows that the CASE leaves out.
    if (kind === "S") return { sql: `coalesce(c${at}, 'none')`, kind };
    return { sql: draw(2) === 0 ? `c${at} * 2` : `iff(c${at} = 0, 0, 6 / nullif(c${at}, 0) * 0 + c${at})`, kind };
  });
  const list = items.map(({ sql }, i) => `${sql} as c${i}`);
  return {
    sql: `select ${list.join(", ")} from (${input.sql})`,
    kinds: items.map(({ kind }) => kind),
    byRow: input.byRow,
  };
}

function joined(draw: Draw, depth: number): Relation {
  return join(draw, below(draw, depth), below(draw, Math.max(1, depth - 1)));
}

function join(draw: Draw, left: Relation, right: Relation): Relation {
  const kind: Kind = draw(2) === 0 ? "S" : "N";
  const l = left.kinds.indexOf(kind);
  const r = right.kinds.indexOf(kind);
  const names = [...left.kinds.map((_, i) => `l.c${i}`), ...right.kinds.map((_, i) => `r.c${i}`)];
  const list = names.slice(0, 5).map((name, i) => `${name} as c${i}`);
  const kinds = [...left.kinds, ...right.kinds].slice(0, 5);
  const from = `(${left.sql}) l`;
  if (l < 0 || r < 0) {
    return { sql: `select ${list.join(", ")} from ${from} cross join (${right.sql}) r`, kinds };
  }
  const type = ["inner join", "left join", "right join", "full join"][draw(4)]!;
  const equality = draw(4) === 0 ? `equal_null(l.c${l}, r.c${r})` : `l.c${l} = r.c${r}`;
  const more = type === "inner join" && draw(3) === 0 ? ` and ${condition(draw, right, "r.")}` : "";
  const on = type === "inner join" ? equality : `l.c${l} = r.c${r}`;
  return { sql: `select ${list.join(", ")} from ${from} ${type} (${right.sql}) r on ${on}${more}`, kinds };
}

function twice(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  const left = { sql: "select * from q", kinds: input.kinds };
  const both =
    draw(2) === 0
      ? join(draw, left, left)
      : join(draw, left, { ...left, sql: `select * from q where ${condition(draw, input, "")}` });
  return { sql: `with q as (${input.sql}) ${both.sql}`, kinds: both.kinds };
}

function grouped(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  const keys = Array.from({ length: draw(3) }, () => draw(input.kinds.length));
  const shown = draw(4) === 0 ? [] : keys;
  const aggregates = Array.from({ length: 1 + draw(3) }, () => aggregate(draw, input));
  const items = [...shown.map((key) => ({ sql: `t.c${key}`, kind: input.kinds[key]! })), ...aggregates];
  const list = items.map(({ sql }, i) => `${sql} as c${i}`);
  const by = keys.length > 0 ? ` group by ${keys.map((key) => `t.c${key}`).join(", ")}` : "";
  const having = draw(4) === 0 ? ` having count(*) > ${draw(3)}` : "";
  return {
    sql: `select ${list.join(", ")} from (${input.sql}) t${by}${having}`,
    kinds: items.map(({ kind }) => kind),
  };
}

function aggregate(draw: Draw, { kinds }: Relation): { sql: string; kind: Kind } {
  const at = draw(kinds.length);
  const kind = kinds[at]!;
  const number = kind !== "S";
  switch (draw(number ? 8 : 5)) {
    case 0:
      return { sql: "count(*)", kind: "N" };
    case 1:
      return { sql: `count(t.c${at})`, kind: "N" };
    case 2:
      return { sql: `max(t.c${at})`, kind };
    case 3:
      return { sql: `min(t.c${at})`, kind };
    case 4:
      return { sql: `count(distinct t.c${at})`, kind: "N" };
    case 5:
      return { sql: `avg(t.c${at})`, kind };
    default:
      return { sql: `sum(t.c${at})`, kind };
  }
}

function united(draw: Draw, depth: number): Relation {
  const left = below(draw, depth);
  const right = below(draw, depth);
  const kinds = left.kinds.slice(0, 2);
  const list = (from: Relation): string =>
    kinds
      .map((kind, i) => {
        const at = from.kinds.indexOf(kind);
        const value = at >= 0 ? `c${at}` : kind === "S" ? "'none'" : "0";
        return `${kind === "S" ? value : `${value}::float`} as c${i}`;
      })
      .join(", ");
  const operator = draw(3) === 0 ? "union" : "union all";
  return {
    sql: `select ${list(left)} from (${left.sql}) ${operator} select ${list(right)} from (${right.sql})`,
    kinds: kinds.map((kind) => (kind === "N" ? "F" : kind)),
  };
}

function distinct(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  const kinds = input.kinds.slice(0, 2);
  return { sql: `select distinct ${kinds.map((_, i) => `c${i}`).join(", ")} from (${input.sql})`, kinds };
}

/** Windows whose order leaves nothing open: ties are rows that are equal in all columns. */
function windowed(draw: Draw, depth: number): Relation {
  const input = below(draw, depth);
  const all = input.kinds.map((_, i) => `c${i}`);
  const order = `${all[draw(all.length)]}${draw(2) === 0 ? " desc" : ""}, ${all.join(", ")}`;
  const by = all[draw(all.length)];
  const at = draw(input.kinds.length);
  const [call, kind] = (
    [
      ["row_number()", "N"],
      ["rank()", "N"],
      [`lag(c${at})`, input.kinds[at]!],
      [`count(c${at})`, "N"],
      [`max(c${at})`, input.kinds[at]!],
    ] as const
  )[draw(5)]!;
  const over = `${call} over (partition by ${by} order by ${order})`;
  const qualify =
    draw(3) === 0 ? ` qualify row_number() over (partition by ${by} order by ${order}) <= ${1 + draw(3)}` : "";
  const list = [...all, over].slice(0, 6).map((item, i) => `${item} as c${i}`);
  return {
    sql: `select ${list.join(", ")} from (${input.sql})${qualify}`,
    kinds: [...input.kinds, kind].slice(0, 6),
    byRow: input.byRow,
  };
}

/** A random change of a table. */
export function randomChange(draw: Draw): string {
  const group = ["'a'", "'b'", "'c'", "'z'", "null"][draw(5)]!;
  const n = draw(7);
  switch (draw(12)) {
    case 0:
    case 1:
    case 2:
      return `insert into a select seq4() + ${n}, iff(seq4() % 5 = 0, null, chr(97 + (seq4() + ${n}) % 6)), (seq4() + ${n}) % 9, ${n} / 4, ${n} / 2, array_construct(${n}) from table(generator(rowcount => ${1 + n}))`;
    case 3:
      return `update a set x = x + ${n} where id % 5 = ${n % 5}`;
    case 4:
      return `update a set g = ${group} where x % 4 = ${n % 4}`;
    case 5:
      return `delete from a where id % 6 = ${n % 6}`;
    case 6:
      return `insert into b values (${group}, ${n}, 'new'), (${group}, ${n + 1}, null)`;
    case 7:
      return `update b set name = name || '!', k = k + ${n % 2} where k % 3 = ${n % 3}`;
    case 8:
      return `delete from b where k % 4 = ${n % 4}`;
    case 9:
      return n === 0 ? "delete from a" : `update a set y = y + 0.25, x = null where id % 7 = ${n}`;
    case 10:
      return n < 2 ? "truncate table b" : `update a set v = array_construct(${n}, x) where id % 3 = ${n % 3}`;
    default:
      return `merge into b using (select ${group} as g, ${n} as k) s on equal_null(b.g, s.g)
              when matched and b.k > 5 then delete when matched then update set k = b.k + 1
              when not matched then insert values (s.g, s.k, 'merged')`;
  }
}

import { openFixture } from "./fixture";
import type { Harness } from "./harness";

type Row = readonly (string | null)[];

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

describe("rows of queries", () => {
  const cases: readonly (readonly [string, readonly Row[]])[] = [
    [
      "select a, b, c from t order by a",
      [
        ["1", "x", "1.50"],
        ["2", "y", "2.25"],
        ["3", null, null],
        [null, "x", "10.00"],
      ],
    ],
    ["select a from t order by a desc", [[null], ["3"], ["2"], ["1"]]],
    [
      "select a, b from t order by b nulls first, a desc",
      [
        ["3", null],
        [null, "x"],
        ["1", "x"],
        ["2", "y"],
      ],
    ],
    ["select a from t order by a desc limit 1 offset 1", [["3"]]],
    ["select top 2 a from t order by a", [["1"], ["2"]]],
    ["select a from (select a from t order by a limit 2) order by a desc", [["2"], ["1"]]],
    ["select b from t group by b order by max(a)", [["x"], ["y"], [null]]],
    ["select distinct b from t order by b", [["x"], ["y"], [null]]],
    // Names: a column wins over an alias in WHERE and GROUP BY, an alias wins in ORDER BY.
    ["select a as x from t where x > 1 order by x", [["2"], ["3"]]],
    ["select -a as a from t where a > 1 order by a", [["-3"], ["-2"]]],
    [
      "select upper(b) as b, count(*) from t group by b order by 1",
      [
        ["X", "2"],
        ["Y", "1"],
        [null, "1"],
      ],
    ],
    ["select sum(a) + count(*) as k, k * 2 as kk from t", [["10", "20"]]],
    [
      "select iff(a > 1, 'big', 'small') size, count(*) n from t group by size order by n, size",
      [
        ["big", "2"],
        ["small", "2"],
      ],
    ],
    ["select table_schema as \"s\" from (select 'S' as table_schema) where \"s\" = 'S'", [["S"]]],
    [
      "select upper(b), count(*) from t group by all order by 1",
      [
        ["X", "2"],
        ["Y", "1"],
        [null, "1"],
      ],
    ],
    ["select b, count(*) n, sum(a), avg(c) from t group by 1 having n > 1", [["x", "2", "1", "5.75000000"]]],
    ["select max(a) from t having max(a) > 100", []],
    [
      "select grouping(b), b, count(*) from t group by rollup(b) order by 1, 2",
      [
        ["0", "x", "2"],
        ["0", "y", "1"],
        ["0", null, "1"],
        ["1", null, "4"],
      ],
    ],
    // Joins.
    [
      "select * from t join u using (a) order by 1, d",
      [
        ["1", "x", "1.50", "one"],
        ["2", "y", "2.25", "two"],
        ["2", "y", "2.25", "zwei"],
      ],
    ],
    ["select a from t full join u using (a) order by a", [["1"], ["2"], ["2"], ["3"], [null]]],
    [
      "select t.a, u.d from t left join u on t.a = u.a order by t.a, u.d",
      [
        ["1", "one"],
        ["2", "two"],
        ["2", "zwei"],
        ["3", null],
        [null, null],
      ],
    ],
    ["select t.a, u.a from t, u where t.a = u.a and u.d = 'one'", [["1", "1"]]],
    ["select d from t asof join u match_condition (t.a >= u.a) where t.a = 1", [["one"]]],
    ["select count(*) from t, lateral (select * from u where u.a = t.a) x", [["3"]]],
    ["select public.t.a, db.public.t.b from db.public.t where t.a = 1", [["1", "x"]]],
    // Stars.
    ["select * exclude (b) rename (a as z) from t where a = 1", [["1", "1.50"]]],
    ["select * replace (a * 10 as a) from t where b = 'y'", [["20", "y", "2.25"]]],
    ["select t.$1, $2 from t order by 1 limit 1", [["1", "x"]]],
    // Subqueries.
    [
      "select a, (select max(d) from u where u.a = t.a) m from t order by a",
      [
        ["1", "one"],
        ["2", "zwei"],
        ["3", null],
        [null, null],
      ],
    ],
    ["select a from t where exists (select 1 from u where u.a = t.a) order by 1", [["1"], ["2"]]],
    ["select a from t where (a, b) in (select a, 'x' from u)", [["1"]]],
    ["select a from t where a not in (1, 2)", [["3"]]],
    ["select a from t where a > all (select 1) order by 1", [["2"], ["3"]]],
    // Set operations and WITH.
    ["select 1 as a union all select 2 order by a desc limit 1", [["2"]]],
    ["select 1 union select 1.5 order by 1", [["1.0"], ["1.5"]]],
    ["select a from t minus select a from u order by 1", [["3"], [null]]],
    [
      "select 1 as a, 2 as b union all by name select 3 as b, 4 as a order by a",
      [
        ["1", "2"],
        ["4", "3"],
      ],
    ],
    ["with x as (select a from t), y as (select * from x union all select * from x) select count(*) from y", [["8"]]],
    ["with recursive r(n) as (select 1 union all select n + 1 from r where n < 12) select max(n) from r", [["12"]]],
    [
      "select * from w order by a",
      [
        ["1", "1"],
        ["2", "1"],
        ["3", "1"],
        [null, "1"],
      ],
    ],
    // Windows.
    [
      "select a, row_number() over (partition by b order by a) rn from t qualify rn = 1 order by a",
      [
        ["1", "1"],
        ["2", "1"],
        ["3", "1"],
      ],
    ],
    ["select lag(a) over (order by a) l from t order by a", [[null], ["1"], ["2"], ["3"]]],
    ["select last_value(a) ignore nulls over (order by c) v from t limit 1", [["3"]]],
    [
      "select a, sum(c) from t where a < 3 group by a qualify row_number() over (order by sum(c) desc) = 1",
      [["2", "2.25"]],
    ],
    // Table functions and reshaping.
    [
      "select id, f.index, f.value from j, lateral flatten(input => v:a) f order by id, index",
      [
        ["1", "0", "1"],
        ["1", "1", "2"],
        ["1", "2", '{"b":"q"}'],
      ],
    ],
    [
      "select f.seq, f.value from (select [1, 2] v union all select [1, 2]) s, table(flatten(s.v)) f order by 1, 2",
      [
        ["1", "1"],
        ["1", "2"],
        ["2", "1"],
        ["2", "2"],
      ],
    ],
    [
      'select key, path, value from table(flatten(input => parse_json(\'{"k":1,"b c":[1]}\')))',
      [
        ["b c", "['b c']", "[1]"],
        ["k", "k", "1"],
      ],
    ],
    ["select value from table(flatten(input => parse_json('[]'), outer => true))", [[null]]],
    [
      "select index, value from table(split_to_table('a.b', '.'))",
      [
        ["1", "a"],
        ["2", "b"],
      ],
    ],
    ["select seq4() as n from table(generator(rowcount => 3)) order by n", [["0"], ["1"], ["2"]]],
    ["select * from (select a, b from t) pivot (max(a) for b in ('x', 'y')) as p", [["1", "2"]]],
    [
      "select * from (select a, c from t) unpivot (val for name in (c)) order by a",
      [
        ["1", "C", "1.50"],
        ["2", "C", "2.25"],
        [null, "C", "10.00"],
      ],
    ],
    ["select column1 from values (1, 'a'), (2, 'b')", [["1"], ["2"]]],
  ];
  test.each(cases)("%s", async (sql, expected) => {
    expect(await harness.rows(sql)).toEqual(expected);
  });
});

describe("names and types of result columns", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["select count(*), 1 + 1, 'abc'", ["COUNT(*)", "1 + 1", "'ABC'"], ["NUMBER(18,0)", "NUMBER(2,0)", "VARCHAR(3)"]],
    ['select a, t.b, c as "c" from t', ["A", "B", "c"], ["NUMBER(38,0)", "VARCHAR(16777216)", "NUMBER(10,2)"]],
    [
      "select 1/3, 10.5*2.25, 7%3, 1e3",
      ["1/3", "10.5*2.25", "7%3", "1E3"],
      ["NUMBER(7,6)", "NUMBER(6,3)", "NUMBER(1,0)", "FLOAT"],
    ],
    [
      "select sum(c), avg(c), min(c), sum(a)/count(*) from t",
      ["SUM(C)", "AVG(C)", "MIN(C)", "SUM(A)/COUNT(*)"],
      ["NUMBER(38,2)", "NUMBER(38,8)", "NUMBER(10,2)", "NUMBER(38,6)"],
    ],
    [
      "select null, coalesce(1, 2.5), iff(true, 'a', 'bcd')",
      ["NULL", "COALESCE(1, 2.5)", "IFF(TRUE, 'A', 'BCD')"],
      ["VARCHAR(16777216)", "NUMBER(2,1)", "VARCHAR(3)"],
    ],
    [
      "select dateadd(day, 1, '2024-01-01'::date) d, dateadd(hour, 1, '2024-01-01'::date) h",
      ["D", "H"],
      ["DATE", "TIMESTAMP_NTZ(9)"],
    ],
    [
      "select current_timestamp() t, current_date d, v:a p from j",
      ["T", "D", "P"],
      ["TIMESTAMP_LTZ(9)", "DATE", "VARIANT"],
    ],
  ];
  test.each(cases)("%s", (sql, names, types) => {
    expect(harness.names(sql)).toEqual(names);
    expect(harness.types(sql)).toEqual(types);
  });
});

describe("statements of unusual size", () => {
  test("5,000 ORed terms, 3,000 concatenations, a sum of 1,000 constants, an IN list of 5,000, 500 UNION arms", async () => {
    const list = (count: number, item: (i: number) => string): string[] =>
      Array.from({ length: count }, (_, i) => item(i));
    expect(await harness.value(`select count(*) from t where ${list(5000, (i) => `a = ${i}`).join(" or ")}`)).toBe("3");
    expect(await harness.value(`select length(${list(3000, () => "'x'").join(" || ")})`)).toBe("3000");
    expect(await harness.value(`select ${list(1000, () => "1").join(" + ")}`)).toBe("1000");
    expect(await harness.value(`select count(*) from t where a in (${list(5000, String).join(", ")})`)).toBe("3");
    expect(await harness.rows(list(500, (i) => `select ${i} as a`).join(" union all "))).toHaveLength(500);
  });

  test("VALUES of 20,000 rows", async () => {
    const rows = Array.from({ length: 20000 }, (_, i) => `(${i}, 'v${i}')`).join(", ");
    expect(await harness.rows(`select count(*), max(column1) from values ${rows}`)).toEqual([["20000", "19999"]]);
  });
});

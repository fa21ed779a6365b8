import { probe, type Section } from "../probe";

export const queries: Section = {
  title: "Queries",
  page: "Query syntax",
  before: [
    "create table emp (id int, name varchar, boss int, dept varchar, pay int)",
    `insert into emp values (1, 'Ann', null, 'x', 100), (2, 'Ben', 1, 'x', 80), (3, 'Cy', 1, 'y', 80), (4, 'Di', 2, 'y', 60),
     (5, 'Ed', 4, null, 50)`,
    "create table dept (code varchar, title varchar)",
    "insert into dept values ('x', 'Ships'), ('z', 'Zoo')",
  ],
  probes: [
    probe(
      "WHERE, ORDER BY, LIMIT, OFFSET",
      "select id from emp where pay <= 80 order by pay desc, id limit 2 offset 1",
      [["3"], ["4"]],
      { page: "LIMIT / FETCH" },
    ),
    probe("TOP", "select top 1 name from emp order by id desc", "Ed", { page: "TOP <n>" }),
    probe("FETCH", "select id from emp order by id fetch first 1 rows only", "1", { page: "LIMIT / FETCH" }),
    probe("NULLs last in ascending order", "select dept from emp order by dept", [["x"], ["x"], ["y"], ["y"], [null]], {
      page: "ORDER BY",
    }),
    probe("NULLS FIRST", "select dept from emp order by dept nulls first limit 1", null, { page: "ORDER BY" }),
    probe("ORDER BY ALL", "select dept, id from emp order by all limit 1", [["x", "1"]], { page: "ORDER BY" }),
    probe(
      "inner and outer joins",
      "select e.id, d.title from emp e left join dept d on e.dept = d.code where e.id in (1, 3) order by 1",
      [
        ["1", "Ships"],
        ["3", null],
      ],
      { page: "JOIN" },
    ),
    probe(
      "FULL OUTER JOIN ... USING",
      "select code, count(id) from dept full join (select dept as code, id from emp) using (code) group by code order by code",
      [
        ["x", "2"],
        ["y", "2"],
        ["z", "0"],
        [null, "1"],
      ],
      { page: "JOIN" },
    ),
    probe(
      "NATURAL JOIN",
      "select name, title from emp natural join (select 'x' as dept, 'Ships' as title) order by 1",
      [
        ["Ann", "Ships"],
        ["Ben", "Ships"],
      ],
      { page: "JOIN" },
    ),
    probe("outer join by (+)", "select count(d.title) from emp e, dept d where e.dept = d.code (+)", "2", {
      page: "WHERE",
    }),
    probe(
      "ASOF JOIN",
      "select l.t, r.v from (select 5 as t) l asof join (select 3 as t, 'a' as v union all select 6, 'b') r match_condition (l.t >= r.t)",
      [["5", "a"]],
      { page: "ASOF JOIN" },
    ),
    probe(
      "LATERAL",
      "select d.code, n.c from dept d, lateral (select count(*) as c from emp e where e.dept = d.code) n order by 1",
      [
        ["x", "2"],
        ["z", "0"],
      ],
      { page: "LATERAL" },
    ),
    probe(
      "GROUP BY, HAVING",
      "select dept, sum(pay) from emp group by dept having count(*) > 1 order by 1",
      [
        ["x", "180"],
        ["y", "140"],
      ],
      { page: "GROUP BY" },
    ),
    probe(
      "GROUP BY an alias and a position",
      "select upper(dept) as d, count(*) from emp where dept is not null group by d order by 1",
      [
        ["X", "2"],
        ["Y", "2"],
      ],
      { page: "GROUP BY" },
    ),
    probe("GROUP BY ALL", "select dept, count(*) from emp where dept = 'x' group by all", [["x", "2"]], {
      page: "GROUP BY",
    }),
    probe(
      "GROUP BY CUBE",
      "select count(*) from (select dept, boss, count(*) from emp group by cube (dept, boss))",
      "13",
      { page: "GROUP BY CUBE" },
    ),
    probe(
      "GROUP BY GROUPING SETS",
      "select count(*) from (select dept, boss, count(*) from emp group by grouping sets (dept, boss))",
      "7",
      { page: "GROUP BY GROUPING SETS" },
    ),
    probe(
      "an alias in WHERE and in the same SELECT",
      "select pay * 2 as double, double + 1 as more from emp where double = 200",
      [["200", "201"]],
      { page: "SELECT" },
    ),
    probe(
      "QUALIFY",
      "select id from emp qualify row_number() over (partition by dept order by pay desc, id) = 1 order by id",
      [["1"], ["3"], ["5"]],
      { page: "QUALIFY" },
    ),
    probe("DISTINCT", "select distinct pay from emp order by 1", [["50"], ["60"], ["80"], ["100"]], { page: "SELECT" }),
    probe(
      "SELECT * EXCLUDE, RENAME",
      "select * exclude (boss, pay) rename (name as n) from emp where id = 1",
      [["1", "Ann", "x"]],
      { page: "SELECT" },
    ),
    probe(
      "SELECT * REPLACE",
      "select * replace ('?' as name) from (select id, name from emp) where id = 1",
      [["1", "?"]],
      { page: "SELECT" },
    ),
    probe("SELECT * ILIKE", "select * ilike '%am%' from emp where id = 1", "Ann", { page: "SELECT" }),
    probe("$n, the column at a position", "select $2 from emp where $1 = 2", "Ben", { page: "SELECT" }),
    probe("WITH", "with a as (select 1 as x), b as (select x + 1 as y from a) select x, y from a, b", [["1", "2"]], {
      page: "WITH",
    }),
    probe(
      "WITH RECURSIVE",
      "with recursive r (n) as (select 1 union all select n + 1 from r where n < 4) select sum(n) from r",
      "10",
      { page: "WITH" },
    ),
    probe(
      "CONNECT BY",
      "select id, level from emp start with boss is null connect by boss = prior id order by id",
      [
        ["1", "1"],
        ["2", "2"],
        ["3", "2"],
        ["4", "3"],
        ["5", "4"],
      ],
      { page: "CONNECT BY" },
    ),
    probe("UNION, UNION ALL", "select count(*) from (select 1 union select 1 union all select 1)", "2", {
      page: "Set operators",
    }),
    probe(
      "UNION BY NAME",
      "select 1 as a, 2 as b union all by name select 3 as b, 4 as a order by 1",
      [
        ["1", "2"],
        ["4", "3"],
      ],
      { page: "Set operators" },
    ),
    probe(
      "NULL takes the other arm's type",
      "select system$typeof(x) like 'NUMBER(2,1)%' from (select null as x union all select 1.5) limit 1",
      "TRUE",
      { page: "Set operators" },
    ),
    probe("INTERSECT, MINUS", "(select 1 intersect select 1) union all (select 2 minus select 2)", "1", {
      page: "Set operators",
    }),
    probe(
      "EXISTS, correlated",
      "select name from emp e where not exists (select 1 from emp b where b.boss = e.id) order by 1",
      [["Cy"], ["Ed"]],
      { page: "Subquery operators" },
    ),
    probe("a scalar subquery", "select name from emp where pay = (select max(pay) from emp)", "Ann", {
      page: "Working with subqueries",
    }),
    probe(
      "a scalar subquery with two rows",
      "select (select id from emp)",
      { error: "Single-row subquery returns more than one row" },
      { page: "Working with subqueries" },
    ),
    probe("= ANY, <> ALL", "select count(*) from emp where dept = any (select code from dept)", "2", {
      page: "Subquery operators",
    }),
    probe("IN with rows", "select id from emp where (dept, pay) in (('x', 80), ('y', 60)) order by 1", [["2"], ["4"]], {
      page: "[ NOT ] IN",
    }),
    probe(
      "VALUES",
      "select column1, column2 from values (1, 'a'), (2, 'b') order by 1",
      [
        ["1", "a"],
        ["2", "b"],
      ],
      { page: "VALUES" },
    ),
    probe(
      "PIVOT",
      "select * from (select dept, boss, pay from emp where boss = 1) pivot (sum(pay) for dept in ('x', 'y'))",
      [["1", "80", "80"]],
      { page: "PIVOT" },
    ),
    probe(
      "PIVOT ... IN (ANY)",
      "select * from (select dept, pay from emp) pivot (sum(pay) for dept in (any order by dept))",
      [["180", "140", "50"]],
      { page: "PIVOT" },
    ),
    probe(
      "UNPIVOT",
      "select k, v from (select 1 as a, 2 as b) unpivot (v for k in (a, b)) order by 1",
      [
        ["A", "1"],
        ["B", "2"],
      ],
      { page: "UNPIVOT" },
    ),
    probe(
      "MATCH_RECOGNIZE",
      "select * from emp match_recognize (order by id measures count(*) as c pattern (a+) define a as pay > 90)",
      "1",
      { page: "MATCH_RECOGNIZE" },
    ),
    probe("SAMPLE of rows", "select count(*) from emp sample (2 rows)", "2", { page: "SAMPLE / TABLESAMPLE" }),
    probe("SAMPLE, all and nothing", "select count(*) from emp tablesample (100)", "5", {
      page: "SAMPLE / TABLESAMPLE",
    }),
    probe("the pipe ->>", "select id from emp where pay = 80 ->> select max(id) from $1", "3", {
      page: "Pipe operator",
    }),
  ],
};

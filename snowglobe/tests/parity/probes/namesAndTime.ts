import { probe, type Section } from "../probe";

export const namesAndTime: Section = {
  title: "Names, errors, time travel",
  page: "Identifier requirements",
  before: [
    "create table emp (id int, name varchar, boss int, dept varchar, pay int)",
    `insert into emp values (1, 'Ann', null, 'x', 100), (2, 'Ben', 1, 'x', 80), (3, 'Cy', 1, 'y', 80), (4, 'Di', 2, 'y', 60),
     (5, 'Ed', 4, null, 50)`,
    "create table dept (code varchar, title varchar)",
    "insert into dept values ('x', 'Ships'), ('z', 'Zoo')",
  ],
  probes: [
    probe("identifiers are folded to upper case", 'select "NAME" from emp where Id = 1', "Ann", {
      page: "Identifier requirements",
    }),
    probe(
      "quoted identifiers are as written",
      'select "name" from emp',
      { error: "invalid identifier '\"name\"'" },
      { page: "Identifier requirements" },
    ),
    probe("IDENTIFIER()", "select count(*) from identifier('probe_db.probe.emp')", "5", {
      page: "Literals and variables as identifiers",
    }),
    probe(
      "a table that there is not",
      "select * from nowhere",
      { error: "NOWHERE' does not exist or not authorized." },
      { page: "SELECT" },
    ),
    probe(
      "a column that there is not",
      "select nothing from emp",
      { error: "invalid identifier 'NOTHING'" },
      { page: "SELECT" },
    ),
    probe(
      "a syntax error",
      "selec 1",
      { error: "syntax error line 1 at position 0 unexpected 'selec'." },
      { page: "SELECT" },
    ),
    probe(
      "a column that is not grouped",
      "select name, count(*) from emp group by dept",
      { error: "is not a valid group by expression" },
      { page: "GROUP BY" },
    ),
    probe("EXPLAIN", "explain select 1 ->> select count(*) > 0 from $1", "TRUE", { page: "EXPLAIN" }),
    probe("AT (OFFSET)", "select count(*) from emp at (offset => -60)", "5", {
      before: [120, "delete from emp where id = 5"],
      page: "AT | BEFORE",
    }),
    probe("BEFORE (STATEMENT)", "select count(*) from emp before (statement => $q)", "4", {
      before: ["delete from emp where id = 4", "set q = last_query_id()"],
      page: "AT | BEFORE",
    }),
    probe(
      "AT before the table was there",
      "select count(*) from emp at (offset => -100000)",
      { error: "Time travel data is not available for table EMP" },
      { page: "AT | BEFORE" },
    ),
    probe(
      "CHANGES",
      "select metadata$action, id from emp changes (information => default) at (offset => -60)",
      [["DELETE", "4"]],
      {
        before: [
          "create or replace table emp (id int) change_tracking = true",
          "insert into emp values (4)",
          90,
          "delete from emp",
        ],
        page: "CHANGES",
      },
    ),
    probe("CREATE TABLE ... CLONE is of its own", "select count(*) from own", "2", {
      before: ["create table one as select 1 as a", "create table own clone one", "insert into own values (2)"],
      page: "CREATE <object> ... CLONE",
    }),
    probe(
      "UNDROP of a name that is taken",
      "undrop table one",
      { error: "Object 'ONE' already exists." },
      { before: ["drop table one", "create table one (b int)"], page: "UNDROP TABLE" },
    ),
    probe("a temporary table hides the one of its name", "select count(*) from own", "0", {
      before: ["create temporary table own (a int)"],
      page: "Working with temporary and transient tables",
    }),
    probe("... until it is dropped", "select count(*) from own", "2", {
      before: ["drop table own"],
      page: "Working with temporary and transient tables",
    }),
  ],
};

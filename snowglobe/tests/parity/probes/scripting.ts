import { probe, type Section } from "../probe";

export const scripting: Section = {
  title: "Snowflake Scripting",
  page: "Snowflake Scripting Developer Guide",
  before: ["create table t (id int, v int)", "insert into t values (1, 10), (2, 20), (3, 30)"],
  probes: [
    probe("a block", "begin return 'done'; end", "done"),
    probe("DECLARE, LET, :=", "declare a int default 2; begin let b := 3; a := a * b; return a; end", "6", {
      page: "Working with variables",
    }),
    probe(
      "variables in SQL",
      "declare n int default 2; r int; begin select v into :r from t where id = :n; return r; end",
      "20",
      { page: "Working with variables" },
    ),
    probe(
      "IF",
      "declare x int default 5; begin if (x > 3) then return 'big'; elseif (x > 1) then return 'mid'; else return 'small'; end if; end",
      "big",
      { page: "IF (Snowflake Scripting)" },
    ),
    probe(
      "CASE",
      "declare x int default 2; begin case (x) when 1 then return 'one'; when 2 then return 'two'; else return '?'; end; end",
      "two",
      { page: "CASE (Snowflake Scripting)" },
    ),
    probe(
      "FOR over a range",
      "declare s int default 0; begin for i in 1 to 4 do s := s + i; end for; return s; end",
      "10",
      { page: "FOR (Snowflake Scripting)" },
    ),
    probe(
      "FOR ... REVERSE",
      "declare s varchar default ''; begin for i in reverse 1 to 3 do s := s || i::varchar; end for; return s; end",
      "321",
      { page: "FOR (Snowflake Scripting)" },
    ),
    probe(
      "FOR over a cursor",
      "declare s int default 0; c cursor for select v from t; begin for r in c do s := s + r.v; end for; return s; end",
      "60",
      { page: "FOR (Snowflake Scripting)" },
    ),
    probe(
      "OPEN, FETCH, CLOSE",
      "declare x int; c cursor for select v from t order by v desc; begin open c; fetch c into x; close c; return x; end",
      "30",
      { page: "Working with cursors" },
    ),
    probe("WHILE", "declare n int default 0; begin while (n < 5) do n := n + 2; end while; return n; end", "6", {
      page: "WHILE (Snowflake Scripting)",
    }),
    probe("REPEAT", "declare n int default 0; begin repeat n := n + 1; until (n >= 3) end repeat; return n; end", "3", {
      page: "REPEAT (Snowflake Scripting)",
    }),
    probe(
      "LOOP, BREAK, CONTINUE",
      "declare n int default 0; begin loop n := n + 1; if (n < 4) then continue; end if; break; end loop; return n; end",
      "4",
      { page: "LOOP (Snowflake Scripting)" },
    ),
    probe(
      "RESULTSET",
      "declare r resultset default (select id from t order by id limit 2); begin return table(r); end",
      [["1"], ["2"]],
      { page: "Working with RESULTSETs" },
    ),
    probe(
      "EXECUTE IMMEDIATE ... USING",
      "declare n int default 3; r resultset; begin r := (execute immediate 'select v from t where id = ?' using (n)); return table(r); end",
      "30",
      { page: "EXECUTE IMMEDIATE" },
    ),
    probe("EXECUTE IMMEDIATE of a text", "execute immediate 'select 1 + 1'", "2", { page: "EXECUTE IMMEDIATE" }),
    probe("EXECUTE IMMEDIATE of a block", "execute immediate $$begin return 7; end$$", "7", {
      page: "EXECUTE IMMEDIATE",
    }),
    probe("EXCEPTION", "begin let x := 1 / 0; exception when other then return sqlerrm; end", "Division by zero", {
      page: "Handling exceptions",
    }),
    probe(
      "RAISE of an own exception",
      "declare e exception (-20002, 'too late'); begin raise e; exception when e then return sqlcode || ' ' || sqlerrm; end",
      "-20002 too late",
      { page: "Handling exceptions" },
    ),
    probe(
      "an exception that nobody handles",
      "declare e exception (-20003, 'too bad'); begin raise e; end",
      { error: "too bad" },
      { page: "Handling exceptions" },
    ),
    probe(
      "SQLROWCOUNT, SQLFOUND",
      "begin update t set v = v + 1 where id < 3; return sqlrowcount || ' ' || sqlfound; end",
      "2 true",
      { page: "Determining the number of rows affected by DML commands" },
    ),
    probe(
      "nested blocks",
      "declare x int default 1; begin declare y int default 2; begin x := x + y; end; return x; end",
      "3",
      { page: "Understanding blocks in Snowflake Scripting" },
    ),
    probe(
      "DML in a block",
      "begin insert into t values (9, 9); delete from t where id = 9; return (select count(*) from t); end",
      "3",
    ),
    probe(
      "a statement in a block that fails",
      "begin select * from not_there; end",
      { error: "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6" },
      { page: "Handling exceptions" },
    ),
    probe("ASYNC, AWAIT", "begin async (select 1); await all; return 1; end", "1", { page: "Asynchronous child jobs" }),
  ],
};

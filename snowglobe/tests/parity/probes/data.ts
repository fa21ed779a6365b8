import { probe, type Section } from "../probe";

export const data: Section = {
  title: "Statements: data and files",
  page: "INSERT",
  before: [
    "create table t (id int, v varchar)",
    "create table src (id int, v varchar)",
    "insert into src values (1, 'one'), (2, 'two')",
  ],
  probes: [
    probe("INSERT ... VALUES", "insert into t values (1, 'a'), (2, 'b'), (3, default)", "3"),
    probe("INSERT ... SELECT", "insert into t (id) select id + 10 from src", "2"),
    probe("INSERT OVERWRITE", "select count(*) from o", "2", {
      before: ["create table o as select 9 as id, 'x'::varchar as v", "insert overwrite into o select * from src"],
    }),
    probe(
      "INSERT ALL",
      "insert all when id = 1 then into first_rows (id) values (id) else into o select id, v from src",
      [["1", "1"]],
      { before: ["create table first_rows like t"], page: "INSERT (multi-table)" },
    ),
    probe("UPDATE", "update t set v = 'c' where id = 2", [["1", "0"]], { page: "UPDATE" }),
    probe("UPDATE ... FROM", "select v from t where id = 1", "one", {
      before: ["update t set v = s.v from src s where s.id = t.id and t.id = 1"],
      page: "UPDATE",
    }),
    probe("DELETE ... USING", "delete from t using src s where t.id = s.id + 10", "2", { page: "DELETE" }),
    probe(
      "MERGE",
      "merge into t using (select 2 as id, 'two' as v union all select 7, 'seven') s on t.id = s.id when matched then update set v = s.v when not matched then insert (id, v) values (s.id, s.v)",
      [["1", "1"]],
      { page: "MERGE" },
    ),
    probe(
      "MERGE ... WHEN MATCHED AND ... DELETE",
      "merge into t using src s on t.id = s.id when matched and s.id = 1 then delete",
      "1",
      { page: "MERGE" },
    ),
    probe(
      "MERGE that meets a row twice",
      "merge into t using (select 7 as id, 'x' as v union all select 7, 'y') s on t.id = s.id when matched then update set v = s.v",
      { error: "Duplicate row detected during DML action" },
      { page: "MERGE" },
    ),
    probe("a value that does not fit the column", "insert into t values ('x', 'y')", {
      error: "Numeric value 'x' is not recognized",
    }),
    probe("too few values", "insert into t values (1)", {
      error: "Insert value list does not match column list expecting 2 but got 1",
    }),
    probe(
      "CREATE FILE FORMAT",
      "create file format ff type = csv skip_header = 1",
      "File format FF successfully created.",
      { page: "CREATE FILE FORMAT" },
    ),
    probe("SHOW FILE FORMATS", `show file formats like 'ff' ->> select "name", "type" from $1`, [["FF", "CSV"]], {
      page: "SHOW FILE FORMATS",
    }),
    probe("CREATE STAGE", "create stage st file_format = (type = csv)", "Stage area ST successfully created.", {
      page: "CREATE STAGE",
    }),
    probe(
      "CREATE STAGE of another cloud's files",
      "create stage sx url = 's3://bucket/'",
      { refused: "URL" },
      { page: "CREATE STAGE" },
    ),
    probe("SHOW STAGES", `show stages like 'st' ->> select "name", "type" from $1`, [["ST", "INTERNAL"]], {
      page: "SHOW STAGES",
    }),
    probe("LIST", "list @st ->> select count(*) from $1", "0", { page: "LIST" }),
    probe("COPY INTO <table>, nothing there", "copy into t from @st", "Copy executed with 0 files processed.", {
      page: "COPY INTO <table>",
    }),
    probe("COPY INTO <location>", `copy into @st/out from src ->> select "rows_unloaded" from $1`, "2", {
      page: "COPY INTO <location>",
    }),
    probe("SELECT from a stage", "select $1 from @st order by 1", [["1"], ["2"]], {
      page: "Querying data in staged files",
    }),
    probe("REMOVE", "remove @st ->> select count(*) from $1", "1", { page: "REMOVE" }),
    probe(
      "CREATE FILE FORMAT of Parquet",
      "create file format pq type = parquet",
      "File format PQ successfully created.",
      { page: "CREATE FILE FORMAT" },
    ),
  ],
};

/** SQLAlchemy with Snowflake's dialect, unmodified. */
import { describeScript } from "./tool";

describeScript("SQLAlchemy", "sqlalchemy_tool.py", {
  create_all: null,
  "a session adds and reads": [
    ["ann", "red"],
    ["bob", "red"],
  ],
  "a session rolls back": 1,
  "a session changes and deletes": ["eve"],
  autocommit: "auto",
  "a thousand rows at once": [[1000, 499500]],
  "values of all kinds": ["1.25", "1.5", "True", "2024-02-29 01:02:03", "2024-03-01", "é"],
  "names of tables": ["kinds", "numbers", "people", "teams"],
  "names of schemas": ["information_schema", "public", "s"],
  "names of sequences": ["person_ids", "team_ids"],
  columns: [
    ["id", "DECIMAL(38, 0)", false, null],
    ["name", "VARCHAR(30)", false, "what it is called"],
  ],
  "primary key": ["id"],
  "unique keys": [["name"]],
  "foreign keys": [[["team_id"], "teams", ["id"]]],
  has_table: [true, false],
  views: [["named"], "create view named as select name from people"],
  "reflection follows foreign keys": [["people", "teams"], ["teams.id"]],
  to_sql: 2,
  "to_sql by pd_writer": null,
  read_sql: [
    [1, "x"],
    [1, "x"],
    [2, "é"],
    [2, "é"],
  ],
  drop_all: null,
});

/** Snowpark for Python, unmodified: DataFrames are SQL, and run; code in Python does not. */
import { describeScript } from "./tool";

const failed = (message: string): unknown => ({ error: "SnowparkSQLException", message });

describeScript("Snowpark", "snowpark_tool.py", {
  "where the session is": ['"D"', '"PUBLIC"', '"WH"'],
  create_dataframe: [
    [1, "ann", 1.5],
    [2, "bob", null],
    [3, null, 2.5],
  ],
  "its types": ["LongType()", "StringType()", "DoubleType()"],
  "save, append, truncate, ignore, overwrite": [3, 6, 3, 3, 3],
  "save where there is one": failed("002002 (42710): SQL compilation error:\nObject 'D.PUBLIC.PEOPLE' already exists."),
  "filter, select, sort": [
    [2, "BOB"],
    [3, null],
  ],
  "group and aggregate": [[4, 3, 3]],
  join: 3,
  window: [
    [1, 3],
    [2, 2],
    [3, 1],
  ],
  union: 6,
  flatten: [["1"], ["2"]],
  to_pandas: [
    [1, "ann"],
    [2, "bob"],
  ],
  write_pandas: 2,
  update: [1, 0],
  merge: [1, 1, 0],
  delete: [1],
  views: ["View SEEN successfully created.", "View SEEN_NOW successfully created."],
  cache_result: 3,
  "dynamic table": [
    ["bob", 1],
    ["eve", 1],
    [null, 1],
  ],
  files: ["UPLOADED", 2],
  copy_into_table: [1, 2],
  "unload and read parquet": 3,
  asynchronous: 3,
  binds: [[1, "x"]],
  "table functions": [["a"], ["b"]],
  pivot: 3,
  // Count, mean, standard deviation, least and greatest.
  describe: 5,
  "a function in Python": failed("000002 (0A000): Unsupported feature 'CREATE FUNCTION in LANGUAGE PYTHON'."),
  "a procedure in Python": failed("000002 (0A000): Unsupported feature 'INFORMATION_SCHEMA.PACKAGES'."),
});

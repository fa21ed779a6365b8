/** pandas by the connector's helpers, unmodified. */
import { describeScript } from "./tool";

const FRAME = [
  [1, "a", 1.5, "2024-02-29T10:00:00.000", true],
  [2, null, null, "2024-03-01T00:00:00.000", false],
  [3, "é", 2.5, null, true],
];

describeScript("pandas", "pandas_tool.py", {
  write_pandas: FRAME,
  "write_pandas makes a table": FRAME,
  "its types": ["NUMBER(38,0)", "VARCHAR(16777216)", "FLOAT", "TIMESTAMP_NTZ(9)", "BOOLEAN"],
  "write_pandas overwrites": FRAME,
  "write_pandas makes a table anew": FRAME,
  "write_pandas into a temporary table": FRAME,
  batches: 5000,
});

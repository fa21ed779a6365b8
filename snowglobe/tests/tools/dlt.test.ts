/** dlt, unmodified: its three file formats, and merging with nested tables. */
import { describeScript } from "./tool";

const LOANS = ["5", "10", "2.5", "1.250000000", "2024-02-29", "2024-02-29 12:30:00.000", "é0"];

describeScript("dlt", "dlt_tool.py", {
  parquet: LOANS,
  csv: LOANS,
  jsonl: LOANS,
  "merge, nested lists as tables": [
    [
      [1, "second"],
      [2, "same"],
    ],
    ["a", "b"],
  ],
});

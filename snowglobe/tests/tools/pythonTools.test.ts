/**
 * dlt, pandas and SQLAlchemy, unmodified, in their ordinary use. `SNOWGLOBE_TEST_TOOLS_PYTHON` names an interpreter that
 * has what requirements.txt lists; without it these tests are skipped.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PASSWORD, startSnowglobe } from "../server";

const python = process.env.SNOWGLOBE_TEST_TOOLS_PYTHON ?? "";

const LOANS = ["5", "10", "2.5", "1.250000000", "2024-02-29", "2024-02-29 12:30:00.000", "é0"];
const FRAME = [
  [1, "a", 1.5, "2024-02-29T10:00:00.000", true],
  [2, null, null, "2024-03-01T00:00:00.000", false],
  [3, "é", 2.5, null, true],
];

(python === "" ? test.skip : test)(
  "what they load is what they read",
  async () => {
    const snowglobe = await startSnowglobe();
    const folder = mkdtempSync(path.join(tmpdir(), "snowglobe-tools-"));
    try {
      const script = path.join(__dirname, "python_tools.py");
      const { stdout } = await promisify(execFile)(
        python,
        ["-W", "ignore", script, String(snowglobe.port), PASSWORD, folder],
        {
          timeout: 280_000,
          env: { ...process.env, RUNTIME__DLTHUB_TELEMETRY: "false", HOME: folder },
        },
      );
      expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toEqual({
        "dlt parquet": LOANS,
        "dlt csv": LOANS,
        "dlt jsonl": LOANS,
        write_pandas: FRAME,
        "write_pandas makes a table": FRAME,
        "its types": ["NUMBER(38,0)", "VARCHAR(16777216)", "FLOAT", "TIMESTAMP_NTZ(9)", "BOOLEAN"],
        batches: 5000,
        sqlalchemy: [
          [1, "ann", "ann@example.com"],
          [2, "bob", null],
        ],
        "sqlalchemy tables": ["known", "made", "mails", "users"],
        "sqlalchemy key": ["id"],
        "sqlalchemy columns": ["id", "name"],
        to_sql: FRAME,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await snowglobe.stop();
    }
  },
  300_000,
);

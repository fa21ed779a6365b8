/** What is asked about the monitoring, and how it is shown. That Snowflake answers so: monitoring.engine.test.ts. */
import { objectTables } from "../../cli/commands/status";
import { readMonitoring, type MonitoringStatus } from "../../cli/stack/monitoring";
import { workshopNames } from "../../components/naming";
import type { ResultRow } from "../../loader/connection";

const names = workshopNames({ environment: "dev" });
const ALL: Readonly<Record<string, ResultRow>> = {
  "SHOW STREAMS": { name: "DYNAMIC_TABLE_STREAM", table_name: "D.S.T", stale: "false" },
  "SHOW TASKS": { name: "CAPTURE_ERRORS_TASK", state: "started", last_suspended_reason: "USER_SUSPENDED" },
  "SHOW ALERTS": { name: "ERROR_ALERT", state: "started", schedule: null },
  "SHOW WAREHOUSES": { name: "WH_TRANSFORMING_DYNAMIC_TABLES", state: "SUSPENDED" },
  "SELECT CREATED,": { CREATED: new Date("2026-01-05T12:00:00Z"), STATUS: "SUCCESS", ERROR_MESSAGE: null },
};

async function read(
  rows: Readonly<Record<string, ResultRow>>,
  costsNothing = true,
): Promise<{ status: MonitoringStatus; asked: string[] }> {
  const asked: string[] = [];
  const show = (statement: string): Promise<ResultRow[]> => {
    asked.push(statement);
    const row = rows[statement.split(" ", 2).join(" ")];
    return Promise.resolve(row ? [row] : []);
  };
  return { status: await readMonitoring(show, names, { costsNothing }), asked };
}

const shown = (monitoring: MonitoringStatus): string =>
  objectTables({ dynamicTables: [], tables: [], monitoring }, {}).join("\n");

describe("what watches", () => {
  test("is read by name, and shown with the last mails", async () => {
    const { status } = await read(ALL);
    expect(status).toEqual({
      stream: { name: "DYNAMIC_TABLE_STREAM", of: "D.S.T", stale: false },
      task: { name: "CAPTURE_ERRORS_TASK", state: "started" },
      alert: { name: "ERROR_ALERT", state: "started" },
      mails: [{ createdOn: "2026-01-05T12:00:00.000Z", status: "SUCCESS" }],
    });
    expect(shown(status)).toMatch(/mail +2026-01-05T12:00:00\.000Z +SUCCESS/);
  });

  test("of which nothing is there shows nothing; another name that fits LIKE's pattern is not it", async () => {
    const { status } = await read({ "SHOW STREAMS": { name: "DYNAMICXTABLE_STREAM", stale: "true" } });
    expect(status).toEqual({});
    expect(shown(status)).toBe("");
  });

  test("says why a task stands still and that a stream cannot be read", async () => {
    const { status } = await read({
      "SHOW STREAMS": { ...ALL["SHOW STREAMS"], stale: true },
      "SHOW TASKS": {
        name: "CAPTURE_ERRORS_TASK",
        state: "suspended",
        last_suspended_reason: "SUSPENDED_DUE_TO_ERRORS",
      },
    });
    expect(shown(status)).toMatch(/stream +DYNAMIC_TABLE_STREAM +cannot be read any more; .\/workshop up/);
    expect(shown(status)).toMatch(/task +CAPTURE_ERRORS_TASK +suspended, SUSPENDED_DUE_TO_ERRORS/);
  });
});

describe("on an account", () => {
  const mailsAsked = (asked: readonly string[]): boolean => asked.some((text) => text.includes("NOTIFICATION_HISTORY"));

  test("a sleeping warehouse is left asleep", async () => {
    const { status, asked } = await read(ALL, false);
    expect(mailsAsked(asked)).toBe(false);
    expect(status).not.toHaveProperty("mails");
  });

  test("mails are asked for where the warehouse runs anyway", async () => {
    const running = { name: "WH_TRANSFORMING_DYNAMIC_TABLES", state: "STARTED" };
    expect(mailsAsked((await read({ ...ALL, "SHOW WAREHOUSES": running }, false)).asked)).toBe(true);
  });
});

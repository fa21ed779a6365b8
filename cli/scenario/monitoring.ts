import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

/** Seconds that the task may take after the refresh: it runs every 30 seconds at most. */
const TASK_SECONDS = 90;
/** Seconds that alert and mail may take after the task. */
const ALERT_SECONDS = 120;

/** Who tells me? Stream, task, table of failures, alert and mail. */
export const monitoring: Scenario = {
  name: "monitoring",
  title: "Somebody is told",
  about:
    "A view that counts failures helps those who look at it. Here a stream on the dynamic table triggers a task, the task " +
    "keeps the failures in a table, and an alert on that table's new rows sends a mail.",
  changesLoans: true,
  async play(stage) {
    const { teller, names } = stage;
    await teller.step(
      "See who watches",
      "The stream holds only a position in the changes of the dynamic table. It has nothing to tell as long as nothing " +
        "changed, and so the task does not run.",
    );
    const schema = `${names.analyticsDatabase}.${names.analyticsSchema}`;
    await stage.show(
      `SHOW TASKS LIKE '${names.captureTask}' IN SCHEMA ${schema}\n` +
        `->> SELECT "name", "state", "schedule", "condition" FROM $1`,
    );
    const alerts = await stage.show(
      `SHOW ALERTS LIKE '${names.errorAlert}' IN SCHEMA ${schema}\n->> SELECT "name", "state", "schedule" FROM $1`,
    );
    const hasAlert = alerts.rows.length > 0;
    if (!hasAlert) teller.look("there is no alert: this stack has no recipients (workshop:recipients), so no mail.");
    // What was loaded a moment ago may still keep the task busy: it runs every 30 seconds at most.
    await untilSettled(stage);
    const left = await kept(stage);
    teller.expect("the table of failures is empty", left.length === 0, left.join(", "));

    await teller.step("Load the loans of all states", "Bad data once more; from here on nobody does anything.");
    const begun = await stage.now();
    await stage.load("all");
    const since = await stage.now();
    const unexpected = [...(await stage.loansByState(stage.raw)).keys()].filter((state) => state !== "CA").length;

    await teller.step(
      "Wait for the refresh, the task and the mail",
      "The refresh changes the dynamic table, so the stream has data. That triggers the task. Its rows are new in the table " +
        "of failures, and that fires the alert.",
    );
    const refreshed = await stage.refreshed(since);
    if (!teller.expect("both dynamic tables were refreshed by themselves", refreshed !== undefined, "they were not"))
      return;
    const rows = await stage.wait("waiting for the task", TASK_SECONDS, async () => nonEmpty(await kept(stage)));
    teller.expect(
      `the task has kept one failure, with ${unexpected}`,
      rows?.length === 1 && rows[0] === String(unexpected),
      rows ? rows.join(", ") : "the table of failures is empty",
    );
    if (hasAlert) {
      await stage.wait("waiting for the mail", ALERT_SECONDS, async () => (await mails(stage, begun)) || undefined);
      const sent = await mails(stage, begun);
      teller.expect("one mail was sent", sent === 1, `${sent} were`);
    }

    await teller.step("See what ran", "Each of them keeps its history for seven days.");
    const from = `SCHEDULED_TIME_RANGE_START => TO_TIMESTAMP_LTZ(${begun}, 3)`;
    const runs = await stage.show(
      `SELECT NAME, STATE, SCHEDULED_FROM, COMPLETED_TIME\n` +
        `FROM ${stage.history(`TASK_HISTORY(TASK_NAME => '${names.captureTask}', ${from})`)}\nORDER BY SCHEDULED_TIME`,
    );
    teller.expect(
      "the task was triggered once and succeeded",
      runs.rows.filter(([, state, trigger]) => state === "SUCCEEDED" && trigger === "TRIGGER").length === 1,
      runs.rows.map((row) => row[1]).join(", ") || "it did not run",
    );
    if (hasAlert) {
      const fired = await stage.show(
        `SELECT NAME, STATE, SCHEDULED_FROM, COMPLETED_TIME\n` +
          `FROM ${stage.history(`ALERT_HISTORY(ALERT_NAME => '${names.errorAlert}', ${from})`)}\nORDER BY SCHEDULED_TIME`,
      );
      const count = fired.rows.filter(([, state]) => state === "TRIGGERED").length;
      teller.expect("the alert was triggered once", count === 1, `${count} times`);
    }
    teller.look("a task run, an alert run and the mail stand there now.");

    await teller.step(
      "Take the bad data away",
      "A refresh changes the dynamic table once more, so the task runs again and finds no failure. A table that was " +
        "emptied has no new rows: the alert stays silent.",
    );
    await stage.change(`DELETE FROM ${stage.raw} WHERE ADDR_STATE <> 'CA'`);
    const cleaned = await stage.now();
    await stage.refreshed(cleaned);
    await untilSettled(stage);
    const still = await kept(stage);
    teller.expect("the table of failures is empty again", still.length === 0, still.join(", "));
    if (hasAlert) {
      const sent = await mails(stage, begun);
      teller.expect("no further mail was sent", sent === 1, `${sent} mails in all`);
    }
  },
};

/** COUNT_FAILED of each failure that the task has kept. */
async function kept(stage: Stage): Promise<string[]> {
  return (await stage.look(`SELECT COUNT_FAILED FROM ${stage.errorsTable}`)).map((row) => row[0] ?? "");
}

/** Waits until the task has seen every refresh so far, and has found that nothing fails. */
async function untilSettled(stage: Stage): Promise<void> {
  const unseen = `SELECT IFF(SYSTEM$STREAM_HAS_DATA('${stage.stream}'), 1, 0)`;
  await stage.wait("waiting for the task", TASK_SECONDS, async () =>
    (await stage.count(unseen)) === 0 && (await kept(stage)).length === 0 ? true : undefined,
  );
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** How many mails the alert has sent since a time. */
async function mails(stage: Stage, since: number): Promise<number> {
  const { emailIntegration } = stage.names;
  return stage.count(
    `SELECT COUNT(*) FROM ${stage.history(
      `NOTIFICATION_HISTORY(INTEGRATION_NAME => '${emailIntegration}', ` +
        `START_TIME => TO_TIMESTAMP_LTZ(${since}, 3))`,
    )}`,
  );
}

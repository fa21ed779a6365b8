/** The original workshop's steps with its own tools, in our words: snowglobe stands in for Snowflake, not for our stack. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describeScript, type Playground } from "./tool";

const WAREHOUSE = "WH_TRANSFORMING_DYNAMIC_TABLES";

describeScript(
  "the original workshop",
  "original_workshop.py",
  {
    "what an administrator makes": "made",
    "dlt loads the frame's columns alone": [["LOAN_ID", "LOAN_AMNT", "ADDR_STATE"], 11],
    "only California is left": [[[5]], "back"],
    "what dbt builds, and how the dynamic tables are shown": [
      ["LOANS_BY_STATE__DYNAMIC", 1, "1 minute", "FULL", WAREHOUSE],
      ["STG_PERSONAL_LOANS", 6, "DOWNSTREAM", "ADAPTIVE", WAREHOUSE],
    ],
    "the bad rows come back": [["CA"], ["CA", "NY", "TX", "WY"], [[3, "ERROR", "WARNING"]], "ON"],
    "a stream on the dynamic table, a task and an alert on new data": [["INSERT", "NY"]],
    "the page": [
      [["CA", "California", 6]],
      [
        ["CA", "California", 6],
        ["NY", "New York", 4],
        ["TX", "Texas", 1],
        ["WY", "Wyoming", 1],
      ],
      [["accepted_values", 3]],
    ],
  },
  theRest,
);

/** What happens by itself once the page is looked at. */
function theRest(playground: () => Playground): void {
  test("the task captures what the refresh brought, and the alert mails it", async () => {
    const { snowglobe } = playground();
    await snowglobe.advance(180);
    const client = await snowglobe.connect({ database: "BALBOA_DEV", schema: "GOMEZN", warehouse: "WH_LOADING" });
    expect(await client.rows("select test_name, count_failed from errors_table")).toEqual([
      { TEST_NAME: "accepted_values", COUNT_FAILED: 3 },
    ]);
    const history = "table(information_schema.task_history(task_name => 'capture_errors_task'))";
    expect(await client.column(`select state from ${history} where state <> 'SCHEDULED'`)).toEqual(["SUCCEEDED"]);
    const folder = path.join(snowglobe.folder, "mail");
    const mails = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".eml"));
    expect(mails).toHaveLength(1);
    const mail = readFileSync(path.join(folder, mails[0]!), "utf8");
    expect(mail).toContain("alert: errors detected on dynamic table refresh");
    expect(mail).toContain("accepted_values: 3");
  });
}

import type { Scenario } from "./scenario";
import { describe, sameLoans } from "./loans";

/** What stands there: the same query as a dynamic and as a standard table. */
export const basic: Scenario = {
  name: "basic",
  title: "A standard table and a dynamic table side by side",
  about: "dbt has built the same query twice. Before anything changes, both tables show the same.",
  changesLoans: false,
  async play(stage) {
    const { teller, names } = stage;
    await teller.step(
      "See what dbt has made",
      "A dynamic table says what its rows are, and how old they may be. When and how it is refreshed is Snowflake's " +
        "affair. The reason in the last column says why one of them is computed anew each time: its query has a LIMIT.",
    );
    const tables = await stage.show(
      `SHOW DYNAMIC TABLES IN DATABASE ${names.analyticsDatabase}\n` +
        `->> SELECT "name", "rows", "target_lag", "refresh_mode", "scheduling_state", "refresh_mode_reason" FROM $1`,
    );
    const modes = new Map(tables.rows.map(([name, , , mode]) => [name, mode]));
    teller.expect(
      `${names.stagingTable} is refreshed by what has changed, LOANS_BY_STATE__DYNAMIC in full`,
      modes.get(names.stagingTable) === "INCREMENTAL" && modes.get("LOANS_BY_STATE__DYNAMIC") === "FULL",
      tables.rows.map(([name, , , mode]) => `${name} ${mode}`).join(", ") || "there are no dynamic tables",
    );
    const idle = tables.rows
      .filter(([, , , , state]) => state !== "RUNNING" && state !== "ACTIVE")
      .map(([name]) => name);
    teller.expect("all of them are active", idle.length === 0, `suspended: ${idle.join(", ")}`);

    await teller.step(
      "Read both",
      "The first load brought California only, so there is one state to show. To a reader a dynamic table is a table.",
    );
    await stage.show(`SELECT * FROM ${stage.dynamicTable}`);
    await stage.show(`SELECT * FROM ${stage.standardTable}`);
    const [dynamic, standard] = [
      await stage.loansByState(stage.dynamicTable),
      await stage.loansByState(stage.standardTable),
    ];
    teller.expect(
      "both show the same",
      sameLoans(dynamic, standard),
      `dynamic ${describe(dynamic)}, standard ${describe(standard)}`,
    );
    teller.look("the two charts of loans by state have the same single bar.");

    await teller.step(
      "See how the dynamic tables were refreshed so far",
      "Most refreshes find nothing new and cost next to nothing (NO_DATA). Tables that read each other are refreshed " +
        "at one data timestamp, so that they never contradict each other.",
    );
    const history = await stage.show(
      `SELECT NAME, REFRESH_ACTION, REFRESH_TRIGGER, STATE, DATA_TIMESTAMP\n` +
        `FROM ${stage.history("DYNAMIC_TABLE_REFRESH_HISTORY()")}\nORDER BY DATA_TIMESTAMP DESC, NAME LIMIT 6`,
    );
    teller.expect("the history knows their refreshes", history.rows.length > 0, "it is empty");
  },
};

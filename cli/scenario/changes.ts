import { describe, isTopOf, sameLoans } from "./loans";
import type { Scenario } from "./scenario";

/** States that LOANS_BY_STATE__DYNAMIC shows at most: its query has LIMIT 10. */
export const MOST_STATES = 10;
/** Loans that the scenario takes away are those above this amount. */
const LARGE_LOAN = 20_000;

/** Rows change: the dynamic table follows, the standard one stays. */
export const changes: Scenario = {
  name: "changes",
  title: "The data change",
  about: "Loans are deleted from the raw table. Nobody runs dbt, and yet one of the two tables will know.",
  changesLoans: true,
  async play(stage) {
    const { teller } = stage;
    const standardBefore = await stage.loansByState(stage.standardTable);
    const rawBefore = await stage.loansByState(stage.raw);

    await teller.step(
      "Delete the large loans",
      "This is what happens to data: somebody changes them. Change tracking notes which rows went, so that the dynamic " +
        "tables need not read all the others again.",
    );
    await stage.change(`DELETE FROM ${stage.raw} WHERE LOAN_AMNT > ${LARGE_LOAN}`);
    const since = await stage.now();
    const raw = await stage.loansByState(stage.raw);
    teller.expect(
      "the raw table has fewer loans",
      !sameLoans(raw, rawBefore),
      `${describe(raw)} as before: no loan is above ${LARGE_LOAN.toLocaleString("en-US")}`,
    );

    await teller.step(
      "Wait, and do nothing",
      "The target lag is a promise: the dynamic table is never further behind than that. Snowflake refreshes it in time.",
    );
    const timestamps = await stage.refreshed(since);
    if (!teller.expect("both dynamic tables were refreshed by themselves", timestamps !== undefined, "they were not"))
      return;
    teller.expect("at one data timestamp", new Set(timestamps).size === 1, `at ${(timestamps ?? []).join(" and ")}`);

    await teller.step("Read both again", "The standard table changes when somebody runs dbt, and only then.");
    await stage.show(`SELECT * FROM ${stage.dynamicTable}`);
    await stage.show(`SELECT * FROM ${stage.standardTable}`);
    const dynamic = await stage.loansByState(stage.dynamicTable);
    teller.expect("the dynamic table has followed", isTopOf(dynamic, raw, MOST_STATES), describe(dynamic));
    const standard = await stage.loansByState(stage.standardTable);
    teller.expect("the standard table has stayed as it was", sameLoans(standard, standardBefore), describe(standard));
    teller.look("the bar of the dynamic table is shorter now, the other one is not.");

    await teller.step(
      "See what the refresh did",
      "The staging table lost the rows that went, and no other row was touched (INCREMENTAL). The table by state was " +
        "computed anew (FULL), but only what differs was written.",
    );
    const history = await stage.show(
      `SELECT NAME, REFRESH_ACTION, STATISTICS:numInsertedRows AS INSERTED, STATISTICS:numDeletedRows AS DELETED\n` +
        `FROM ${stage.history("DYNAMIC_TABLE_REFRESH_HISTORY()")}\n` +
        `WHERE REFRESH_ACTION <> 'NO_DATA' ORDER BY DATA_TIMESTAMP DESC, NAME LIMIT 2`,
    );
    const staging = history.rows.find(([name]) => name === stage.names.stagingTable);
    teller.expect(
      `the refresh of ${stage.names.stagingTable} deleted rows and inserted none`,
      staging?.[1] === "INCREMENTAL" && Number(staging[2]) === 0 && Number(staging[3]) > 0,
      staging ? staging.slice(1).join(" ") : "it is not in the history",
    );
  },
};

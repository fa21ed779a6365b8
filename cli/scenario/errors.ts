import { MOST_STATES } from "./changes";
import { describe, isTopOf, sameLoans } from "./loans";
import type { Scenario } from "./scenario";

/** All states come back: bad data, and a data test that says so as soon as the dynamic table knows. */
export const errors: Scenario = {
  name: "errors",
  title: "Bad data come in",
  about:
    "In this workshop every state but California is bad data. dbt's data test says so, but dbt does not run when data " +
    "arrive. Its failures are kept as a view on the dynamic table, so that they are counted anew whenever one looks.",
  changesLoans: true,
  async play(stage) {
    const { teller } = stage;
    const standardBefore = await stage.loansByState(stage.standardTable);

    await teller.step("See that nothing fails", "California alone is what the test expects.");
    const before = await stage.show(`SELECT TEST_NAME, COUNT_FAILED, ERROR_STATE FROM ${stage.failures}`);
    teller.expect(
      "no test fails",
      before.rows.length > 0 && before.rows.every((row) => Number(row[1]) === 0),
      before.rows.map((row) => `${row[0]} ${row[1]}`).join(", ") || "the view is empty: build with persist_tests",
    );

    await teller.step(
      "Load the loans of all states",
      "The loader replaces the loans in one statement, so that no reader ever sees half of them.",
    );
    await stage.load("all");
    const since = await stage.now();
    const raw = await stage.loansByState(stage.raw);
    const unexpected = [...raw.keys()].filter((state) => state !== "CA").length;
    teller.expect("the raw table has other states at once", unexpected > 0, describe(raw));

    await teller.step(
      "Wait for the dynamic tables",
      "Until they are refreshed the failures are those of before: the view reads the dynamic table, not the raw one.",
    );
    const timestamps = await stage.refreshed(since);
    if (!teller.expect("both dynamic tables were refreshed by themselves", timestamps !== undefined, "they were not"))
      return;

    await teller.step(
      "Look at the failures",
      "The test returns a row for each value that it does not expect, not for each loan.",
    );
    const failures = await stage.show(`SELECT TEST_NAME, COUNT_FAILED, ERROR_STATE FROM ${stage.failures}`);
    teller.expect(
      `the test fails with ${unexpected}, one for each state that is not California`,
      failures.rows.some((row) => Number(row[1]) === unexpected && row[2] === "ERROR"),
      failures.rows.map((row) => `${row[1]} ${row[2] ?? ""}`).join(", ") || "the view is empty",
    );

    await teller.step(
      "Read both tables",
      "The dynamic table shows the ten states whose names come last in the alphabet, as its query says. The standard " +
        "table still has California, and dbt build would now stop at the test before it came there.",
    );
    await stage.show(`SELECT * FROM ${stage.dynamicTable} ORDER BY STATE_NAME DESC`);
    await stage.show(`SELECT * FROM ${stage.standardTable}`);
    const dynamic = await stage.loansByState(stage.dynamicTable);
    teller.expect("the dynamic table has followed", isTopOf(dynamic, raw, MOST_STATES), describe(dynamic));
    const standard = await stage.loansByState(stage.standardTable);
    teller.expect("the standard table has stayed as it was", sameLoans(standard, standardBefore), describe(standard));
    teller.look("ten bars on the dynamic side, one on the other, and a failing test below.");
  },
};

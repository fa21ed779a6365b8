import type { TestFailure } from "../../snapshot";
import { byId, element, setAttribute, setText } from "../dom";
import { countOf, formatNumber } from "../format";
import { DataTable, textColumn } from "./table";
import { SectionError, showTime, stateTag, type View } from "./view";

/** The tests of the view STG_TEST_FAILURES. */
export function failuresView(): View {
  const error = new SectionError();
  const figure = element("strong", { class: "figure" }, "–");
  const unit = element("span", { class: "muted" });
  const read = element("time");
  const table = new DataTable<TestFailure>(
    "Data tests",
    "The view is empty: dbt build with persist_tests fills it.",
    [
      textColumn("Test", ({ test }) => test),
      {
        title: "State",
        create: stateTag,
        show: (tag, row) => {
          setAttribute(tag, "data-tone", row.isError ? "bad" : row.isWarning ? "attention" : "good");
          setText(tag, row.isError ? "error" : row.isWarning ? "warning" : "passed");
        },
      },
      textColumn("Failures", ({ failures }) => formatNumber(failures), true),
      textColumn("Models", ({ models }) => models.join(", ")),
    ],
    ({ test }) => test,
  );
  byId("failures").append(
    element("p", { class: "headline" }, figure, " ", unit),
    error.line,
    table.element,
    element("p", { class: "read muted" }, "Read ", read),
  );
  return {
    show: ({ failures, now }) => {
      error.show(failures);
      showTime(read, failures.readAt, now);
      if (!failures.data) return;
      const failing = failures.data.reduce((sum, test) => sum + test.failures, 0);
      setText(figure, formatNumber(failing));
      setAttribute(figure, "data-tone", failing > 0 ? "bad" : "good");
      setText(unit, `${failing === 1 ? "failure" : "failures"} in ${countOf(failures.data.length, "test")}`);
      table.show(failures.data);
    },
  };
}

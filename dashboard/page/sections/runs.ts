import type { Refresh, Run } from "../../snapshot";
import { byId } from "../dom";
import { formatNumber, formatSeconds } from "../format";
import { DataTable, textColumn, timeColumn } from "./table";
import { SectionError, showState, stateTag, type View } from "./view";

/** The histories: refreshes, task runs, alert runs. */
export function runsView(): View {
  const parts = [
    refreshes(),
    runs("tasks", "Task runs", "No task has run."),
    runs("alerts", "Alert runs", "No alert has run."),
  ];
  return { show: (snapshot) => parts.forEach((part) => part.show(snapshot)) };
}

function refreshes(): View {
  const error = new SectionError();
  const signed = (count: number | undefined, sign: string): string =>
    count === undefined ? "" : `${count > 0 ? sign : ""}${formatNumber(count)}`;
  const table = new DataTable<Refresh>(
    "Refreshes that brought or failed something, newest first",
    "No refresh has brought anything yet.",
    [
      timeColumn("Data timestamp", ({ dataTimestamp }) => dataTimestamp),
      textColumn("Table", ({ table: name }) => name),
      { title: "State", create: stateTag, show: (tag, { state }) => showState(tag, state) },
      textColumn("Action", ({ action }) => action?.replaceAll("_", " ").toLowerCase() ?? ""),
      textColumn("By", ({ trigger }) => trigger.toLowerCase()),
      textColumn("In", ({ inserted }) => signed(inserted, "+"), true),
      textColumn("Out", ({ deleted }) => signed(deleted, "−"), true),
      textColumn("Message", ({ state, message }) => (state === "SUCCEEDED" ? "" : (message ?? ""))),
    ],
    ({ schema, table: name, dataTimestamp, startedAt }) => [schema, name, dataTimestamp, startedAt].join(" "),
  );
  byId("refreshes").append(error.line, table.element);
  return {
    show: ({ refreshes: section, now }) => {
      error.show(section);
      if (section.data) table.show(section.data, now);
    },
  };
}

function runs(section: "tasks" | "alerts", title: string, empty: string): View {
  const error = new SectionError();
  const table = new DataTable<Run>(
    `${title}, newest first`,
    empty,
    [
      timeColumn("Scheduled", ({ scheduledAt }) => scheduledAt),
      textColumn("Name", ({ name }) => name),
      { title: "State", create: stateTag, show: (tag, { state }) => showState(tag, state) },
      textColumn("By", ({ from }) => from?.replaceAll("_", " ").toLowerCase() ?? ""),
      textColumn("Took", took, true),
      textColumn("Message", ({ message }) => message ?? ""),
    ],
    ({ schema, name, scheduledAt, from }) => [schema, name, scheduledAt, from].join(" "),
  );
  byId(section).append(error.line, table.element);
  return {
    show: (snapshot) => {
      error.show(snapshot[section]);
      const { data } = snapshot[section];
      if (data) table.show(data, snapshot.now);
    },
  };
}

/** From when it was due to its end. */
function took({ scheduledAt, completedAt }: Run): string {
  return completedAt ? formatSeconds((Date.parse(completedAt) - Date.parse(scheduledAt)) / 1000) : "";
}

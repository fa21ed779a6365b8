import type { DynamicTableLag, Snapshot } from "../../snapshot";
import { byId, element, setAttribute, setText, updateList } from "../dom";
import { formatSeconds } from "../format";
import { drawLegend, LagChart } from "./lagChart";
import { SectionError, showTime, type View } from "./view";

/** A chart for each dynamic table. */
export function lagsView(): View {
  const error = new SectionError();
  const grid = element("div", { class: "pair" });
  const nothing = element("p", { class: "muted", hidden: true }, "No dynamic table is there yet.");
  const panels = new Map<Element, LagPanel>();
  byId("lags").append(error.line, nothing, grid);
  drawLegend(byId("legend"));
  return {
    show: ({ lags, now }) => {
      error.show(lags);
      nothing.hidden = lags.data === undefined || lags.data.length > 0;
      updateList(grid, lags.data ?? [], {
        key: ({ schema, name }) => `${schema}.${name}`,
        create: () => {
          const panel = new LagPanel();
          panels.set(panel.element, panel);
          return panel.element;
        },
        update: (made, table) => panels.get(made)?.show(table, now),
      });
      for (const [made, panel] of panels) {
        if (made.isConnected) continue;
        panel.dispose();
        panels.delete(made);
      }
    },
    recolor: () => {
      drawLegend(byId("legend"));
      panels.forEach((panel) => panel.recolor());
    },
  };
}

class LagPanel {
  private readonly title = element("h3");
  private readonly figure = element("strong", { class: "figure" });
  private readonly target = element("span", { class: "muted" });
  private readonly facts = element("p", { class: "muted facts" });
  private readonly timestamp = element("time");
  private readonly canvas = element("canvas", { role: "img" });
  readonly element = element(
    "article",
    { class: "panel" },
    this.title,
    element("p", { class: "headline" }, this.figure, " ", this.target),
    element("div", { class: "chart lag-chart" }, this.canvas),
    this.facts,
    element("p", { class: "read muted" }, "Data as of ", this.timestamp),
  );
  private readonly chart = new LagChart(this.canvas);

  show(table: DynamicTableLag, now: Snapshot["now"]): void {
    const { targetSeconds } = table;
    const lagSeconds = lagNow(table, now);
    const isLate = lagSeconds !== undefined && targetSeconds !== undefined && lagSeconds > targetSeconds;
    setText(this.title, table.name);
    setText(this.figure, lagSeconds === undefined ? "–" : formatSeconds(lagSeconds));
    setAttribute(this.figure, "data-tone", isLate ? "attention" : undefined);
    setText(this.target, `${isLate ? "behind, more than its" : "behind,"} target ${targetText(table)}`);
    setText(this.facts, facts(table));
    showTime(this.timestamp, table.dataTimestamp, now);
    setAttribute(this.canvas, "aria-label", summary(table, now));
    this.chart.show(table, now);
  }

  recolor(): void {
    this.chart.recolor();
  }

  dispose(): void {
    this.chart.dispose();
  }
}

function targetText({ targetLag, targetSeconds }: DynamicTableLag): string {
  if (!/downstream/i.test(targetLag)) return targetLag;
  return targetSeconds === undefined ? "DOWNSTREAM" : `DOWNSTREAM (${formatSeconds(targetSeconds)})`;
}

/** Without MONITOR on the table its state is hidden. */
function facts({ refreshMode, refreshModeReason, schedulingState }: DynamicTableLag): string {
  const reason = refreshModeReason ? ` (${refreshModeReason})` : "";
  return [`Refresh mode ${refreshMode}${reason}`, ...(schedulingState ? [schedulingState.toLowerCase()] : [])].join(
    " · ",
  );
}

/** How old the data are now; undefined before the first refresh. */
function lagNow({ dataTimestamp }: DynamicTableLag, now: Snapshot["now"]): number | undefined {
  if (dataTimestamp === undefined || now === undefined) return undefined;
  return Math.max(0, (Date.parse(now) - Date.parse(dataTimestamp)) / 1000);
}

function summary(table: DynamicTableLag, now: Snapshot["now"]): string {
  const actions = new Map<string, number>();
  for (const { action, state } of table.refreshes) {
    const what = state === "SUCCEEDED" ? (action ?? state) : state;
    actions.set(what, (actions.get(what) ?? 0) + 1);
  }
  const counts = [...actions].map(([action, times]) => `${times} ${action}`).join(", ") || "none";
  const seconds = lagNow(table, now);
  const lag = seconds === undefined ? "not refreshed yet" : `${formatSeconds(seconds)} behind`;
  return `Line chart of the lag of ${table.name}: ${lag}, target ${targetText(table)}. Refreshes shown: ${counts}`;
}

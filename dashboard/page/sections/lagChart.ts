import type { ChartDataset, Point, PointStyle } from "chart.js";
import type { DynamicTableLag, Refresh, Snapshot } from "../../snapshot";
import { Chart, palette, type Palette } from "../charts";
import { element } from "../dom";
import { formatAxisSeconds, formatClock, formatShortClock } from "../format";
import { timeTicks, type TimeTicks } from "../timeTicks";

/** How a refresh is marked. Shapes differ, so that colour is not needed to tell them apart. */
interface Mark {
  readonly label: string;
  readonly shape: PointStyle;
  readonly color: keyof Palette;
  readonly isFilled: boolean;
  readonly accepts: (refresh: Refresh) => boolean;
}

const succeeded =
  (...actions: string[]) =>
  ({ state, action }: Refresh) =>
    state === "SUCCEEDED" && actions.includes(action ?? "");

const MARKS: readonly Mark[] = [
  { label: "no data", shape: "circle", color: "muted", isFilled: false, accepts: succeeded("NO_DATA") },
  { label: "incremental", shape: "circle", color: "dynamic", isFilled: true, accepts: succeeded("INCREMENTAL") },
  { label: "full", shape: "rect", color: "good", isFilled: true, accepts: succeeded("FULL") },
  { label: "reinitialize", shape: "triangle", color: "busy", isFilled: true, accepts: succeeded("REINITIALIZE") },
  {
    label: "skipped",
    shape: "line",
    color: "target",
    isFilled: false,
    accepts: ({ state }) => state === "SKIPPED" || state === "CANCELLED",
  },
  { label: "failed", shape: "crossRot", color: "bad", isFilled: false, accepts: ({ state }) => /FAILED/.test(state) },
];

/** A refresh as a point: where it ended, as high as the lag it left. */
interface MarkPoint extends Point {
  readonly refresh: Refresh;
}

/** The lag of one dynamic table over time. */
export class LagChart {
  private readonly chart: Chart<"line", Point[]>;
  private ticks: TimeTicks = timeTicks(0, 0);

  constructor(canvas: HTMLCanvasElement) {
    this.chart = new Chart<"line", Point[]>(canvas, {
      type: "line",
      data: { datasets: datasets() },
      options: {
        animation: false,
        parsing: false,
        interaction: { mode: "nearest", intersect: true },
        scales: {
          x: {
            type: "linear",
            grid: { display: false },
            ticks: { maxRotation: 0, autoSkipPadding: 24, callback: (value) => this.label(Number(value)) },
            afterBuildTicks: (axis) => (axis.ticks = this.ticks.values.map((value) => ({ value }))),
          },
          y: {
            min: 0,
            border: { display: false },
            ticks: { maxTicksLimit: 5, callback: (v) => formatAxisSeconds(+v) },
          },
        },
        plugins: {
          tooltip: {
            displayColors: false,
            filter: ({ raw }) => "refresh" in (raw as object),
            callbacks: {
              title: ([item]) => (item ? formatClock((item.raw as MarkPoint).x!) : ""),
              label: ({ raw }) => told((raw as MarkPoint).refresh),
            },
          },
        },
      },
    });
    this.recolor();
  }

  show(table: DynamicTableLag, now: Snapshot["now"]): void {
    const [actual, target, ...marks] = this.chart.data.datasets;
    const line = table.line.map(({ at, lagSeconds }) => ({ x: Date.parse(at), y: lagSeconds }));
    const { dataTimestamp } = table;
    if (now && dataTimestamp)
      line.push({ x: Date.parse(now), y: Math.max(0, (Date.parse(now) - Date.parse(dataTimestamp)) / 1000) });
    const end = now ? Date.parse(now) : (line.at(-1)?.x ?? 0);
    const start = Math.min(line[0]?.x ?? end, end - 60_000);
    actual!.data = line;
    const { targetSeconds } = table;
    target!.data = targetSeconds === undefined ? [] : [start, end].map((x) => ({ x, y: targetSeconds }));
    MARKS.forEach((mark, index) => {
      marks[index]!.data = table.refreshes.filter(mark.accepts).map(markPoint);
    });
    this.ticks = timeTicks(start, end);
    const scales = this.chart.options.scales!;
    scales.x!.min = start;
    scales.x!.max = end;
    const highest = Math.max(targetSeconds ?? 0, ...line.map(({ y }) => y));
    scales.y!.max = roundUp(1.15 * highest);
    (scales.y as { ticks: { stepSize: number } }).ticks.stepSize = roundUp(1.15 * highest) / 4;
    this.chart.update("none");
  }

  recolor(): void {
    const colors = palette();
    const [actual, target, ...marks] = this.chart.data.datasets;
    actual!.borderColor = colors.dynamic;
    target!.borderColor = colors.target;
    MARKS.forEach((mark, index) => {
      Object.assign(marks[index]!, {
        pointBorderColor: colors[mark.color],
        pointBackgroundColor: mark.isFilled ? colors[mark.color] : colors.panel,
      });
    });
    for (const scale of Object.values(this.chart.options.scales!)) {
      scale!.ticks!.color = colors.muted;
      scale!.grid = { ...scale!.grid, color: colors.line };
    }
    this.chart.update("none");
  }

  dispose(): void {
    this.chart.destroy();
  }

  private label(time: number): string {
    return this.ticks.needSeconds ? formatClock(time) : formatShortClock(time);
  }
}

function datasets(): ChartDataset<"line", Point[]>[] {
  const line = { data: [], borderWidth: 1.5, pointRadius: 0, pointHitRadius: 0 };
  const marks = MARKS.map(({ label, shape }) => ({
    label,
    data: [],
    showLine: false,
    pointStyle: shape,
    pointRadius: 4,
    pointHoverRadius: 6,
    pointBorderWidth: 1.5,
    // Drawn over the lines and, at the bottom, over the axis.
    order: -1,
    clip: false as const,
  }));
  return [{ ...line, label: "lag" }, { ...line, label: "target", borderDash: [5, 4] }, ...marks];
}

function markPoint(refresh: Refresh): MarkPoint {
  const x = Date.parse(refresh.endedAt ?? refresh.startedAt ?? refresh.dataTimestamp);
  return { x, y: Math.max(0, (x - Date.parse(refresh.dataTimestamp)) / 1000), refresh };
}

function told({ state, action, trigger, inserted, deleted, message }: Refresh): string[] {
  const rows = inserted === undefined ? "" : `, +${inserted} −${deleted ?? 0} rows`;
  return [
    `${action ?? state}, ${trigger.toLowerCase()}${rows}`,
    ...(message && state !== "SUCCEEDED" ? [message] : []),
  ];
}

/** The next number of seconds that an axis divides well. */
function roundUp(seconds: number): number {
  const steps = [20, 40, 60, 80, 120, 240, 480, 960, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];
  return steps.find((step) => step >= seconds) ?? 86_400 * Math.ceil(seconds / 86_400);
}

/** Fills the list that explains lines and marks. */
export function drawLegend(list: Element): void {
  const entry = (shape: string, text: string): HTMLLIElement =>
    element("li", {}, element("span", { class: `mark ${shape}`, "aria-hidden": "true" }), text);
  list.replaceChildren(
    entry("line", "actual lag"),
    entry("dashed", "target lag"),
    ...MARKS.map(({ label }) => entry(label.replace(" ", "-"), `${label} refresh`)),
  );
}

import type { LoansByState, Section, Snapshot, StateCount } from "../../snapshot";
import { Chart, MOTION_MS, palette } from "../charts";
import { byId, element, setAttribute, setText } from "../dom";
import { countOf, formatNumber } from "../format";
import { DataTable, textColumn } from "./table";
import { SectionError, showTime, type View } from "./view";

/** Height of a bar with its gap, and of the space around all bars, in CSS pixels. */
const ROW_PX = 30;
const AROUND_PX = 12;

/** As in the style sheet. */
const besideEachOther = matchMedia("(min-width: 961px)");

type Side = "standard" | "dynamic";

/** The two tables side by side, on one scale. */
export function loansView(): View {
  const panels = (["standard", "dynamic"] as const).map((side) => new LoansPanel(side));
  let latest: Snapshot | undefined;
  const show = (snapshot: Snapshot): void => {
    latest = snapshot;
    const both = [snapshot.standard, snapshot.dynamic].map(({ data }) => data?.states ?? []);
    const most = Math.max(1, ...both.flat().map(({ loans }) => loans));
    const rows = Math.max(1, ...both.map((states) => states.length));
    for (const panel of panels) panel.show(snapshot, most, besideEachOther.matches ? rows : 1);
  };
  // A turned phone need not wait for the next look.
  besideEachOther.addEventListener("change", () => latest && show(latest));
  return {
    show,
    recolor: () => panels.forEach((panel) => panel.recolor()),
  };
}

class LoansPanel {
  private readonly error = new SectionError();
  private readonly name = element("p", { class: "name" });
  private readonly figure = element("strong", { class: "figure" }, "–");
  private readonly unit = element("span", { class: "muted" });
  private readonly read = element("time");
  private readonly canvas = element("canvas", { role: "img" });
  private readonly frame = element("div", { class: "chart" }, this.canvas);
  private readonly table: DataTable<StateCount>;
  private readonly chart: Chart<"bar", number[], string>;

  constructor(private readonly side: Side) {
    const title = side === "standard" ? "Standard table" : "Dynamic table";
    this.table = new DataTable<StateCount>(
      `Loans by state, ${title.toLowerCase()}`,
      "No rows.",
      [
        textColumn("State", ({ stateName }) => stateName),
        textColumn("Code", ({ state }) => state),
        textColumn("Loans", ({ loans }) => formatNumber(loans), true),
      ],
      ({ state }) => state,
    );
    byId(side).append(
      this.name,
      element("p", { class: "headline" }, this.figure, " ", this.unit),
      this.error.line,
      this.frame,
      element("details", {}, element("summary", {}, "Show as a table"), this.table.element),
      element("p", { class: "read muted" }, "Read ", this.read),
    );
    this.chart = makeChart(this.canvas);
    this.recolor();
  }

  /**
   * @param most the longest bar of both tables
   * @param least rows to leave room for: those of the other side, where it stands beside this one
   */
  show(snapshot: Snapshot, most: number, least: number): void {
    const section: Section<LoansByState> = snapshot[this.side];
    this.error.show(section);
    showTime(this.read, section.readAt, snapshot.now);
    const { name, states } = section.data ?? { name: "", states: [] };
    setText(this.name, name);
    // As many rows on both sides, so that a state's bar is as thick left as right.
    const rows = Math.max(least, states.length);
    const loans = states.reduce((sum, state) => sum + state.loans, 0);
    setText(this.figure, section.data ? formatNumber(loans) : "–");
    setText(this.unit, section.data ? `${loans === 1 ? "loan" : "loans"} in ${countOf(states.length, "state")}` : "");
    setAttribute(this.canvas, "aria-label", summary(this.side, states));
    this.table.show(states);
    this.frame.style.height = `${rows * ROW_PX + AROUND_PX}px`;
    this.draw(states, most, rows);
  }

  recolor(): void {
    const colors = palette();
    const [dataset] = this.chart.data.datasets;
    dataset!.backgroundColor = colors[this.side];
    this.chart.options.scales!.y!.ticks!.color = colors.ink;
    this.chart.options.color = colors.muted;
    this.chart.update();
  }

  private draw(states: readonly StateCount[], most: number, rows: number): void {
    const labels = Array.from({ length: rows }, (_, index) => states[index]?.stateName ?? "");
    const counts = states.map(({ loans }) => loans);
    const { data, options } = this.chart;
    const isSame =
      options.scales!.x!.max === most &&
      JSON.stringify([data.labels, data.datasets[0]!.data]) === JSON.stringify([labels, counts]);
    if (isSame) return;
    data.labels = labels;
    data.datasets[0]!.data = counts;
    options.scales!.x!.max = most;
    this.chart.update();
  }
}

function makeChart(canvas: HTMLCanvasElement): Chart<"bar", number[], string> {
  return new Chart<"bar", number[], string>(canvas, {
    type: "bar",
    data: { labels: [], datasets: [{ data: [], borderRadius: 3, barPercentage: 0.72, categoryPercentage: 1 }] },
    options: {
      indexAxis: "y",
      animation: { duration: MOTION_MS },
      // Room for the number behind the longest bar.
      layout: { padding: { right: 52 } },
      scales: {
        x: { display: false, min: 0 },
        y: { border: { display: false }, grid: { display: false }, ticks: { autoSkip: false, padding: 6 } },
      },
      plugins: { tooltip: { displayColors: false, callbacks: { label: ({ raw }) => countOf(Number(raw), "loan") } } },
    },
    plugins: [{ id: "numbers", afterDatasetsDraw: drawNumbers }],
  });
}

/** Writes each bar's number behind it. */
function drawNumbers(chart: Chart): void {
  const { ctx, options } = chart;
  ctx.save();
  ctx.font = `12px ${Chart.defaults.font.family}`;
  ctx.fillStyle = String(options.color);
  ctx.textBaseline = "middle";
  chart.getDatasetMeta(0).data.forEach((bar, index) => {
    ctx.fillText(formatNumber(Number(chart.data.datasets[0]!.data[index])), bar.x + 6, bar.y + 0.5);
  });
  ctx.restore();
}

function summary(side: Side, states: readonly StateCount[]): string {
  const bars = states.map(({ stateName, loans }) => `${stateName} ${formatNumber(loans)}`).join(", ");
  return `Bar chart, ${side} table: ${bars || "no rows"}`;
}

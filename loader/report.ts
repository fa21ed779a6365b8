import { formatBytes, formatRows } from "./progress";

/** Rows that were not loaded for a reason that lies in them. */
export interface Refusal {
  readonly reason: string;
  readonly rows: number;
  /** The first of them, from 1 after the heading. */
  readonly firstRow: number;
}

/** What a load did. */
export interface LoadReport {
  /** The source as people know it; the sample is called synthetic. */
  readonly source: string;
  readonly synthetic: boolean;
  /** Fully qualified table. */
  readonly target: string;
  /** The states asked for; null is all. */
  readonly states: readonly string[] | null;
  /** Rows in the source, without its heading: the sum of the three below. */
  readonly rowsRead: number;
  readonly rowsLoaded: number;
  /** Rows of states that were not asked for. */
  readonly rowsOfOtherStates: number;
  readonly rowsRefused: number;
  readonly refusals: readonly Refusal[];
  /** Bytes of the source, as it is stored. */
  readonly bytes: number;
  readonly seconds: number;
}

/** The report as lines for people. */
export function formatReport(report: LoadReport): string {
  const lines = [
    `${report.target}: ${formatRows(report.rowsLoaded)} rows loaded in ${report.seconds.toFixed(1)} s`,
    `  source   ${report.source}, ${formatBytes(report.bytes)}`,
    `  read     ${formatRows(report.rowsRead)} rows`,
  ];
  if (report.states) {
    lines.push(
      `  states   ${report.states.join(", ")}; ${formatRows(report.rowsOfOtherStates)} rows of others left out`,
    );
  }
  lines.push(`  refused  ${formatRows(report.rowsRefused)} rows`);
  for (const { reason, rows, firstRow } of report.refusals) {
    lines.push(`           ${formatRows(rows)}: ${reason}; first is row ${firstRow}`);
  }
  return lines.join("\n");
}

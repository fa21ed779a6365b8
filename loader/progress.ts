import { Format, Presets, SingleBar } from "cli-progress";

/** Told how far a load has come. Bytes and rows are totals since the step began. */
export interface LoadProgress {
  /**
   * A new step begins.
   *
   * @param name what is done, as `Downloading`
   * @param totalBytes its size where it is known
   */
  step(name: string, totalBytes?: number): void;
  /** @param totalBytes the step's size, where it has become known since */
  update(rows: number, bytes: number, totalBytes?: number): void;
  /** The load has ended, well or not. */
  finish(): void;
}

/** Says nothing. */
export const noProgress: LoadProgress = {
  step: () => undefined,
  update: () => undefined,
  finish: () => undefined,
};

/** Milliseconds between two lines where there is no terminal to redraw. */
const LINE_INTERVAL_MS = 2_000;

/** A bar on a terminal, a line now and then elsewhere. */
export function progressFor(stream: NodeJS.WriteStream): LoadProgress {
  return stream.isTTY ? new BarProgress(stream) : new LineProgress((line) => stream.write(`${line}\n`));
}

/** Bytes as people read them: `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Rows as people read them: `42,535`. */
export function formatRows(rows: number): string {
  return rows.toLocaleString("en-US");
}

function amounts(rows: number, bytes: number): string {
  return [...(rows > 0 ? [`${formatRows(rows)} rows`] : []), ...(bytes > 0 ? [formatBytes(bytes)] : [])].join(", ");
}

/** One bar a step; only counters while the step's size is unknown. */
class BarProgress implements LoadProgress {
  private bar: SingleBar | undefined;
  private total: number | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  step(name: string, totalBytes?: number): void {
    this.finish();
    this.total = totalBytes;
    const title = name.padEnd(12);
    this.bar = new SingleBar(
      {
        stream: this.stream,
        hideCursor: true,
        format: (options, params, payload) => {
          const middle = this.total === undefined ? "" : "{bar} {percentage}% ";
          const format = `${title} ${middle}{amounts} {duration_formatted}`;
          return Format.Formatter({ ...options, format }, params, payload);
        },
      },
      Presets.shades_classic,
    );
    this.bar.start(totalBytes ?? 1, 0, { amounts: "" });
  }

  update(rows: number, bytes: number, totalBytes?: number): void {
    if (totalBytes !== undefined && totalBytes !== this.total) {
      this.total = totalBytes;
      this.bar?.setTotal(totalBytes);
    }
    this.bar?.update(this.total === undefined ? 0 : Math.min(bytes, this.total), { amounts: amounts(rows, bytes) });
  }

  finish(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

/** Plain lines: one as a step begins, and one every two seconds while it lasts. */
export class LineProgress implements LoadProgress {
  private name = "";
  private total: number | undefined;
  private last = 0;

  /** @param write takes a line without its end */
  constructor(
    private readonly write: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  step(name: string, totalBytes?: number): void {
    this.name = name;
    this.total = totalBytes;
    this.last = this.now();
    this.write(`${name} ...`);
  }

  update(rows: number, bytes: number, totalBytes = this.total): void {
    this.total = totalBytes;
    if (this.now() - this.last < LINE_INTERVAL_MS) return;
    this.last = this.now();
    const share = this.total ? ` (${Math.floor((100 * Math.min(bytes, this.total)) / this.total)} %)` : "";
    this.write(`${this.name} ... ${amounts(rows, bytes)}${share}`);
  }

  finish(): void {
    this.name = "";
  }
}

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

const BAR_WIDTH = 40;
/** Milliseconds between two drawings of the bar. */
const REDRAW_MS = 100;

/** One bar a step; only counters while the step's size is unknown. */
class BarProgress implements LoadProgress {
  private title = "";
  private total: number | undefined;
  private began = 0;
  private drawn = 0;
  private line: string | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  step(name: string, totalBytes?: number): void {
    this.finish();
    this.title = name.padEnd(12);
    this.total = totalBytes;
    this.began = Date.now();
    this.draw(0, 0);
  }

  update(rows: number, bytes: number, totalBytes = this.total): void {
    this.total = totalBytes;
    if (Date.now() - this.drawn >= REDRAW_MS) this.draw(rows, bytes);
    else this.line = this.lineOf(rows, bytes);
  }

  finish(): void {
    if (this.line !== undefined) this.stream.write(`\r\x1b[K${this.line}\n`);
    this.line = undefined;
  }

  private draw(rows: number, bytes: number): void {
    this.line = this.lineOf(rows, bytes);
    this.drawn = Date.now();
    // No longer than the terminal is wide, else the next drawing would not cover it.
    this.stream.write(`\r\x1b[K${this.line.slice(0, (this.stream.columns || 80) - 1)}`);
  }

  private lineOf(rows: number, bytes: number): string {
    const share = this.total ? Math.min(bytes / this.total, 1) : undefined;
    const seconds = `${Math.round((Date.now() - this.began) / 1000)} s`;
    return [this.title, share === undefined ? "" : barOf(share), amounts(rows, bytes), seconds]
      .filter((part) => part !== "")
      .join(" ");
  }
}

function barOf(share: number): string {
  const done = Math.round(share * BAR_WIDTH);
  return `${"\u2588".repeat(done)}${"\u2591".repeat(BAR_WIDTH - done)} ${Math.floor(share * 100)}%`;
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

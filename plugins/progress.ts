/** What is being done to get an engine, for people to see. */
export interface EngineProgress {
  /**
   * `look` for one that is there, `download` the published CLI or plugins, `wait` for another build, then of a build:
   * `modules` (download), `packages` (compile and link), `done`.
   */
  readonly step: "look" | "download" | "wait" | "modules" | "packages" | "done";
  /** One line, e.g. "compiling the Pulumi engine". */
  readonly message: string;
  /** How far, in modules or packages; absent where it is not known. */
  readonly done?: number;
  readonly total?: number;
  /** Milliseconds since the search for an engine began. */
  readonly elapsedMs: number;
}

/** Takes an event without the time; {@link ProgressClock} adds it. */
export type Report = (event: Omit<EngineProgress, "elapsedMs">) => void;

const REPEAT_MS = 1_000;

/**
 * Adds the time since the clock was made to each event, and repeats the last one every second, because some steps
 * (linking, waiting for another build) are long and silent.
 */
export class ProgressClock {
  private readonly begun = performance.now();
  private last: Parameters<Report>[0] | undefined;
  private readonly repeat: NodeJS.Timeout;

  constructor(private readonly onProgress: (p: EngineProgress) => void) {
    this.repeat = setInterval(() => this.last && this.report(this.last), REPEAT_MS).unref();
  }

  readonly report: Report = (event) => {
    this.last = event;
    this.onProgress({ ...event, elapsedMs: Math.round(performance.now() - this.begun) });
  };

  stop(): void {
    clearInterval(this.repeat);
  }
}

import { createInterface } from "node:readline";
import { createColors } from "picocolors";
import { Interrupted, UsageError } from "../errors";

/** Milliseconds between two looks at a step; where there is no terminal, before its first line and between two lines. */
const REDRAW_MS = 200;
const FIRST_LINE_MS = 1_000;
const LINE_INTERVAL_MS = 10_000;

export interface TerminalOptions {
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Standard output is for one JSON document; everything for people goes to standard error. */
  readonly json?: boolean;
}

/** A long step: what, how far, how long. */
export interface Step {
  /** @param detail how far it has come, as `12 of 40 packages` */
  update(detail: string): void;
  done(detail?: string): void;
  /** The step ended otherwise; whoever catches its error reports it. */
  fail(): void;
}

/**
 * Lines for people. On a terminal one more line at the bottom shows what is going on; elsewhere a line appears now and
 * then instead. Colours follow NO_COLOR, FORCE_COLOR and the kind of the stream.
 */
export class Terminal {
  readonly colors: ReturnType<typeof createColors>;
  readonly isInteractive: boolean;
  /** Where lines for people go. */
  private readonly lines: NodeJS.WriteStream;
  /** Whether lines at the bottom can be changed in place. */
  readonly isLive: boolean;
  private transient: readonly string[] = [];

  constructor(private readonly options: TerminalOptions) {
    const { env } = options;
    this.lines = options.json ? options.stderr : options.stdout;
    this.isLive = options.stderr.isTTY && this.lines.isTTY && env.TERM !== "dumb" && !env.CI;
    this.isInteractive = Boolean(options.stdin?.isTTY && this.lines.isTTY);
    const forced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== "0";
    const colored = !env.NO_COLOR && (forced || (Boolean(this.lines.isTTY) && env.TERM !== "dumb"));
    this.colors = createColors(colored);
  }

  /** How many characters a line for people has room for; undefined where no terminal ends it. */
  get columns(): number | undefined {
    return this.lines.isTTY ? this.lines.columns || undefined : undefined;
  }

  /** How many lines the terminal shows. */
  get rows(): number {
    return this.options.stderr.rows || 24;
  }

  /** A line for people. */
  say(line = ""): void {
    this.clear();
    this.lines.write(`${line}\n`);
    this.draw();
  }

  /** A line that tells what went wrong or needs attention; on standard error. */
  complain(line: string): void {
    this.clear();
    this.options.stderr.write(`${line}\n`);
    this.draw();
  }

  /** The one JSON document of a command called with --json. */
  result(document: unknown): void {
    this.options.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }

  /** A piece of what the command gives in another form than JSON, as CSV; standard output holds nothing else then. */
  data(text: string): void {
    this.options.stdout.write(text);
  }

  /** Sets the lines at the bottom, "" for none; nothing where there is no terminal. */
  status(...lines: readonly string[]): void {
    if (!this.isLive) return;
    this.clear();
    const width = this.options.stderr.columns || 80;
    const cut = (line: string): string => (line.length < width ? line : `${line.slice(0, width - 2)}…`);
    this.transient = lines.length === 1 && lines[0] === "" ? [] : lines.map(cut);
    this.draw();
  }

  /**
   * Shows a long step while it lasts. A step of less than half a second that says nothing leaves no line.
   *
   * @param now milliseconds; for tests
   */
  step(title: string, now: () => number = () => performance.now()): Step {
    const begun = now();
    let detail = "";
    let told = begun;
    let hasTold = false;
    const seconds = (): string => formatSeconds(now() - begun);
    const tick = (): void => {
      if (this.isLive) {
        if (now() - begun > 300) this.status(`  ${title}${detail && `: ${detail}`} (${seconds()})`);
      } else if (now() - told >= (hasTold ? LINE_INTERVAL_MS : FIRST_LINE_MS)) {
        told = now();
        hasTold = true;
        this.say(`  ${title}${detail && `: ${detail}`} (${seconds()})`);
      }
    };
    const timer = setInterval(tick, REDRAW_MS);
    timer.unref();
    const end = (): void => {
      clearInterval(timer);
      this.status("");
    };
    return {
      update: (text) => {
        detail = text;
        tick();
      },
      done: (text) => {
        end();
        if (text === undefined && !hasTold && now() - begun < 500) return;
        this.say(`${this.colors.green("✓")} ${title}${text ? `: ${text}` : ""} ${this.colors.dim(`(${seconds()})`)}`);
      },
      fail: end,
    };
  }

  /**
   * Asks for a yes. Nothing but "yes" or "y" is one.
   *
   * @throws UsageError where nobody can answer
   */
  async confirm(question: string): Promise<boolean> {
    if (!this.isInteractive) throw new UsageError("--yes must be passed in non-interactive mode");
    return /^y(es)?$/i.test(await this.ask(`${question} [y/N] `));
  }

  /**
   * Asks for a line; to be called where {@link isInteractive} only.
   *
   * @returns it without blanks around it; "" when the input ends
   * @throws Interrupted after Ctrl-C
   */
  async ask(question: string): Promise<string> {
    this.clear();
    const reader = createInterface({ input: this.options.stdin!, output: this.lines });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        reader.once("SIGINT", () => reject(new Interrupted()));
        reader.once("close", () => resolve(""));
        reader.question(question, resolve);
      });
      return answer.trim();
    } finally {
      reader.close();
    }
  }

  private clear(): void {
    if (this.transient.length === 0) return;
    // The cursor stands in the last of them.
    this.options.stderr.write(`\r\x1b[2K${"\x1b[1A\x1b[2K".repeat(this.transient.length - 1)}`);
  }

  private draw(): void {
    if (this.transient.length > 0) this.options.stderr.write(this.transient.join("\n"));
  }
}

/** `0.4 s`, `12 s`, `3 min 05 s`. */
export function formatSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

import { formatSeconds, type Terminal } from "../output/terminal";

/** Milliseconds between two pictures. */
const REDRAW_MS = 200;

type State = "waits" | "works" | "done" | "failed";

interface Line {
  state: State;
  begun: number;
  detail: string;
  /** Milliseconds it took; known at its end. */
  took?: number;
}

/**
 * How far each member of a class is. On a terminal a table that changes in place, with those that are at work when it has
 * no room for all; elsewhere a line when one has ended.
 */
export class Board {
  private readonly lines: Map<string, Line>;
  private readonly width: number;
  private readonly timer: NodeJS.Timeout;

  /** @param now milliseconds; for tests */
  constructor(
    private readonly terminal: Terminal,
    names: readonly string[],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lines = new Map(names.map((name) => [name, { state: "waits", begun: 0, detail: "" }]));
    this.width = Math.max(...names.map((name) => name.length), 0);
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
    this.timer.unref();
  }

  begin(name: string): void {
    Object.assign(this.line(name), { state: "works", begun: this.now() });
  }

  /** @param detail what it does now */
  update(name: string, detail: string): void {
    this.line(name).detail = detail;
  }

  /** @param detail what came of it, or why it failed */
  end(name: string, ok: boolean, detail: string): void {
    const line = this.line(name);
    Object.assign(line, { state: ok ? "done" : "failed", detail, took: this.now() - line.begun });
    if (!this.terminal.isLive) this.terminal.say(this.text(name, line));
  }

  finish(): void {
    clearInterval(this.timer);
    this.terminal.status("");
    if (this.terminal.isLive) for (const [name, line] of this.lines) this.terminal.say(this.text(name, line));
  }

  private draw(): void {
    const all = [...this.lines];
    const count = (state: State): number => all.filter(([, line]) => line.state === state).length;
    const counts = `${count("done")} done, ${count("failed")} failed, ${count("works")} at work, ${count("waits")} wait`;
    const room = this.terminal.rows - 2;
    const shown = all.length <= room ? all : all.filter(([, { state }]) => state === "works" || state === "failed");
    this.terminal.status(...shown.slice(0, room).map(([name, line]) => this.text(name, line)), `  ${counts}`);
  }

  private text(name: string, { state, begun, detail, took }: Line): string {
    const mark = { waits: " ", works: "·", done: "✓", failed: "✗" }[state];
    const time = state === "waits" ? "" : formatSeconds(took ?? this.now() - begun);
    return `${mark} ${name.padEnd(this.width)}  ${time.padStart(9)}  ${state === "waits" ? "waits" : detail}`.trimEnd();
  }

  private line(name: string): Line {
    const found = this.lines.get(name);
    if (!found) throw new Error(`${name} is not on the board`);
    return found;
  }
}

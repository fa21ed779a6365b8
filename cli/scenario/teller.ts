import type { Interrupt } from "../context";
import { Interrupted } from "../errors";
import type { Terminal } from "../output/terminal";
import type { StatementResult } from "../worksheet/execute";
import { formatResultTable } from "../worksheet/format";

/** Columns of running text. */
const WIDTH = 92;
/** Rows of a result that are shown. */
const SHOWN_ROWS = 12;

/** Tells a scenario on a terminal, and counts what was expected and what was not seen. */
export class Teller {
  /** Expectations that did not come true, as the scenario put them. */
  readonly missed: string[] = [];
  private met = 0;
  private steps = 0;

  /** @param pauses wait for Enter before each step */
  constructor(
    private readonly terminal: Terminal,
    private readonly interrupt: Interrupt,
    private readonly pauses: boolean,
  ) {}

  /** How many expectations came true. */
  get seen(): number {
    return this.met;
  }

  /** Opens a scenario. */
  title(place: string, title: string, about: string): void {
    const { bold, dim } = this.terminal.colors;
    this.steps = 0;
    this.terminal.say();
    this.terminal.say(bold(`${place}  ${title}`));
    for (const line of wrap(about)) this.terminal.say(dim(line));
  }

  /**
   * Opens a step: what happens now, and why.
   *
   * @throws Interrupted when the user ends it here
   */
  async step(what: string, why: string): Promise<void> {
    if (this.interrupt.signal.aborted) throw new Interrupted();
    const { bold } = this.terminal.colors;
    this.terminal.say();
    this.terminal.say(bold(`${++this.steps}. ${what}`));
    for (const line of wrap(why, "   ")) this.terminal.say(line);
    if (!this.pauses) return;
    const answer = await this.terminal.ask(this.terminal.colors.dim("   Enter goes on, q ends here: "));
    if (/^q(uit)?$/i.test(answer)) throw new Interrupted("Ended here.");
  }

  /** A statement before it runs, or a command. */
  statement(text: string): void {
    this.terminal.say();
    for (const line of text.split("\n")) this.terminal.say(this.terminal.colors.cyan(`   ${line}`));
  }

  /** What a statement gave. */
  result(result: StatementResult): void {
    const shown = { ...result, rows: result.rows.slice(0, SHOWN_ROWS) };
    for (const line of formatResultTable(shown, this.terminal.colors.bold).split("\n")) this.terminal.say(` ${line}`);
  }

  /** Where on the dashboard this is to be seen. */
  look(text: string): void {
    this.terminal.say();
    for (const line of wrap(`Look at the dashboard: ${text}`, "   ")) this.terminal.say(this.terminal.colors.dim(line));
  }

  /**
   * Says whether something is as the scenario expects.
   *
   * @param claim as a statement that holds then: "both tables show the same rows"
   * @param seen what is there instead, for the reader
   */
  expect(claim: string, holds: boolean, seen: string): boolean {
    const { green, red } = this.terminal.colors;
    if (holds) this.met++;
    else this.missed.push(`${claim}: ${seen}`);
    this.terminal.say(holds ? `   ${green("✓")} ${claim}` : `   ${red("✗")} ${claim}: ${seen}`);
    return holds;
  }
}

/** Text in lines of at most {@link WIDTH} columns, each after `indent`. */
export function wrap(text: string, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, indent + line];
}

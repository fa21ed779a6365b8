import type { Connection } from "snowflake-sdk";
import type { Context } from "../context";
import { EXIT, Interrupted, UsageError, UserError, messageOf } from "../errors";
import { formatSeconds } from "../output/terminal";
import { executeStatement, StatementError, type StatementResult } from "./execute";
import { formatResultCsv, formatResultText, resultObjects } from "./format";
import { isForPeople, type ResultFormat } from "./resultFormat";
import { splitWorksheet, type ShellStep, type WorksheetStatement } from "./split";

/** Rows that a table shows; csv and json give all. */
export const TABLE_ROWS = 1_000;

export interface WorksheetOptions {
  /** What the statements come from, as messages call it: a path, `-q`, `standard input`. */
  readonly name: string;
  readonly format: ResultFormat;
  /** Wait for Enter before each statement. */
  readonly step: boolean;
  /** Go on after a statement that fails. */
  readonly continueOnError: boolean;
  /** Runs a step that is marked `-- shell:` and gives its exit code; undefined leaves such steps to the reader. */
  readonly runShell?: (command: string) => Promise<number>;
}

type Step = WorksheetStatement | ShellStep;

/**
 * Runs a worksheet statement by statement.
 *
 * @param connection opened with WORKSHEET_CONNECTION
 * @returns the exit code: 1 when a statement failed
 * @throws UserError before anything runs, when the worksheet is cut off or asks for another client; Interrupted after
 *   Ctrl-C
 */
export async function runWorksheet(
  context: Context,
  connection: Connection,
  text: string,
  options: WorksheetOptions,
): Promise<number> {
  const run = new WorksheetRun(context, connection, options);
  return run.all(readSteps(text, options.name));
}

/**
 * The steps of a worksheet that can run as a whole.
 *
 * @throws UserError with file and line
 */
function readSteps(text: string, name: string): readonly Step[] {
  const { items, open } = splitWorksheet(text);
  if (open) throw new UserError(`${name}:${open.line}: the ${open.what} that begins here has no end.`);
  return items.map((item) => {
    if (item.kind !== "client") return item;
    const command = item.text.split(/\s/)[0]!;
    throw new UserError(
      `${name}:${item.line}: '${command}' is a command of SnowSQL, not a statement: take it out of the worksheet.`,
    );
  });
}

class WorksheetRun {
  private readonly results: Record<string, unknown>[][] = [];
  private failures = 0;
  private isAfterCsv = false;

  constructor(
    private readonly context: Context,
    private readonly connection: Connection,
    private readonly options: WorksheetOptions,
  ) {}

  async all(steps: readonly Step[]): Promise<number> {
    const { terminal } = this.context;
    const { step, format, continueOnError } = this.options;
    if (step && !terminal.isInteractive) throw new UsageError("--step needs a terminal, to press Enter at.");
    const total = steps.filter(({ kind }) => kind === "statement").length;
    let index = 0;
    try {
      for (const item of steps) {
        if (item.kind === "statement") index++;
        this.announce(item, `[${index}/${total}]`);
        const answer = step ? await terminal.ask("Enter runs it, s skips it, q ends: ") : "";
        if (/^q/i.test(answer)) break;
        if (/^s/i.test(answer)) continue;
        const isDone = item.kind === "shell" ? await this.shell(item) : await this.statement(item);
        if (!isDone && !continueOnError) break;
      }
    } finally {
      // What ran is told in any case, so that the output is JSON also when a statement failed.
      if (format === "json") terminal.result(total === 1 ? (this.results[0] ?? []) : this.results);
    }
    return this.failures === 0 ? EXIT.ok : EXIT.failure;
  }

  private announce(item: Step, count: string): void {
    const { terminal } = this.context;
    const { bold, dim } = terminal.colors;
    const mark = item.kind === "shell" ? "shell" : count;
    terminal.say(bold(`${mark} ${this.options.name}:${item.line}`));
    for (const line of item.text.split(/\r?\n/)) terminal.say(dim(`  > ${line}`));
  }

  /** @returns whether it succeeded */
  private async statement(item: WorksheetStatement): Promise<boolean> {
    const { terminal, interrupt } = this.context;
    const { format, name } = this.options;
    const begun = performance.now();
    try {
      const maxRows = isForPeople(format) ? TABLE_ROWS : undefined;
      const result = await executeStatement(this.connection, item.text, { signal: interrupt.signal, maxRows });
      if (interrupt.signal.aborted) throw new Interrupted();
      this.show(result);
      terminal.say(terminal.colors.dim(`  ${formatSeconds(performance.now() - begun)}`));
      return true;
    } catch (error) {
      if (interrupt.signal.aborted) throw new Interrupted();
      if (!(error instanceof StatementError)) throw error;
      this.failures++;
      terminal.complain(`${name}:${item.line + (error.line ?? 1) - 1}: ${describeFailure(error)}`);
      return false;
    }
  }

  private show(result: StatementResult): void {
    const { terminal } = this.context;
    const { format } = this.options;
    if (isForPeople(format)) terminal.say(formatResultText(result, format, terminal.colors.bold, terminal.columns));
    else if (format === "json") this.results.push(resultObjects(result));
    else {
      terminal.data(`${this.isAfterCsv ? "\n" : ""}${formatResultCsv(result)}`);
      this.isAfterCsv = true;
    }
  }

  /** @returns whether the worksheet may go on */
  private async shell(item: ShellStep): Promise<boolean> {
    const { terminal } = this.context;
    const { runShell, name } = this.options;
    if (!runShell) {
      terminal.say("  a step for a terminal, left out; --shell runs it");
      return true;
    }
    const code = await runShell(item.text);
    if (this.context.interrupt.signal.aborted) throw new Interrupted();
    if (code === 0) return true;
    this.failures++;
    terminal.complain(`${name}:${item.line}: ended with exit code ${code}`);
    return false;
  }
}

/** `001003 (42000): SQL compilation error: ...`, as Snowflake's own clients tell it. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof StatementError)) return messageOf(error);
  return error.code ? `${error.code} (${error.sqlState ?? ""}): ${error.message}` : error.message;
}

import { createInterface, type Interface } from "node:readline";
import type { Connection } from "snowflake-sdk";
import type { WorkshopNames } from "../../components/naming";
import type { Context } from "../context";
import { EXIT } from "../errors";
import { formatSeconds } from "../output/terminal";
import { Completion } from "./completion";
import { executeStatement, StatementError, type SessionNames } from "./execute";
import { formatResultCsv, formatResultText, resultObjects } from "./format";
import { isForPeople, RESULT_FORMATS, type ResultFormat } from "./resultFormat";
import { HISTORY_LINES, loadHistory, mayBeKept, saveHistory } from "./history";
import { describeFailure, TABLE_ROWS } from "./run";
import { splitWorksheet, type WorksheetItem } from "./split";

/** Where the session stands before the first statement is not asked for. */
const UNKNOWN = "workshop";

const HELP = `A statement runs when its semicolon and Enter are typed, and may have many lines.
  Tab       completes names and keywords
  Up, Down  earlier lines
  Ctrl-C    cancels the running statement, or drops the one being typed
  !format   says how results are shown: !format table, vertical, csv or json
  quit      ends, as do exit, !quit, !q and Ctrl-D
  help      shows this`;

/** What people type to end or for help, with or without a semicolon; no statement of Snowflake's is one of these alone. */
const WORDS = /^\s*(quit|exit|help)\s*;?\s*$/i;

/** `TRANSFORMER@BALBOA_DEV.PUBLIC`, as far as the session has them. */
function placeOf({ role, database, schema }: SessionNames): string {
  const names = [database, schema].filter(Boolean).join(".");
  return `${role ?? "(no role)"}${names && `@${names}`}`;
}

export interface PromptOptions {
  readonly format: ResultFormat;
  readonly names: WorkshopNames;
  /** Where lines come from and go to; the process's own by default. */
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/**
 * Reads statements from a person at a terminal and shows their results, until they end it.
 *
 * @param connection opened with WORKSHEET_CONNECTION
 * @returns the exit code: 0, whatever the statements did
 * @throws LoadError when a server on this computer goes away
 */
export async function runPrompt(context: Context, connection: Connection, options: PromptOptions): Promise<number> {
  const completion = new Completion(connection, options.names);
  await completion.load();
  await new Prompt(context, connection, completion, options).run();
  return EXIT.ok;
}

class Prompt {
  private readonly lines: Interface;
  /** Lines that were typed while a statement ran. */
  private readonly waiting: string[] = [];
  /** What was typed of a statement that has no end yet. */
  private typed = "";
  private running: AbortController | undefined;
  private isBusy = false;
  private isEnding = false;
  private format: ResultFormat;
  /** What the prompt says of the session. */
  private place = UNKNOWN;
  /** The interface's own lines, the latest first. */
  private history: string[] = [];
  /** Lines of the statement that is being typed. */
  private typedLines: string[] = [];

  constructor(
    private readonly context: Context,
    private readonly connection: Connection,
    private readonly completion: Completion,
    options: PromptOptions,
  ) {
    this.format = options.format;
    this.lines = createInterface({
      input: options.input ?? process.stdin,
      output: options.output ?? process.stdout,
      terminal: true,
      prompt: `${UNKNOWN}> `,
      completer: completion.complete,
      history: loadHistory(context.env),
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
    });
  }

  async run(): Promise<void> {
    const { terminal, env, interrupt } = this.context;
    let history: string[] | undefined;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => {
        reject(error as Error);
        this.lines.close();
      };
      this.lines.on("history", (kept: string[]) => {
        // The interface's own array: what is taken out cannot be called up again.
        if (kept[0] !== undefined && !mayBeKept(kept[0])) kept.shift();
        this.history = kept;
        history = kept;
      });
      this.lines.on("SIGINT", () => this.interrupt());
      // A terminal's Ctrl-C comes as a key; this is a signal from elsewhere.
      interrupt.signal.addEventListener("abort", () => this.lines.close());
      this.lines.on("close", () => {
        this.isEnding = true;
        this.running?.abort();
        if (!this.isBusy) resolve();
      });
      this.lines.on("line", (line) => {
        this.waiting.push(line);
        if (!this.isBusy) this.drain().then(() => this.isEnding && resolve(), fail);
      });
      terminal.say("Statements end with ; and help shows more.");
      this.lines.prompt();
    });
    if (history) saveHistory(env, history);
  }

  private interrupt(): void {
    if (this.running) {
      this.running.abort();
      return;
    }
    this.context.terminal.say("");
    if (!this.typed && !this.lines.line) this.context.terminal.say("quit or Ctrl-D ends.");
    this.typed = "";
    this.typedLines = [];
    // Takes what stands in the line out of it.
    this.lines.write(null, { ctrl: true, name: "e" });
    this.lines.write(null, { ctrl: true, name: "u" });
    this.prompt();
  }

  private prompt(): void {
    this.lines.setPrompt(this.typed ? `${"->".padStart(this.place.length + 1)} ` : `${this.place}> `);
    this.lines.prompt();
  }

  private async drain(): Promise<void> {
    this.isBusy = true;
    try {
      for (let line = this.waiting.shift(); line !== undefined && !this.isEnding; line = this.waiting.shift())
        await this.take(line);
    } finally {
      this.isBusy = false;
    }
    if (!this.isEnding) this.prompt();
  }

  private async take(line: string): Promise<void> {
    if (!this.typed && WORDS.test(line)) return this.client(`!${line.trim()}`);
    this.typed += `${line}\n`;
    this.typedLines.push(line);
    const { items, consumed } = splitWorksheet(this.typed);
    this.typed = this.typed.slice(consumed);
    if (!this.typed.trim()) {
      this.typed = "";
      this.keepAsOne(items);
    }
    for (const item of items) {
      if (this.isEnding) return;
      if (item.kind === "client") this.client(item.text);
      else if (item.kind === "statement" && item.isTerminated && !(await this.statement(item.text))) return;
    }
  }

  /** A statement of several lines comes back as one, unless a comment would swallow what follows it. */
  private keepAsOne(items: readonly WorksheetItem[]): void {
    const lines = new Set(this.typedLines.splice(0));
    const [statement] = items;
    if (lines.size < 2 || items.length !== 1 || statement?.kind !== "statement") return;
    if (/--|\/\/|\/\*/.test(statement.text) || !mayBeKept(statement.text)) return;
    while (this.history[0] !== undefined && lines.has(this.history[0])) this.history.shift();
    this.history.unshift(`${statement.text.replace(/\s*\n\s*/g, " ")};`);
  }

  private client(text: string): void {
    const command = text.replace(/;\s*$/, "").trim().toLowerCase();
    const format = /^!format\s+(\S+)$/.exec(command)?.[1];
    if (format !== undefined) {
      const known = RESULT_FORMATS.find((one) => one === format);
      if (known) this.format = known;
      else this.context.terminal.complain(`There is no format ${format}: ${RESULT_FORMATS.join(", ")} are.`);
      return;
    }
    if (["!quit", "!exit", "!q"].includes(command)) {
      this.isEnding = true;
      this.lines.close();
    } else if (command === "!help") this.context.terminal.say(HELP);
    else this.context.terminal.complain(`There is no ${command.split(/\s/)[0]}: !help shows what there is.`);
  }

  /** @returns whether the next statement of the same line may run */
  private async statement(text: string): Promise<boolean> {
    const { terminal } = this.context;
    const running = (this.running = new AbortController());
    const begun = performance.now();
    try {
      const { format } = this;
      const maxRows = isForPeople(format) ? TABLE_ROWS : undefined;
      const result = await executeStatement(this.connection, text, { signal: running.signal, maxRows });
      if (result.session) this.place = placeOf(result.session);
      if (isForPeople(format)) terminal.say(formatResultText(result, format, terminal.colors.bold, terminal.columns));
      else if (format === "csv") terminal.data(formatResultCsv(result));
      else terminal.result(resultObjects(result));
      terminal.say(terminal.colors.dim(`  ${formatSeconds(performance.now() - begun)}`));
      if (Completion.isNeededAfter(text)) await this.completion.load();
      return true;
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      terminal.complain(describeFailure(error));
      return false;
    } finally {
      this.running = undefined;
    }
  }
}

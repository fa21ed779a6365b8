import { readFileSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { workshopNames } from "../../components/naming";
import type { Context, StackChoice } from "../context";
import { UsageError, UserError } from "../errors";
import { stackConnection } from "../stack/connection";
import { WORKSHEET_CONNECTION } from "../worksheet/execute";
import { isForPeople, type ResultFormat } from "../worksheet/resultFormat";
import { runPrompt } from "../worksheet/prompt";
import { renameObjects } from "../worksheet/rename";
import { runWorksheet } from "../worksheet/run";
import { runShellStep } from "../worksheet/shellStep";

export interface SqlOptions extends StackChoice {
  /** Path of a worksheet; `-` is standard input. */
  readonly file?: string;
  /** Statements given on the command line. */
  readonly query?: string;
  readonly format: ResultFormat;
  readonly step: boolean;
  readonly continueOnError: boolean;
  /** Run the steps marked `-- shell:` too. */
  readonly shell: boolean;
}

interface Source {
  readonly name: string;
  readonly text: string;
  /** Whether it is a worksheet of the checkout: its names mean the attendee's. */
  readonly isOurs: boolean;
}

/**
 * Runs a worksheet, or statements of the command line or of standard input, in the attendee's schema; without any of them
 * on a terminal: a prompt. In the checkout's own worksheets the workshop's names stand for the attendee's.
 *
 * @returns 1 when a statement failed
 */
export async function sql(context: Context, options: SqlOptions): Promise<number> {
  if (options.shell && !isForPeople(options.format))
    throw new UsageError("--shell prints what its steps print: it goes with --format table or vertical only.");
  const source = await readSource(context, options);
  const { environment, names } = await stackConnection(context, options, "worksheet");
  const { closeConnection, connectFromEnvironment } = await import("../../loader/connection.js");
  const connection = await connectFromEnvironment({ ...context.env, ...environment }, WORKSHEET_CONNECTION);
  try {
    if (!source) return await runPrompt(context, connection, { format: options.format, names });
    const runShell = options.shell
      ? (command: string): Promise<number> => runShellStep(context, options, command)
      : undefined;
    const text = source.isOurs ? renameObjects(source.text, workshopNames({ environment: "dev" }), names) : source.text;
    return await runWorksheet(context, connection, text, { ...options, name: source.name, runShell });
  } finally {
    await closeConnection(connection);
  }
}

/** @returns undefined where there is nothing to read but a person at a terminal */
async function readSource({ cwd, paths, terminal }: Context, options: SqlOptions): Promise<Source | undefined> {
  const { file, query, step } = options;
  if (file !== undefined && query !== undefined) throw new UsageError("Give a file or -q, not both.");
  if (query !== undefined) return { name: "-q", text: query, isOurs: false };
  if (file === "-" || (file === undefined && !terminal.isInteractive)) {
    if (step) throw new UsageError("--step needs the terminal: give the worksheet as a file.");
    return { name: "standard input", text: await readAll(process.stdin), isOurs: false };
  }
  if (file === undefined) {
    if (step) throw new UsageError("--step goes through a worksheet: give its file.");
    return undefined;
  }
  const where = path.resolve(cwd, file);
  if (!statSync(where, { throwIfNoEntry: false })?.isFile()) throw new UserError(`There is no file ${file}.`);
  const text = readFileSync(where, "utf8").replace(/^\ufeff/, "");
  return { name: file, text, isOurs: path.dirname(realpathSync(where)) === path.join(paths.root, "sql") };
}

/** Shell blocks as commands, and what a mark behind ```sh or ```sql asks for. */
import type { Command } from "commander";
import type { Block } from "./markdown";

/**
 * How a block of commands is to be run.
 *
 * - none: as it stands, and it must end well
 * - `asks`: it asks at a terminal; run with `--yes`
 * - `runs on`: it ends with Ctrl-C only
 * - `account`: it needs a Snowflake account; not run
 * - `pulumi`: plain Pulumi; a script of its own, in a fresh clone
 * - `tests`: it runs tests, and so cannot be run from one
 */
export const MARKS = ["", "asks", "runs on", "account", "pulumi", "tests"] as const;
export type Mark = (typeof MARKS)[number];

export interface CommandLine {
  /** Page and line. */
  readonly at: string;
  readonly mark: Mark;
  readonly text: string;
}

/** @throws Error at a mark that is not known */
export function markOf({ at, mark }: Block): Mark {
  const known = MARKS.find((one) => one === mark);
  if (known === undefined) throw new Error(`${at}: unknown mark '${mark}'; there are ${MARKS.join(", ")}`);
  return known;
}

/** The commands of a block, without comments; lines that end in a backslash go on. */
export function commandLines(block: Block): CommandLine[] {
  const mark = markOf(block);
  const [, page, first] = /^(.*):(\d+)$/.exec(block.at)!;
  const commands: CommandLine[] = [];
  let begun: { line: number; text: string } | undefined;
  for (const [index, line] of block.text.split("\n").entries()) {
    begun = begun ? { ...begun, text: `${begun.text}\n${line}` } : { line: Number(first) + index, text: line };
    if (line.endsWith("\\")) continue;
    const text = begun.text.replace(/(^|\s)#\s.*$/, "").trim();
    if (text) commands.push({ at: `${page}:${begun.line}`, mark, text });
    begun = undefined;
  }
  return commands;
}

/**
 * Says what is wrong with the calls of ./workshop in a text, without running them. Brackets around what may be left out,
 * and bars between choices, are understood.
 */
export function workshopFaults(program: Command, text: string): string[] {
  const quoted = text.replaceAll(/'[^']*'|"[^"]*"/g, "TEXT");
  return [...quoted.matchAll(/\.\/workshop(?= )(.*?)(?=;|\s[|>&]|$)/gs)].flatMap(([, call]) =>
    callFault(program, call!),
  );
}

function callFault(program: Command, call: string): string[] {
  const words = call
    .replaceAll(/[[\]]/g, " ")
    .split(/[\s\\]+/)
    .filter((word) => word && word !== "...");
  let command = program;
  for (const [index, word] of words.entries()) {
    if (word.startsWith("-")) {
      if (takesAny(command)) return [];
      const option = word.split("=")[0];
      const known = command.options.some(({ long, short }) => option === long || option === short);
      if (!known && !["--help", "-h"].includes(word)) return [`${command.name()} has no option ${word}`];
    } else if (command.commands.length > 0) {
      const named = word.split("|").map((name) => command.commands.find((one) => one.name() === name));
      if (named.includes(undefined) && word !== "help") return [`there is no command ${word}`];
      command = named.at(-1) ?? command;
    } else if (command.registeredArguments.length === 0 && !takesValue(command, words[index - 1]))
      return [`${command.name()} takes no ${word}`];
  }
  return [];
}

/** Commands that hand their arguments on, as dbt. */
function takesAny(command: Command): boolean {
  return (command as unknown as { readonly _allowUnknownOption: boolean })._allowUnknownOption;
}

function takesValue(command: Command, option: string | undefined): boolean {
  return command.options.some(({ long, short, required }) => required && (option === long || option === short));
}

/** Options that several commands have, and what their values must look like. */
import type { Command } from "commander";
import { isIPv4 } from "node:net";
import { InvalidArgumentError, Option } from "commander";
import type { Context, StackChoice, TargetName } from "../context";
import { UsageError } from "../errors";
import { SCENARIO_NAMES, type ScenarioName } from "../scenario/scenario";
import { checkAttendee } from "../stack/names";

/** What runs the command that is called. */
export interface Host {
  /** @param json standard output is for a program */
  context(json: boolean): Context;
  /** Sets the exit code. */
  end(code: number): void;
}

/** Adds a command to the program: its words, its options, and what is loaded when it is called. */
export type Register = (program: Command, host: Host) => void;

/** What chooses a stack, as it stands on the command line. */
export interface StackFlags {
  readonly attendee?: string;
  readonly target?: TargetName;
  readonly connection?: string;
}

/** Options that several commands have, as they stand on the command line. */
export interface CommonFlags extends StackFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly diff?: boolean;
  readonly markdown?: boolean;
  readonly base?: string;
  readonly all?: boolean;
  readonly expectNoChanges?: boolean;
}

const STACK_OPTIONS = (): readonly Option[] => [
  new Option("--attendee <name>", "environment of this attendee (default: the workshop's own names)"),
  new Option("--target <target>", "where to deploy (default: local)").choices(["local", "account"]),
  new Option("--connection <name>", "connection of connections.toml or config.toml, for the account target"),
];

/** Gives a command the options that choose a stack. */
export function withStack(command: Command): Command {
  for (const option of STACK_OPTIONS()) command.addOption(option);
  return command;
}

/** Gives a command the options that choose a target. */
export function withTarget(command: Command): Command {
  for (const option of STACK_OPTIONS().slice(1)) command.addOption(option);
  return command;
}

/**
 * Lets the options that choose a stack stand before the command as well: `./workshop --attendee alice status`. What the
 * command itself was given goes first; a command that knows no stack refuses them.
 */
export function takeEverywhere(program: Command): void {
  for (const option of STACK_OPTIONS()) program.addOption(option.hideHelp());
  program.hook("preAction", (_, command) => {
    for (const [name, value] of Object.entries(program.opts<Record<string, string>>())) {
      const isKnown = command.options.some((option) => option.attributeName() === name);
      if (!isKnown) throw new UsageError(`--${name} says nothing to ./workshop ${command.name()}: leave it out.`);
      if (command.getOptionValue(name) === undefined) command.setOptionValue(name, value);
    }
  });
}

/**
 * Takes `--attendee NAME` out of the arguments for a program that has no such option of its own, as dbt.
 *
 * @returns the program's arguments, and the flags with the attendee
 * @throws UsageError when the name is missing
 */
export function attendeeAmong(args: readonly string[], flags: StackFlags): { args: string[]; flags: StackFlags } {
  const rest: string[] = [];
  let found = flags;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg !== "--attendee" && !arg.startsWith("--attendee=")) {
      rest.push(arg);
      continue;
    }
    const attendee = arg === "--attendee" ? args[++i] : arg.slice("--attendee=".length);
    if (!attendee) throw new UsageError("--attendee needs a name.");
    found = { ...found, attendee };
  }
  return { args: rest, flags: found };
}

/** @throws UsageError when they do not go together, or name what cannot be */
export function choice({ attendee, target = "local", connection }: StackFlags): StackChoice {
  if (connection !== undefined && target === "local")
    throw new UsageError("--connection is for an account: add --target account.");
  return {
    target,
    ...(attendee === undefined ? {} : { attendee: checkAttendee(attendee) }),
    ...(connection === undefined ? {} : { connection: checkConnection(connection) }),
  };
}

/** The name reaches command lines of worksheets' steps. */
function checkConnection(name: string): string {
  if (!/^[\w.-]+$/.test(name)) throw new UsageError(`--connection '${name}' is not the name of a connection.`);
  return name;
}

export function parseScenario(name: string): ScenarioName | "all" {
  const known = [...SCENARIO_NAMES, "all"] as const;
  const found = known.find((one) => one === name);
  if (!found) throw new InvalidArgumentError(`it is one of ${known.join(", ")}.`);
  return found;
}

/** Seconds between two looks. */
export function parseInterval(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3_600)) throw new InvalidArgumentError("give 1 to 3600 seconds.");
  return seconds;
}

/** A TCP port. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("give a port from 0 to 65535.");
  return port;
}

/** An IP address of this computer, which others name as they reach it. */
export function parseAddress(text: string): string {
  if (!isIPv4(text) || text === "0.0.0.0") throw new InvalidArgumentError("give one IPv4 address of this computer.");
  return text;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("give a whole number above zero.");
  return Number(text);
}

export function switches(flags: CommonFlags): { yes: boolean; json: boolean; expectNoChanges: boolean } {
  return { yes: flags.yes ?? false, json: isJson(flags), expectNoChanges: flags.expectNoChanges ?? false };
}

export function isJson(flags: { readonly json?: boolean }): boolean {
  return flags.json ?? false;
}

/** The options of a command on every stack of a target. */
export function allOf(flags: CommonFlags): Omit<StackChoice, "attendee"> & { json: boolean } {
  if (flags.attendee !== undefined) throw new UsageError("--all and --attendee do not go together.");
  return { ...choice(flags), json: isJson(flags) };
}

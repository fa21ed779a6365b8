import { defaultParallel } from "../class/pool";
import { deployedMembers, type ClassTarget } from "../class/members";
import { readRoster } from "../class/roster";
import { memberName, reportClass, runClass } from "../class/run";
import type { Context, StackChoice } from "../context";
import { EXIT, UsageError, UserError } from "../errors";
import { formatCount } from "../output/table";
import { setUpEngine } from "../setup/engine";
import { flagsOf } from "../stack/connection";
import { formatSummary } from "../stack/operations";
import { setUpDbt } from "../stack/session";
import { reachTarget } from "../stack/target";

export interface ClassOptions extends ClassTarget {
  /** Number, names or CSV file, as {@link readRoster} reads them; undefined for all that are deployed. */
  readonly attendees?: string;
  /** How many at a time; by default what this computer has room for. */
  readonly parallel?: number;
  readonly json: boolean;
}

/** Deploys every attendee's environment. What failed or was interrupted, a second call finishes. */
export async function classUp(context: Context, options: ClassOptions & { readonly yes: boolean }): Promise<number> {
  const begun = performance.now();
  const { terminal } = context;
  if (options.attendees === undefined)
    throw new UsageError("--attendees is missing: a number, names with commas between them, or a CSV file.");
  const members = await membersOf(context, options);
  const count = environments(members);
  if (options.target === "account" && !options.yes)
    if (!(await terminal.confirm(`Do you want to deploy ${count} in the account?`)))
      throw new UserError("Nothing was changed.");
  // Once for all, before they begin.
  await setUpDbt(context);
  await setUpEngine(context, options.target);
  await reachTarget(context, options);
  const results = await runClass(context, {
    title: "Deploying",
    args: ["up", "--yes", "--json"],
    members,
    parallel: options.parallel ?? defaultParallel(),
    tell: (document) => formatSummary(summaryOf(document)),
  });
  return reportClass(context, results, { begun, json: options.json, again: commandLine("up", options) });
}

export interface ClassLoadOptions extends ClassOptions {
  readonly source?: string;
  readonly states?: string;
}

/** Replaces the loans of every environment. */
export async function classLoad(context: Context, options: ClassLoadOptions): Promise<number> {
  const begun = performance.now();
  const members = await membersOf(context, options);
  await reachTarget(context, options);
  const { source, states } = options;
  const results = await runClass(context, {
    title: "Loading",
    args: [
      ...["load", "--json", "--quiet"],
      ...(source === undefined ? [] : ["--source", source]),
      ...(states === undefined ? [] : ["--states", states]),
    ],
    members,
    parallel: options.parallel ?? defaultParallel(),
    tell: (document) => {
      const { rowsLoaded } = (document ?? {}) as { rowsLoaded?: number };
      return rowsLoaded === undefined ? "loaded" : `${formatCount(rowsLoaded)} loans`;
    },
  });
  return reportClass(context, results, { begun, json: options.json, again: commandLine("load", options) });
}

export interface ClassScenarioOptions extends ClassOptions {
  readonly scenario: string;
  readonly fast: boolean;
}

/**
 * Plays a scenario on every environment. With `fast` one after the other: they share snowglobe's clock, and what one
 * skips would be missing in another's story.
 */
export async function classScenario(context: Context, options: ClassScenarioOptions): Promise<number> {
  const begun = performance.now();
  const { fast, scenario, target } = options;
  if (fast && target !== "local")
    throw new UsageError("--fast moves the clock, which only the local target has: leave it out.");
  const members = await membersOf(context, options);
  await reachTarget(context, options);
  const results = await runClass(context, {
    title: `Playing scenario ${scenario} on`,
    args: ["scenario", scenario, "--yes", ...(fast ? ["--fast"] : [])],
    members,
    parallel: fast ? 1 : (options.parallel ?? defaultParallel()),
    tell: () => "everything was seen as expected",
  });
  return reportClass(context, results, {
    begun,
    json: options.json,
    again: commandLine(`scenario ${scenario}`, options),
  });
}

export interface ClassDestroyOptions extends ClassOptions {
  readonly yes: boolean;
  /** Delete also what others put into the environments' databases. */
  readonly force: boolean;
  /** The environment without an attendee, too. */
  readonly everything?: boolean;
}

/** Deletes every environment that is deployed of the class; the last local one takes snowglobe and its data along. */
export async function classDestroy(context: Context, options: ClassDestroyOptions): Promise<number> {
  const begun = performance.now();
  const { terminal } = context;
  const members = await deployedOf(context, options);
  if (members.length === 0) {
    if (options.json) terminal.result({ ok: true, seconds: 0, members: [] });
    else terminal.say("None of them is deployed: nothing to destroy.");
    return EXIT.ok;
  }
  const names = members.map(memberName).join(", ");
  if (!options.yes && !(await terminal.confirm(`Do you want to destroy ${environments(members)} (${names})?`)))
    throw new UserError("Nothing was changed.");
  await setUpEngine(context, options.target);
  await reachTarget(context, options);
  const run = {
    title: "Destroying",
    args: ["destroy", "--yes", "--json", ...(options.force ? ["--force"] : [])],
    parallel: options.parallel ?? defaultParallel(),
    tell: (document: unknown) => formatSummary(summaryOf(document)),
  };
  // The last one by itself: it alone can know that nobody else's data are left, and takes snowglobe along.
  const results = await runClass(context, { ...run, members: members.slice(0, -1) });
  if (!context.interrupt.signal.aborted)
    results.push(...(await runClass(context, { ...run, members: members.slice(-1) })));
  return reportClass(context, results, { begun, json: options.json, again: commandLine("destroy", options) });
}

/** The members that the options name, else those that are deployed. */
async function membersOf(context: Context, options: ClassOptions): Promise<StackChoice[]> {
  if (options.attendees !== undefined) return named(context, options, options.attendees);
  const members = (await deployedMembers(context, targetOf(options))).filter(({ attendee }) => attendee !== undefined);
  if (members.length === 0)
    throw new UserError(`No attendee's environment is deployed: ${commandLine("up", options)} --attendees 3`);
  return members;
}

/** Those among the named members that are deployed; without names all. */
async function deployedOf(context: Context, options: ClassDestroyOptions): Promise<StackChoice[]> {
  const deployed = await deployedMembers(context, targetOf(options));
  if (options.attendees === undefined)
    return deployed.filter(({ attendee }) => options.everything || attendee !== undefined);
  const asked = new Set(named(context, options, options.attendees).map(({ attendee }) => attendee?.toLowerCase()));
  return deployed.filter(({ attendee }) => asked.has(attendee));
}

function named({ cwd, terminal }: Context, options: ClassOptions, text: string): StackChoice[] {
  const { attendees, unusedColumns } = readRoster(text, cwd);
  if (unusedColumns.length > 0)
    terminal.say(`Of ${text} only the column attendee is used, not ${unusedColumns.join(", ")}.`);
  return attendees.map((attendee) => ({ ...targetOf(options), attendee }));
}

function targetOf({ target, connection }: ClassOptions): ClassTarget {
  return { target, ...(connection === undefined ? {} : { connection }) };
}

function environments(members: readonly StackChoice[]): string {
  return members.length === 1 ? "1 environment" : `${members.length} environments`;
}

function summaryOf(document: unknown): Readonly<Record<string, number>> {
  return (document as { summary?: Record<string, number> } | undefined)?.summary ?? {};
}

function commandLine(command: string, options: ClassOptions): string {
  const attendees = options.attendees === undefined ? "" : ` --attendees ${options.attendees}`;
  return `./workshop class ${command}${attendees}${flagsOf(targetOf(options))}`;
}

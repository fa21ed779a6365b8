/** The commands that look at a whole class: `class status` and `class dashboard`. */
import * as path from "node:path";
import type { WorkshopNames } from "../../components/naming";
import type { ClassMember, MemberLook } from "../../dashboard";
import { deployedMembers, type ClassTarget } from "../class/members";
import { readRoster } from "../class/roster";
import { memberName } from "../class/run";
import type { Context, StackChoice } from "../context";
import { COST, currentEnvironment, pageFolder, serve, tokenOf } from "../dashboard/serve";
import { EXIT, UserError } from "../errors";
import { findRunning } from "../local/snowglobe";
import { clockNote } from "../output/clock";
import { formatTable, type Cell } from "../output/table";
import { formatSeconds } from "../output/terminal";
import { lastScenario } from "../scenario/reached";
import { connectionTo, flagsOf, namesOf, stackConnection, type StackConnection } from "../stack/connection";
import { deploymentOf } from "../stack/deployment";
import type { ConnectionEnvironment } from "../stack/environment";
import { stackName } from "../stack/names";
import { reachTarget } from "../stack/target";
import type { ClassOptions } from "./class";

export interface ClassStatusOptions extends ClassOptions {
  /** The environment without an attendee, too. */
  readonly everything?: boolean;
}

/**
 * Shows every environment of a class in a line. On an account by metadata only, so that no warehouse is woken.
 *
 * @returns 1 when somebody is stuck or not deployed
 */
export async function classStatus(context: Context, options: ClassStatusOptions): Promise<number> {
  const { terminal, paths } = context;
  const choices = await watchedChoices(context, options);
  const isLocal = options.target === "local";
  // Looks, and starts nothing.
  const connection = connectionTo(context, targetOf(options), isLocal ? await findRunning(paths) : undefined);
  const members: Member[] = [];
  for (const choice of choices) members.push({ choice, names: namesOf(choice, await deploymentOf(context, choice)) });
  const { looks, now } = await lookAt(context, members, { connection, costsNothing: isLocal });
  const ok = looks.every(({ step, stuck }) => step !== "not deployed" && stuck.length === 0);
  if (options.json) terminal.result({ ok, members: looks });
  else {
    const look = { bold: terminal.colors.bold, width: terminal.columns };
    const head = ["attendee", "story", "scenario", "loans", "standard", "dynamic", "lag", "failures", "needs help"];
    terminal.say(formatTable(head, looks.map(rowOf), look));
    const clock = isLocal ? clockNote(now) : undefined;
    if (clock) terminal.say(`\n  snowglobe: ${clock}`);
  }
  return ok ? EXIT.ok : EXIT.failure;
}

function rowOf(look: MemberLook): readonly Cell[] {
  const { name, step, scenario, loans, standardStates, dynamicStates, lagSeconds, failures, stuck } = look;
  const lag = lagSeconds === undefined ? "" : formatSeconds(1000 * lagSeconds);
  return [name, step, scenario, loans, standardStates, dynamicStates, lag, failures, stuck.join(", ")];
}

interface Member {
  readonly choice: StackChoice;
  readonly names: WorkshopNames;
}

async function lookAt(
  { env, paths }: Context,
  members: readonly Member[],
  { connection, costsNothing }: { readonly connection: ConnectionEnvironment; readonly costsNothing: boolean },
): Promise<{ now: string; looks: MemberLook[] }> {
  const { memberLook, readAccount, readMemberDetails, readNow, ReadingSession } =
    await import("../../dashboard/index.js");
  const [{ names: first }] = members as [Member];
  const session = await ReadingSession.open({ ...env, ...connection, SNOWFLAKE_WAREHOUSE: first.warehouse });
  try {
    const now = await readNow(session);
    const account = await readAccount(session, first);
    const looks: MemberLook[] = [];
    for (const { choice, names } of members) {
      const details = costsNothing ? await readMemberDetails(session, names, account) : {};
      const scenario = lastScenario(paths, stackName(choice));
      const about = { now, ...(scenario ? { scenario } : {}) };
      looks.push(memberLook({ name: memberName(choice), names }, account, details, about));
    }
    return { now, looks };
  } finally {
    await session.close();
  }
}

export interface ClassDashboardOptions extends ClassOptions {
  readonly port: number;
  readonly intervalSeconds: number;
  readonly open?: boolean;
  /** Address of this computer to listen on, for the others in the room. */
  readonly listen?: string;
}

/** Serves the wall and every attendee's page until Ctrl-C. */
export async function classDashboard(context: Context, options: ClassDashboardOptions): Promise<void> {
  const { terminal, paths } = context;
  const { port, intervalSeconds, open, listen } = options;
  const isLocal = options.target === "local";
  const members: Watched[] = [];
  for (const choice of await watchedChoices(context, options))
    members.push({ choice, connection: await stackConnection(context, choice, "dbt") });
  const { connection } = await reachTarget(context, options);
  // Not as one attendee's role, which sees her own environment only: as the connecting user's.
  const instructor = { ...connection, SNOWFLAKE_WAREHOUSE: members[0]!.connection.names.warehouse };
  const stacks = new Map(members.map(({ choice }) => [memberName(choice), stackName(choice)]));
  const folder = pageFolder(paths);
  const { startClassDashboard } = await import("../../dashboard/index.js");
  await serve(
    context,
    () =>
      startClassDashboard({
        members: members.map((member) => pageOf(context, member, isLocal)),
        environment: () => currentEnvironment(context, isLocal, instructor),
        label: `${isLocal ? "snowglobe on this computer" : "Snowflake account"} · ${members.length} environments`,
        isSparing: !isLocal,
        scenarioOf: (name) => lastScenario(paths, stacks.get(name)!),
        ...(isLocal ? { mailFolder: path.join(paths.snowglobe, "mail") } : {}),
        ...(listen === undefined ? {} : { host: listen }),
        ...{ port, intervalSeconds, token: tokenOf(paths, "class"), pageFolder: folder },
      }),
    ({ address, links }) => {
      terminal.say(`The class, until Ctrl-C (this address sees every page; keep it to yourself):\n\n  ${address}\n`);
      const rows = links.map((link) => [link.name, link.address]);
      terminal.say(`${formatTable(["attendee", "her own page, to look at only"], rows, terminal.colors.bold)}\n`);
      if (listen !== undefined) terminal.say("Others in the network reach it by plain http: tell nobody but them.");
      if (!isLocal) terminal.say(COST);
    },
    {
      port,
      ...(listen === undefined ? {} : { host: listen }),
      elsewhere: `./workshop class dashboard${flagsOf(targetOf(options))}`,
      ...(open === undefined ? {} : { open }),
    },
  );
}

/** An environment, and how to read it. */
interface Watched {
  readonly choice: StackChoice;
  readonly connection: StackConnection;
}

function pageOf(context: Context, { choice, connection }: Watched, isLocal: boolean): ClassMember {
  return {
    name: memberName(choice),
    names: connection.names,
    token: tokenOf(context.paths, stackName(choice)),
    environment: () => currentEnvironment(context, isLocal, connection.environment),
  };
}

/** The members that the options name, else those that are deployed. */
async function watchedChoices(context: Context, options: ClassStatusOptions): Promise<StackChoice[]> {
  const target = targetOf(options);
  if (options.attendees !== undefined)
    return readRoster(options.attendees, context.cwd).attendees.map((attendee) => ({ ...target, attendee }));
  const deployed = await deployedMembers(context, target);
  const choices = deployed.filter(({ attendee }) => options.everything || attendee !== undefined);
  if (choices.length > 0) return choices;
  throw new UserError("No environment of the class is deployed: ./workshop class up --attendees 3");
}

function targetOf({ target, connection }: ClassOptions): ClassTarget {
  return { target, ...(connection === undefined ? {} : { connection }) };
}

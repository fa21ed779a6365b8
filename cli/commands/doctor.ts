import { readConfig, type WorkshopConfig } from "../../components/config";
import { workshopNames } from "../../components/naming";
import type { Engine } from "../../plugins/engine";
import type { Context, StackChoice } from "../context";
import { EXIT, messageOf } from "../errors";
import { readRoster } from "../class/roster";
import { checkAccount, checkMembers, type MemberPlan } from "../doctor/accountTarget";
import { checkClassSize } from "../doctor/classSize";
import { checkDisks, checkPlaces } from "../doctor/disk";
import { fail, warn, type Finding } from "../doctor/finding";
import { checkLocalTarget } from "../doctor/localTarget";
import { checkBackend, checkSoftware } from "../doctor/software";
import { accountEnvironment } from "../stack/connectionEnvironment";
import { stackName } from "../stack/names";

export interface DoctorOptions extends StackChoice {
  readonly json: boolean;
  /** The attendees of a class, as `class up --attendees` takes them: whether all of them can be deployed. */
  readonly class?: string;
}

/**
 * Checks that a deployment can succeed, before anything is made: programs, and on the chosen target what it needs there.
 * Makes nothing.
 *
 * @returns 1 when something would fail
 */
export async function doctor(context: Context, options: DoctorOptions): Promise<number> {
  const { terminal } = context;
  const attendees = options.class === undefined ? [] : readRoster(options.class, context.cwd).attendees;
  const findings: Finding[] = [];
  const add = (found: readonly Finding[]): void => {
    findings.push(...found);
    if (!options.json) for (const finding of found) print(context, finding);
  };
  const { findings: software, engine, missing } = await checkSoftware(context, options.target);
  add([...software, ...checkPlaces(context), ...checkDisks(context, missing)]);
  if (options.target === "local") add(await checkLocalTarget(context));
  else await checkAccountTarget(context, { choice: options, engine, attendees, add });
  if (attendees.length > 0) add(checkClassSize(context, attendees.length, options.target === "local"));
  const failed = findings.filter(({ status }) => status === "fail").length;
  const warned = findings.filter(({ status }) => status === "warn").length;
  if (options.json) terminal.result({ ok: failed === 0, findings });
  else terminal.say(summary(failed, warned));
  return failed === 0 ? EXIT.ok : EXIT.failure;
}

interface AccountCheck {
  readonly choice: StackChoice;
  readonly engine: Engine | undefined;
  /** Of a class; none where one environment is checked. */
  readonly attendees: readonly string[];
  readonly add: (findings: readonly Finding[]) => void;
}

async function checkAccountTarget(context: Context, { choice, engine, attendees, add }: AccountCheck): Promise<void> {
  if (engine) add([await checkBackend(context, engine)]);
  let connection;
  try {
    connection = accountEnvironment(context.env, choice.connection);
  } catch (error) {
    add([fail("connection", messageOf(error))]);
    return;
  }
  const env = { ...context.env, ...connection };
  let config: WorkshopConfig;
  try {
    config = await readSettings(context, choice, engine, env);
  } catch (error) {
    add([fail("settings", messageOf(error))]);
    return;
  }
  if (!engine) add([warn("settings", "cannot be read without Pulumi: the defaults are checked")]);
  const found = await checkAccount(env, { names: workshopNames(config), config });
  add(found);
  if (attendees.length === 0 || found.some(({ check, status }) => check === "login" && status === "fail")) return;
  const plans: MemberPlan[] = [];
  for (const attendee of attendees) {
    const own = await readSettings(context, { ...choice, attendee }, engine, env);
    plans.push({ attendee, names: workshopNames(own), config: own });
  }
  add(await checkMembers(env, plans));
}

/** The stack's settings, read as `up` reads them. */
async function readSettings(
  context: Context,
  choice: StackChoice,
  engine: Engine | undefined,
  env: NodeJS.ProcessEnv,
): Promise<WorkshopConfig> {
  const { readSettings } = await import("../stack/configValues.js");
  const set = engine ? await readSettings(context.paths, choice, engine) : {};
  const attendee = choice.attendee;
  return readConfig((key) => (key === "attendee" && attendee ? attendee : set[`workshop:${key}`]), {
    stack: stackName(choice),
    env,
  });
}

function print({ terminal }: Context, { check, status, detail, fix }: Finding): void {
  const { green, yellow, red, dim } = terminal.colors;
  const mark = { ok: green("ok  "), warn: yellow("warn"), fail: red("fail") }[status];
  terminal.say(`${mark}  ${check.padEnd(15)} ${detail}${fix ? dim(` → ${fix}`) : ""}`);
}

function summary(failed: number, warned: number): string {
  const warnings = warned === 0 ? "" : `, ${warned} warning${warned === 1 ? "" : "s"}`;
  return failed === 0 ? `Nothing is wrong${warnings}.` : `${failed} to fix${warnings}.`;
}

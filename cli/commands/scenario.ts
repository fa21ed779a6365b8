import type { Connection } from "snowflake-sdk";
import type { Context, StackChoice } from "../context";
import { EXIT, Interrupted, UsageError, UserError, messageOf } from "../errors";
import { advanceClock } from "../local/control";
import { findRunning } from "../local/snowglobe";
import type { Terminal } from "../output/terminal";
import { basic } from "../scenario/basic";
import { changes } from "../scenario/changes";
import { errors } from "../scenario/errors";
import { LoansBackup } from "../scenario/loansBackup";
import { monitoring } from "../scenario/monitoring";
import { fastPace, realPace, type Pace } from "../scenario/pace";
import type { Scenario, ScenarioName } from "../scenario/scenario";
import { Stage } from "../scenario/stage";
import { noteScenario } from "../scenario/reached";
import { Teller } from "../scenario/teller";
import { flagsOf, stackConnection } from "../stack/connection";
import { stackName } from "../stack/names";
import { WORKSHEET_CONNECTION } from "../worksheet/execute";
import { load } from "./load";

export interface ScenarioOptions extends StackChoice {
  readonly scenario: ScenarioName | "all";
  /** Move snowglobe's clock instead of waiting. */
  readonly fast: boolean;
  /** Do not wait for Enter. */
  readonly yes: boolean;
  /** Where all states' loans come from; the loader's default for the target otherwise. */
  readonly source?: string;
}

const SCENARIOS: readonly Scenario[] = [basic, changes, errors, monitoring];
/** Seconds between two looks: of Snowflake's clock. */
const LOOK_SECONDS = { local: 2, account: 5, fast: 5 };

/**
 * Walks through scenarios of the workshop on a deployed stack, and leaves it as it was found.
 *
 * @returns 0 when everything that was expected was seen, else 1
 */
export async function scenario(context: Context, options: ScenarioOptions): Promise<number> {
  const { terminal } = context;
  if (options.fast && options.target !== "local")
    throw new UsageError("--fast moves the clock, which only the local target has: leave it out.");
  if (!options.yes && !terminal.isInteractive) throw new UsageError("--yes must be passed in non-interactive mode");
  const { closeConnection } = await import("../../loader/connection.js");
  const { names, environment: loansEnvironment } = await stackConnection(context, options, "loader");
  const { environment: modelsEnvironment } = await stackConnection(context, options, "worksheet");
  const connections: Connection[] = [];
  try {
    const open = async (environment: Readonly<Record<string, string>>): Promise<Connection> => {
      const { connectFromEnvironment } = await import("../../loader/connection.js");
      const connection = await connectFromEnvironment({ ...context.env, ...environment }, WORKSHEET_CONNECTION);
      connections.push(connection);
      return connection;
    };
    const teller = new Teller(terminal, context.interrupt, !options.yes);
    const loadOptions = { target: options.target, ...(options.attendee ? { attendee: options.attendee } : {}) };
    const source = options.source ?? (options.target === "account" ? "public" : undefined);
    const stage = new Stage({
      names,
      teller,
      terminal,
      interrupt: context.interrupt,
      pace: await paceOf(context, options),
      models: await open(modelsEnvironment),
      loans: await open(loansEnvironment),
      ...(loansEnvironment.SNOWFLAKE_ROLE === names.loaderRole ? { loansRole: names.loaderRole } : {}),
      load: (states) =>
        load(context, {
          ...loadOptions,
          ...(options.connection ? { connection: options.connection } : {}),
          ...(source ? { source } : {}),
          ...(states === "all" ? {} : { states }),
          quiet: true,
        }),
      loadCommand: (states) =>
        `$ ./workshop load${flagsOf(options)}${source ? ` --source ${source}` : ""}${states === "all" ? "" : ` --states ${states}`}`,
    });
    await play(context, options, stage, new LoansBackup(connections[1]!, stage.raw));
    return conclude(context, teller);
  } finally {
    await Promise.all(connections.map((connection) => closeConnection(connection)));
  }
}

async function play(context: Context, options: ScenarioOptions, stage: Stage, backup: LoansBackup): Promise<void> {
  const { terminal } = context;
  const chosen = await chooseScenarios(options, stage, (line) => terminal.say(line));
  if (await backup.exists()) {
    terminal.say("An earlier scenario was ended in its midst: its loans are brought back first.");
    await backup.restore();
  }
  const changesLoans = chosen.some((one) => one.changesLoans) || !(await holdsCalifornia(stage));
  if (changesLoans) await backup.take();
  try {
    for (const [index, one] of chosen.entries()) {
      await prepare(stage, terminal.say.bind(terminal));
      stage.teller.title(`Scenario ${index + 1} of ${chosen.length}`, one.title, one.about);
      const { missed } = stage.teller;
      const before = missed.length;
      await one.play(stage);
      if (missed.length === before) noteScenario(context.paths, stackName(options), one.name);
    }
  } finally {
    // Also after Ctrl-C: waits ask for it, statements do not.
    if (changesLoans) await bringBack(terminal, stage, backup);
  }
  if (changesLoans) await stage.refreshed(await stage.now());
}

async function chooseScenarios(
  { scenario: name }: ScenarioOptions,
  stage: Stage,
  say: (line: string) => void,
): Promise<readonly Scenario[]> {
  const { names } = stage;
  const schema = `${names.analyticsDatabase}.${names.analyticsSchema}`;
  const isWatched = (await stage.look(`SHOW TASKS LIKE '${names.captureTask}' IN SCHEMA ${schema}`)).length > 0;
  const missing = "this stack has no monitoring (setting workshop:monitoring)";
  if (name === "monitoring" && !isWatched) throw new UserError(`Scenario monitoring cannot be played: ${missing}.`);
  if (name === "all" && !isWatched) say(`Scenario monitoring is left out: ${missing}.`);
  return SCENARIOS.filter((one) => (name === "all" ? isWatched || one !== monitoring : one.name === name));
}

/** Whether the raw table holds all of California's loans, as the last load brought them, and nothing else. */
async function holdsCalifornia(stage: Stage): Promise<boolean> {
  const raw = await stage.loansByState(stage.raw);
  const standard = await stage.loansByState(stage.standardTable);
  return raw.size === 1 && raw.has("CA") && raw.get("CA") === (standard.get("CA") ?? raw.get("CA"));
}

/** Every scenario begins with California's loans, and with dynamic tables that have seen all changes of them. */
async function prepare(stage: Stage, say: (line: string) => void): Promise<void> {
  if (!(await holdsCalifornia(stage))) {
    say("");
    say("A scenario begins with California's loans only:");
    await stage.load("CA");
  }
  const dynamic = await stage.loansByState(stage.dynamicTable);
  const raw = await stage.loansByState(stage.raw);
  const knows = dynamic.size === 1 && dynamic.get("CA") === raw.get("CA");
  if (!knows || (await stage.isBehind())) await stage.refreshed(await stage.now());
}

async function bringBack(terminal: Terminal, stage: Stage, backup: LoansBackup): Promise<void> {
  terminal.say();
  try {
    await backup.restore();
    terminal.say("The loans are again what they were before.");
  } catch (error) {
    throw new UserError(
      `The loans could not be brought back (${messageOf(error)}): they stand in ${stage.raw}_BEFORE_SCENARIO, ` +
        "and the next scenario tries again.",
    );
  }
}

async function paceOf(context: Context, options: ScenarioOptions): Promise<Pace> {
  if (!options.fast) return realPace(LOOK_SECONDS[options.target]);
  const { paths } = context;
  const running = await findRunning(paths);
  if (!running) throw new UserError("snowglobe does not run any more: ./workshop local start");
  return fastPace(LOOK_SECONDS.fast, (seconds) => advanceClock(paths.snowglobe, running.port, seconds));
}

function conclude({ terminal, interrupt }: Context, teller: Teller): number {
  if (interrupt.signal.aborted) throw new Interrupted();
  const { green, red } = terminal.colors;
  const { missed, seen } = teller;
  if (missed.length === 0) {
    terminal.say(green(`Everything was seen as expected (${seen} expectations).`));
    return EXIT.ok;
  }
  terminal.complain(red(`${missed.length} of ${missed.length + seen} expectations were not seen:`));
  for (const line of missed) terminal.complain(`  ${line}`);
  return EXIT.failure;
}

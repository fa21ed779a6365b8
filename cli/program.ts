import { Argument, Command, Option } from "commander";
import { DASHBOARD_PORT } from "../components/dashboardAddress";
import type { Subject } from "./commands/bench";
import type { Promised } from "./commands/proof";
import { addClassCommands } from "./classProgram";
import type { StackChoice } from "./context";
import { EXIT, UsageError } from "./errors";
import { commands } from "./lazy";
import {
  attendeeAmong,
  choice,
  parseCount,
  parseInterval,
  parsePort,
  parseScenario,
  takeEverywhere,
  withStack,
  type MakeContext,
  type StackFlags,
} from "./options";
import { SCENARIO_NAMES, type ScenarioName } from "./scenario/scenario";
import { isForPeople, RESULT_FORMATS, type ResultFormat } from "./worksheet/resultFormat";

export interface Program {
  readonly command: Command;
  /** Exit code of the command that ran. */
  readonly exitCode: () => number;
}

interface Flags extends StackFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly diff?: boolean;
  readonly markdown?: boolean;
  readonly base?: string;
  readonly all?: boolean;
  readonly expectNoChanges?: boolean;
}

interface BenchFlags {
  readonly json?: boolean;
  readonly maxRows?: number;
  readonly budgets?: boolean;
  readonly attendees?: number;
}

interface SqlFlags extends StackFlags {
  readonly query?: string;
  readonly format: ResultFormat;
  readonly step?: boolean;
  readonly shell?: boolean;
  readonly continueOnError?: boolean;
}

/** The command line. Commands are loaded when they are called: some bring the whole engine's API. */
export function createProgram(makeContext: MakeContext): Program {
  let code: number = EXIT.ok;
  const program = new Command("workshop")
    .description(
      'The workshop "Snowflake dynamic tables with dbt": an environment of your own, local or in an account.',
    )
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .addHelpText("after", "\nStart with: ./workshop up\n");
  takeEverywhere(program);

  withStack(program.command("up"))
    .description("set up what is missing and deploy the stack")
    .option("-y, --yes", "do not ask (the local target never does)")
    .option("--json", "print the result as JSON")
    .option("--expect-no-changes", "fail when anything changes")
    .action(async (flags: Flags) => {
      const { up } = commands.up();
      await up(makeContext(isJson(flags)), { ...choice(flags), ...switches(flags) });
    });

  withStack(program.command("preview"))
    .description("show what up would change")
    .option("--diff", "show each property that changes")
    .option("--json", "print the changes as JSON")
    .option("--markdown", "print the text of a comment on a pull request, with the dbt project's differences")
    .option("--base <revision>", "with --markdown: what the dbt project is compared with (default: the main branch)")
    .option("--expect-no-changes", "fail when anything would change")
    .action(async (flags: Flags) => {
      const { preview } = commands.preview();
      const { diff = false, markdown = false, base } = flags;
      await preview(makeContext(isJson(flags) || markdown), {
        ...{ ...choice(flags), ...switches(flags), diff, markdown },
        ...(base === undefined ? {} : { base }),
      });
    });

  withStack(program.command("refresh"))
    .description("find what was changed by hand")
    .option("-y, --yes", "do not ask (the local target never does)")
    .option("--json", "print what differs as JSON")
    .option("--expect-no-changes", "fail when anything differs")
    .action(async (flags: Flags) => {
      const { refresh } = commands.refresh();
      await refresh(makeContext(isJson(flags)), { ...choice(flags), ...switches(flags) });
    });

  withStack(program.command("destroy"))
    .description("delete everything that up made")
    .option("-y, --yes", "do not ask")
    .option("--json", "print the result as JSON")
    .option("--force", "delete also what others put into the stack's databases")
    .option("--all", "every stack of the target")
    .action(async (flags: Flags) => {
      if (flags.all) {
        const { classDestroy } = commands.class();
        const { yes = false, force = false } = flags;
        const options = { ...allOf(flags), yes, force, everything: true };
        code = await classDestroy(makeContext(isJson(flags)), options);
        return;
      }
      const { destroy } = commands.destroy();
      const { force = false } = flags;
      await destroy(makeContext(isJson(flags)), { ...choice(flags), ...switches(flags), force });
    });

  withStack(program.command("status"))
    .description("show the stack, its dynamic tables and snowglobe")
    .option("--json", "print it as JSON")
    .option("--all", "every stack of the target, in a line each")
    .action(async (flags: Flags) => {
      if (flags.all) {
        const { classStatus } = commands.classLook();
        code = await classStatus(makeContext(isJson(flags)), { ...allOf(flags), everything: true });
        return;
      }
      const { status } = commands.status();
      await status(makeContext(isJson(flags)), { ...choice(flags), json: isJson(flags) });
    });

  withStack(program.command("dashboard"))
    .description("serve a live page of the stack's tables, lags, failures, runs and mails, until Ctrl-C")
    .option("--port <port>", "TCP port; 0 lets the system choose", parsePort, DASHBOARD_PORT)
    .option("--interval <seconds>", "seconds between two looks, 1 to 3600", parseInterval, 5)
    .addOption(new Option("--open", "open it in a browser (default: where there is a screen)"))
    .addOption(new Option("--no-open", "only print its address"))
    .action(async (flags: StackFlags & { port: number; interval: number; open?: boolean }) => {
      const { dashboard } = commands.dashboard();
      const { port, interval, open } = flags;
      await dashboard(makeContext(false), { ...choice(flags), port, intervalSeconds: interval, open });
    });

  withStack(program.command("doctor"))
    .description("check that up can succeed, before anything is made; each finding with what mends it")
    .option("--json", "print the findings as JSON")
    .action(async (flags: Flags) => {
      const { doctor } = commands.doctor();
      code = await doctor(makeContext(isJson(flags)), { ...choice(flags), json: isJson(flags) });
    });

  withStack(program.command("load"))
    .description("replace the loans by those of a source; all states unless --states says otherwise")
    .option("--source <source>", "URL or path of a csv or csv.gz file, 'public', or 'sample' (synthetic)")
    .option("--states <codes>", "load these states only, as CA,NY")
    .option("--json", "print the report as JSON")
    .option("--quiet", "show no progress")
    .action(async (flags: Flags & { source?: string; states?: string; quiet?: boolean }) => {
      const { load } = commands.load();
      code = await load(makeContext(isJson(flags)), { ...choice(flags), ...flags });
    });

  withStack(program.command("dbt"))
    .description("run dbt on the workshop's project, as in: ./workshop dbt build --select stg_personal_loans")
    .argument("[arguments...]", "dbt's own arguments")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: StackFlags) => {
      const { runDbt } = commands.dbt();
      const own = attendeeAmong(args, flags);
      code = await runDbt(makeContext(false), choice(own.flags), own.args);
    });

  withStack(program.command("pulumi"))
    .description("run Pulumi on the workshop's program, as in: ./workshop pulumi stack ls")
    .argument("[arguments...]", "Pulumi's own arguments")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: StackFlags) => {
      const { runPulumi } = commands.pulumi();
      // Standard output is the engine's.
      const own = attendeeAmong(args, flags);
      code = await runPulumi(makeContext(true), choice(own.flags), own.args);
    });

  withStack(program.command("sql"))
    .description("run a worksheet, as sql/script.sql, statement by statement; without one: a prompt")
    .argument("[file]", "the worksheet; - is standard input")
    .option("-q, --query <text>", "run these statements instead of a file")
    .addOption(new Option("--format <format>", "how results are written").choices(RESULT_FORMATS).default("table"))
    .option("--step", "wait for Enter before each statement")
    .option("--shell", "run the worksheet's steps for a terminal too (-- shell: ./workshop load)")
    .option("--continue-on-error", "go on after a statement that fails; the exit code is 1 all the same")
    .action(async (file: string | undefined, flags: SqlFlags) => {
      const { sql } = commands.sql();
      const { query, format, step = false, shell = false, continueOnError = false } = flags;
      code = await sql(makeContext(!isForPeople(format)), {
        ...choice(flags),
        ...{ file, query, format, step, shell, continueOnError },
      });
    });

  withStack(program.command("scenario"))
    .description("walk through a scenario of the workshop; leaves everything as it was")
    .argument("<scenario>", `${SCENARIO_NAMES.join(", ")} or all`, parseScenario)
    .option("--fast", "move snowglobe's clock instead of waiting (local target)")
    .option("-y, --yes", "do not wait for Enter between the steps")
    .option("--source <source>", "where the loans come from, as for load")
    .action(async (name: ScenarioName | "all", flags: Flags & { fast?: boolean; source?: string }) => {
      const { scenario } = commands.scenario();
      const { fast = false, yes = false, source } = flags;
      const options = { ...choice(flags), scenario: name, fast, yes };
      code = await scenario(makeContext(false), source === undefined ? options : { ...options, source });
    });

  addLocalCommands(program, makeContext, (c) => (code = c));
  addClassCommands(program, makeContext, (c) => (code = c));

  program
    .command("test")
    .description("check types, lint and format, and run the tests")
    .option("--quick", "leave out what needs the engine, dbt or long; about three minutes")
    .argument("[arguments...]", "jest's own arguments, as paths of tests")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: { quick?: boolean }) => {
      const { test } = commands.test();
      // jest's arguments may stand before --quick.
      const quick = flags.quick ?? args.includes("--quick");
      code = await test(makeContext(false), { quick, args: args.filter((arg) => arg !== "--quick") });
    });

  program
    .command("bench")
    .description("measure")
    .addOption(new Option("--json", "print the measurements as JSON"))
    .addOption(
      new Option("--max-rows <count>", "rows of the largest table, of refresh and results").argParser(parseCount),
    )
    .addOption(new Option("--attendees <count>", "class: how many (default: 30)").argParser(parseCount))
    .addOption(new Option("--budgets", "refresh: only what has a budget, at the two largest base tables"))
    .addArgument(
      new Argument(
        "<what>",
        "up: the commands; class: many environments; sql: statements beside DuckDB and fakesnow; results: large results; refresh: dynamic tables",
      ).choices(["up", "class", "sql", "results", "refresh"]),
    )
    .action(async (what: Subject, flags: BenchFlags) => {
      const { bench } = commands.bench();
      code = await bench(makeContext(false), what, {
        json: flags.json ?? false,
        ...(flags.maxRows === undefined ? {} : { maxRows: flags.maxRows }),
        ...(flags.budgets ? { budgets: true } : {}),
        ...(flags.attendees === undefined ? {} : { attendees: flags.attendees }),
      });
    });

  program
    .command("proof")
    .description("prove what is promised of snowglobe")
    .addOption(new Option("--json", "print what was found as JSON"))
    .addOption(new Option("--cycles <count>", "kill: how often").argParser(parseCount))
    .addArgument(
      new Argument(
        "<what>",
        "attack: nothing that is sent stops it or makes others wait; kill: nothing is lost",
      ).choices(["attack", "kill"]),
    )
    .action(async (what: Promised, flags: { json?: boolean; cycles?: number }) => {
      const { proof } = commands.proof();
      code = await proof(makeContext(false), what, {
        json: flags.json ?? false,
        ...(flags.cycles === undefined ? {} : { cycles: flags.cycles }),
      });
    });

  return { command: program, exitCode: () => code };
}

function addLocalCommands(program: Command, makeContext: MakeContext, end: (code: number) => void): void {
  const local = program.command("local").description("snowglobe, the Snowflake stand-in on this computer");
  local
    .command("start")
    .description("start it in the background")
    .option("--port <port>", "TCP port; 0 lets the system choose (default: 8437)", parsePort)
    .action(async (flags: { port?: number }) => {
      const { localStart } = commands.local();
      await localStart(makeContext(false), flags);
    });
  local
    .command("stop")
    .description("stop it; its data stay")
    .action(async () => {
      const { localStop } = commands.local();
      await localStop(makeContext(false));
    });
  local
    .command("status")
    .description("tell whether it runs (exit code 0) or not (1)")
    .option("--json", "print it as JSON")
    .action(async (flags: Flags) => {
      const { localStatus } = commands.local();
      end(await localStatus(makeContext(isJson(flags)), { json: isJson(flags) }));
    });
  local
    .command("env")
    .description('start it and print what plain pulumi needs to use it: eval "$(./workshop local env)"')
    .action(async () => {
      const { localEnv } = commands.localEnv();
      await localEnv(makeContext(true));
    });
  local
    .command("reset")
    .description("stop it and delete its data")
    .option("-y, --yes", "do not ask")
    .option("--state", "delete the local stacks' state too, when it is beyond repair")
    .action(async (flags: { yes?: boolean; state?: boolean }) => {
      const { localReset } = commands.local();
      await localReset(makeContext(false), { yes: flags.yes ?? false, state: flags.state ?? false });
    });
  local
    .command("logs")
    .description("print its log")
    .option("-f, --follow", "go on as it grows, until Ctrl-C")
    .action(async (flags: { follow?: boolean }) => {
      const { localLogs } = commands.local();
      await localLogs(makeContext(false), { follow: flags.follow ?? false });
    });
}

function switches(flags: Flags): { yes: boolean; json: boolean; expectNoChanges: boolean } {
  return { yes: flags.yes ?? false, json: isJson(flags), expectNoChanges: flags.expectNoChanges ?? false };
}

function isJson(flags: { readonly json?: boolean }): boolean {
  return flags.json ?? false;
}

/** The options of a command on every stack of a target. */
function allOf(flags: Flags): Omit<StackChoice, "attendee"> & { json: boolean } {
  if (flags.attendee !== undefined) throw new UsageError("--all and --attendee do not go together.");
  return { ...choice(flags), json: isJson(flags) };
}

import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Subject } from "./commands/bench";
import type { Context, StackChoice, TargetName } from "./context";
import { EXIT } from "./errors";
import { commands } from "./lazy";
import { checkAttendee } from "./stack/names";

/** Makes the context of a command. */
export type MakeContext = (json: boolean) => Context;

export interface Program {
  readonly command: Command;
  /** Exit code of the command that ran. */
  readonly exitCode: () => number;
}

interface StackFlags {
  readonly attendee?: string;
  readonly target: TargetName;
}

interface Flags extends StackFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly expectNoChanges?: boolean;
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
    .option("--expect-no-changes", "fail when anything would change")
    .action(async (flags: Flags) => {
      const { preview } = commands.preview();
      await preview(makeContext(isJson(flags)), { ...choice(flags), ...switches(flags), diff: flags.diff ?? false });
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
    .action(async (flags: Flags) => {
      const { destroy } = commands.destroy();
      await destroy(makeContext(isJson(flags)), { ...choice(flags), ...switches(flags) });
    });

  withStack(program.command("status"))
    .description("show the stack, its dynamic tables and snowglobe")
    .option("--json", "print it as JSON")
    .action(async (flags: Flags) => {
      const { status } = commands.status();
      await status(makeContext(isJson(flags)), { ...choice(flags), json: isJson(flags) });
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
      code = await runDbt(makeContext(false), choice(flags), args);
    });

  addLocalCommands(program, makeContext, (c) => (code = c));

  program
    .command("test")
    .description("check types, lint and format, and run the tests")
    .option("--quick", "leave out what needs the engine or dbt; under two minutes")
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
    .addOption(new Option("--max-rows <count>", "refresh: rows of the largest base table").argParser(parseCount))
    .addArgument(
      new Argument("<what>", "up: the commands up, preview, destroy and local start; refresh: dynamic tables").choices([
        "up",
        "refresh",
      ]),
    )
    .action(async (what: Subject, flags: { json?: boolean; maxRows?: number }) => {
      const { bench } = commands.bench();
      code = await bench(makeContext(false), what, {
        json: flags.json ?? false,
        ...(flags.maxRows === undefined ? {} : { maxRows: flags.maxRows }),
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

function withStack(command: Command): Command {
  return command
    .addOption(new Option("--attendee <name>", "environment of this attendee (default: the workshop's own names)"))
    .addOption(new Option("--target <target>", "where to deploy").choices(["local", "account"]).default("local"));
}

function choice({ attendee, target }: StackFlags): StackChoice {
  return attendee === undefined ? { target } : { target, attendee: checkAttendee(attendee) };
}

function switches(flags: Flags): { yes: boolean; json: boolean; expectNoChanges: boolean } {
  return { yes: flags.yes ?? false, json: isJson(flags), expectNoChanges: flags.expectNoChanges ?? false };
}

function isJson(flags: { readonly json?: boolean }): boolean {
  return flags.json ?? false;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("give a port from 0 to 65535.");
  return port;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("give a whole number above zero.");
  return Number(text);
}

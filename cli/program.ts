import { Command } from "commander";
import { bench } from "./commandLine/bench";
import { classCommands } from "./commandLine/class";
import { dashboard } from "./commandLine/dashboard";
import { dbt } from "./commandLine/dbt";
import { destroy } from "./commandLine/destroy";
import { doctor } from "./commandLine/doctor";
import { load } from "./commandLine/load";
import { local } from "./commandLine/local";
import { preview } from "./commandLine/preview";
import { proof } from "./commandLine/proof";
import { pulumi } from "./commandLine/pulumi";
import { refresh } from "./commandLine/refresh";
import { scenario } from "./commandLine/scenario";
import { sql } from "./commandLine/sql";
import { status } from "./commandLine/status";
import { suite } from "./commandLine/suite";
import { test } from "./commandLine/test";
import { up } from "./commandLine/up";
import { takeEverywhere, type Host, type Register } from "./commandLine/options";
import { EXIT } from "./errors";

export interface Program {
  readonly command: Command;
  /** Exit code of the command that ran. */
  readonly exitCode: () => number;
}

/** In the order of the help. Each brings its own options, and loads what it does when it is called. */
const COMMANDS: readonly Register[] = [
  up,
  preview,
  refresh,
  destroy,
  status,
  dashboard,
  doctor,
  load,
  dbt,
  pulumi,
  sql,
  scenario,
  local,
  classCommands,
  test,
  bench,
  proof,
  suite,
];

/** The command line. */
export function createProgram(context: Host["context"]): Program {
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
  for (const register of COMMANDS) register(program, { context, end: (ended) => (code = ended) });
  return { command: program, exitCode: () => code };
}

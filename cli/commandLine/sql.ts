import { Option } from "commander";
import { RESULT_FORMATS, isForPeople, type ResultFormat } from "../worksheet/resultFormat";
import { withStack, choice, type StackFlags, type Register } from "./options";

interface SqlFlags extends StackFlags {
  readonly query?: string;
  readonly format: ResultFormat;
  readonly step?: boolean;
  readonly shell?: boolean;
  readonly continueOnError?: boolean;
}

export const sql: Register = (program, host) => {
  withStack(program.command("sql"))
    .description("run a worksheet, as sql/script.sql, statement by statement; without one: a prompt")
    .argument("[file]", "the worksheet; - is standard input")
    .option("-q, --query <text>", "run these statements instead of a file")
    .addOption(new Option("--format <format>", "how results are written").choices(RESULT_FORMATS).default("table"))
    .option("--step", "wait for Enter before each statement")
    .option("--shell", "run the worksheet's steps for a terminal too (-- shell: ./workshop load)")
    .option("--continue-on-error", "go on after a statement that fails; the exit code is 1 all the same")
    .action(async (file: string | undefined, flags: SqlFlags) => {
      const { sql } = await import("../commands/sql.js");
      const { query, format, step = false, shell = false, continueOnError = false } = flags;
      host.end(
        await sql(host.context(!isForPeople(format)), {
          ...choice(flags),
          ...{ file, query, format, step, shell, continueOnError },
        }),
      );
    });
};

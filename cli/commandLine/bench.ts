import { Argument, Option } from "commander";
import type { Subject } from "../commands/bench";
import { parseCount, type Register } from "./options";

interface BenchFlags {
  readonly json?: boolean;
  readonly maxRows?: number;
  readonly budgets?: boolean;
  readonly attendees?: number;
}

export const bench: Register = (program, host) => {
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
        "all: all but class, into docs/benchmarks.md; up: the commands; class: many environments; sql: statements beside DuckDB and fakesnow; results: large results; refresh: dynamic tables",
      ).choices(["all", "up", "class", "sql", "results", "refresh"]),
    )
    .action(async (what: Subject, flags: BenchFlags) => {
      const { bench } = await import("../commands/bench.js");
      host.end(
        await bench(host.context(false), what, {
          json: flags.json ?? false,
          ...(flags.maxRows === undefined ? {} : { maxRows: flags.maxRows }),
          ...(flags.budgets ? { budgets: true } : {}),
          ...(flags.attendees === undefined ? {} : { attendees: flags.attendees }),
        }),
      );
    });
};

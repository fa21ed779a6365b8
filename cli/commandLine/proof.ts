import { Argument, Option } from "commander";
import type { Promised } from "../commands/proof";
import { parseCount, type Register } from "./options";

interface ProofFlags {
  readonly json?: boolean;
  readonly cycles?: number;
  readonly seconds?: number;
  readonly sessions?: number;
  readonly count?: number;
}

export const proof: Register = (program, host) => {
  program
    .command("proof")
    .description("prove what is promised of snowglobe")
    .addOption(new Option("--json", "print what was found as JSON"))
    .addOption(new Option("--cycles <count>", "kill, tpc: how often").argParser(parseCount))
    .addOption(new Option("--seconds <seconds>", "load, isolation: how long").argParser(parseCount))
    .addOption(new Option("--sessions <count>", "load: how many at once (default: 16)").argParser(parseCount))
    .addOption(new Option("--count <refreshes>", "refresh: how many at least").argParser(parseCount))
    .addArgument(
      new Argument(
        "<what>",
        "attack: nothing that is sent stops it or makes others wait; kill: nothing is lost; " +
          "load: many sessions against a model; isolation: what sessions see of each other; " +
          "refresh: EXPLAIN CHANGES says what each refresh does; tpc: the queries of TPC-H and a warehouse like TPC-DI's",
      ).choices(["attack", "kill", "load", "isolation", "refresh", "tpc"]),
    )
    .action(async (what: Promised, flags: ProofFlags) => {
      const { proof } = await import("../commands/proof.js");
      host.end(
        await proof(host.context(false), what, {
          json: flags.json ?? false,
          ...(flags.cycles === undefined ? {} : { cycles: flags.cycles }),
          ...(flags.seconds === undefined ? {} : { seconds: flags.seconds }),
          ...(flags.sessions === undefined ? {} : { sessions: flags.sessions }),
          ...(flags.count === undefined ? {} : { count: flags.count }),
        }),
      );
    });
};

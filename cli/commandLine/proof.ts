import { Argument, Option } from "commander";
import type { Promised } from "../commands/proof";
import { parseCount, type Register } from "./options";

export const proof: Register = (program, host) => {
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
      const { proof } = await import("../commands/proof.js");
      host.end(
        await proof(host.context(false), what, {
          json: flags.json ?? false,
          ...(flags.cycles === undefined ? {} : { cycles: flags.cycles }),
        }),
      );
    });
};

import { Argument } from "commander";
import { SUITES, type SuiteName } from "../test/suites";
import type { Register } from "./options";

export const suite: Register = (program, host) => {
  program
    .command("suite")
    .description("run tools that others made, as they are, against a snowglobe of the tests' own")
    .addArgument(new Argument("[names...]", "which; without any all").choices(Object.keys(SUITES)))
    .action(async (names: readonly SuiteName[]) => {
      const { suite: run } = await import("../commands/suite.js");
      host.end(await run(host.context(false), names));
    });
};

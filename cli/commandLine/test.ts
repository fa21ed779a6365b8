import type { Register } from "./options";

export const test: Register = (program, host) => {
  program
    .command("test")
    .description("check types, lint and format, and run the tests")
    .option("--quick", "leave out what needs the engine, dbt or long; about three minutes")
    .argument("[arguments...]", "jest's own arguments, as paths of tests")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: { quick?: boolean }) => {
      const { test } = await import("../commands/test.js");
      // jest's arguments may stand before --quick.
      const quick = flags.quick ?? args.includes("--quick");
      host.end(await test(host.context(false), { quick, args: args.filter((arg) => arg !== "--quick") }));
    });
};

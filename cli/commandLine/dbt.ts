import { withStack, choice, attendeeAmong, type StackFlags, type Register } from "./options";

export const dbt: Register = (program, host) => {
  withStack(program.command("dbt"))
    .description("run dbt on the workshop's project, as in: ./workshop dbt build --select stg_personal_loans")
    .argument("[arguments...]", "dbt's own arguments")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: StackFlags) => {
      const { runDbt } = await import("../commands/dbt.js");
      const own = attendeeAmong(args, flags);
      host.end(await runDbt(host.context(false), choice(own.flags), own.args));
    });
};

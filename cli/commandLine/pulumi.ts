import { withStack, choice, attendeeAmong, type StackFlags, type Register } from "./options";

export const pulumi: Register = (program, host) => {
  withStack(program.command("pulumi"))
    .description("run Pulumi on the workshop's program, as in: ./workshop pulumi stack ls")
    .argument("[arguments...]", "Pulumi's own arguments")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: StackFlags) => {
      const { runPulumi } = await import("../commands/pulumi.js");
      // Standard output is the engine's.
      const own = attendeeAmong(args, flags);
      host.end(await runPulumi(host.context(true), choice(own.flags), own.args));
    });
};

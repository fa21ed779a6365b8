import { withStack, choice, isJson, allOf, type Register, type CommonFlags } from "./options";

export const status: Register = (program, host) => {
  withStack(program.command("status"))
    .description("show the stack, its dynamic tables and snowglobe")
    .option("--json", "print it as JSON")
    .option("--all", "every stack of the target, in a line each")
    .action(async (flags: CommonFlags) => {
      if (flags.all) {
        const { classStatus } = await import("../commands/classLook.js");
        host.end(await classStatus(host.context(isJson(flags)), { ...allOf(flags), everything: true }));
        return;
      }
      const { status } = await import("../commands/status.js");
      await status(host.context(isJson(flags)), { ...choice(flags), json: isJson(flags) });
    });
};

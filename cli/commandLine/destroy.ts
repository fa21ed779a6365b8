import { withStack, choice, switches, isJson, allOf, type Register, type CommonFlags } from "./options";

export const destroy: Register = (program, host) => {
  withStack(program.command("destroy"))
    .description("delete everything that up made")
    .option("-y, --yes", "do not ask")
    .option("--json", "print the result as JSON")
    .option("--force", "delete also what others put into the stack's databases")
    .option("--all", "every stack of the target")
    .action(async (flags: CommonFlags) => {
      if (flags.all) {
        const { classDestroy } = await import("../commands/class.js");
        const { yes = false, force = false } = flags;
        const options = { ...allOf(flags), yes, force, everything: true };
        host.end(await classDestroy(host.context(isJson(flags)), options));
        return;
      }
      const { destroy } = await import("../commands/destroy.js");
      const { force = false } = flags;
      await destroy(host.context(isJson(flags)), { ...choice(flags), ...switches(flags), force });
    });
};

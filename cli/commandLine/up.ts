import { withStack, choice, switches, isJson, type Register, type CommonFlags } from "./options";

export const up: Register = (program, host) => {
  withStack(program.command("up"))
    .description("set up what is missing and deploy the stack")
    .option("-y, --yes", "do not ask (the local target never does)")
    .option("--json", "print the result as JSON")
    .option("--expect-no-changes", "fail when anything changes")
    .action(async (flags: CommonFlags) => {
      const { up } = await import("../commands/up.js");
      await up(host.context(isJson(flags)), { ...choice(flags), ...switches(flags) });
    });
};

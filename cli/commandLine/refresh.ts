import { withStack, choice, switches, isJson, type Register, type CommonFlags } from "./options";

export const refresh: Register = (program, host) => {
  withStack(program.command("refresh"))
    .description("find what was changed by hand")
    .option("-y, --yes", "do not ask (the local target never does)")
    .option("--json", "print what differs as JSON")
    .option("--expect-no-changes", "fail when anything differs")
    .action(async (flags: CommonFlags) => {
      const { refresh } = await import("../commands/refresh.js");
      await refresh(host.context(isJson(flags)), { ...choice(flags), ...switches(flags) });
    });
};

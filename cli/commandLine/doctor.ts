import { withStack, choice, isJson, type Register, type CommonFlags } from "./options";

export const doctor: Register = (program, host) => {
  withStack(program.command("doctor"))
    .description("check that up can succeed, before anything is made; each finding with what mends it")
    .option("--json", "print the findings as JSON")
    .action(async (flags: CommonFlags) => {
      const { doctor } = await import("../commands/doctor.js");
      host.end(await doctor(host.context(isJson(flags)), { ...choice(flags), json: isJson(flags) }));
    });
};

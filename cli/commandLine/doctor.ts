import { withStack, choice, isJson, type Register, type CommonFlags } from "./options";

export const doctor: Register = (program, host) => {
  withStack(program.command("doctor"))
    .description("check that up can succeed, before anything is made; each finding with what fixes it")
    .option("--class <attendees>", "check that a whole class can be deployed: a number, names, or a CSV file")
    .option("--json", "print the findings as JSON")
    .action(async (flags: CommonFlags & { class?: string }) => {
      const { doctor } = await import("../commands/doctor.js");
      host.end(
        await doctor(host.context(isJson(flags)), {
          ...choice(flags),
          ...(flags.class === undefined ? {} : { class: flags.class }),
          json: isJson(flags),
        }),
      );
    });
};

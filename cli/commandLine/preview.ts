import { withStack, choice, switches, isJson, type Register, type CommonFlags } from "./options";

export const preview: Register = (program, host) => {
  withStack(program.command("preview"))
    .description("show what up would change")
    .option("--diff", "show each property that changes")
    .option("--json", "print the changes as JSON")
    .option("--markdown", "print the text of a comment on a pull request, with the dbt project's differences")
    .option("--base <revision>", "with --markdown: what the dbt project is compared with (default: the main branch)")
    .option("--expect-no-changes", "fail when anything would change")
    .action(async (flags: CommonFlags) => {
      const { preview } = await import("../commands/preview.js");
      const { diff = false, markdown = false, base } = flags;
      await preview(host.context(isJson(flags) || markdown), {
        ...{ ...choice(flags), ...switches(flags), diff, markdown },
        ...(base === undefined ? {} : { base }),
      });
    });
};

import { withStack, choice, isJson, type Register, type CommonFlags } from "./options";

export const load: Register = (program, host) => {
  withStack(program.command("load"))
    .description("replace the loans by those of a source; all states unless --states says otherwise")
    .option("--source <source>", "URL or path of a csv or csv.gz file, 'public', or 'sample' (synthetic)")
    .option("--states <codes>", "load these states only, as CA,NY")
    .option("--json", "print the report as JSON")
    .option("--quiet", "show no progress")
    .action(async (flags: CommonFlags & { source?: string; states?: string; quiet?: boolean }) => {
      const { load } = await import("../commands/load.js");
      host.end(await load(host.context(isJson(flags)), { ...choice(flags), ...flags }));
    });
};

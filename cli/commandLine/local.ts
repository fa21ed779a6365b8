import { parsePort, isJson, type Register, type CommonFlags } from "./options";

/** The commands of snowglobe alone. */
export const local: Register = (program, host) => {
  const group = program.command("local").description("snowglobe, the Snowflake stand-in on this computer");
  group
    .command("start")
    .description("start it in the background")
    .option("--port <port>", "TCP port; 0 lets the system choose (default: 8437)", parsePort)
    .action(async (flags: { port?: number }) => {
      const { localStart } = await import("../commands/local.js");
      await localStart(host.context(false), flags);
    });
  group
    .command("stop")
    .description("stop it; its data stay")
    .action(async () => {
      const { localStop } = await import("../commands/local.js");
      await localStop(host.context(false));
    });
  group
    .command("status")
    .description("tell whether it runs (exit code 0) or not (1)")
    .option("--json", "print it as JSON")
    .action(async (flags: CommonFlags) => {
      const { localStatus } = await import("../commands/local.js");
      host.end(await localStatus(host.context(isJson(flags)), { json: isJson(flags) }));
    });
  group
    .command("env")
    .description('start it and print what plain pulumi needs to use it: eval "$(./workshop local env)"')
    .action(async () => {
      const { localEnv } = await import("../commands/localEnv.js");
      await localEnv(host.context(true));
    });
  group
    .command("reset")
    .description("stop it and delete its data")
    .option("-y, --yes", "do not ask")
    .option("--state", "delete the local stacks' state too, when it is beyond repair")
    .action(async (flags: { yes?: boolean; state?: boolean }) => {
      const { localReset } = await import("../commands/local.js");
      await localReset(host.context(false), { yes: flags.yes ?? false, state: flags.state ?? false });
    });
  group
    .command("logs")
    .description("print its log")
    .option("-f, --follow", "go on as it grows, until Ctrl-C")
    .action(async (flags: { follow?: boolean }) => {
      const { localLogs } = await import("../commands/local.js");
      await localLogs(host.context(false), { follow: flags.follow ?? false });
    });
};

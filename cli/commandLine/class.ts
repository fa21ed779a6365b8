import { Option, type Command } from "commander";
import { DASHBOARD_PORT } from "../../components/dashboardAddress";
import type { ClassOptions } from "../commands/class";
import { SCENARIO_NAMES, type ScenarioName } from "../scenario/scenario";
import {
  choice,
  parsePort,
  parseInterval,
  parseScenario,
  parseCount,
  parseAddress,
  isJson,
  withTarget,
  type StackFlags,
  type Register,
} from "./options";

interface ClassFlags extends StackFlags {
  readonly attendees?: string;
  readonly parallel?: number;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** The commands for a whole class: each does to every attendee's environment what its namesake does to one. */
export const classCommands: Register = (program, host) => {
  const group = program.command("class").description("the environments of a whole class, a few at a time");
  const add = (name: string, description: string): Command =>
    withTarget(group.command(name))
      .description(description)
      .option("--attendees <list>", "a CSV file with a column attendee, names with commas between, or a number")
      .option("--parallel <count>", "how many at a time (default: by cores and free memory)", parseCount)
      .option("--json", "print what became of each as JSON");

  add("up", "deploy all; a second one finishes what is missing")
    .option("-y, --yes", "do not ask (the local target never does)")
    .action(async (flags: ClassFlags) => {
      const { classUp } = await import("../commands/class.js");
      host.end(await classUp(host.context(isJson(flags)), { ...classOptions(flags), yes: flags.yes ?? false }));
    });
  add("status", "show each in a line; the exit code says whether anybody needs help").action(
    async (flags: ClassFlags) => {
      const { classStatus } = await import("../commands/classLook.js");
      host.end(await classStatus(host.context(isJson(flags)), classOptions(flags)));
    },
  );
  add("dashboard", "serve a page with a line for each, and a page to look at for each attendee, until Ctrl-C")
    .option("--port <port>", "TCP port; 0 lets the system choose", parsePort, DASHBOARD_PORT)
    .option("--interval <seconds>", "seconds between two looks, 1 to 3600", parseInterval, 5)
    .option(
      "--listen <address>",
      "address of this computer at which others reach it (default: this computer only)",
      parseAddress,
    )
    .addOption(new Option("--open", "open it in a browser (default: where there is a screen)"))
    .addOption(new Option("--no-open", "only print its address"))
    .action(async (flags: ClassFlags & { port: number; interval: number; listen?: string; open?: boolean }) => {
      const { classDashboard } = await import("../commands/classLook.js");
      const { port, interval: intervalSeconds, listen, open } = flags;
      await classDashboard(host.context(false), {
        ...{ ...classOptions(flags), port, intervalSeconds },
        ...(listen === undefined ? {} : { listen }),
        ...(open === undefined ? {} : { open }),
      });
    });
  add("load", "replace the loans of all (without --attendees: of all that are deployed)")
    .option("--source <source>", "as for load")
    .option("--states <codes>", "as for load")
    .action(async (flags: ClassFlags & { source?: string; states?: string }) => {
      const { classLoad } = await import("../commands/class.js");
      const { source, states } = flags;
      host.end(
        await classLoad(host.context(isJson(flags)), {
          ...classOptions(flags),
          ...(source === undefined ? {} : { source }),
          ...(states === undefined ? {} : { states }),
        }),
      );
    });
  add("scenario", "play a scenario on all; with --fast one after the other, as they share snowglobe's clock")
    .argument("<scenario>", `${SCENARIO_NAMES.join(", ")} or all`, parseScenario)
    .option("--fast", "move snowglobe's clock instead of waiting (local target)")
    .action(async (scenario: ScenarioName | "all", flags: ClassFlags & { fast?: boolean }) => {
      const { classScenario } = await import("../commands/class.js");
      const { fast = false } = flags;
      host.end(await classScenario(host.context(isJson(flags)), { ...classOptions(flags), scenario, fast }));
    });
  add("destroy", "delete all that are deployed")
    .option("-y, --yes", "do not ask")
    .option("--force", "delete also what others put into their databases")
    .action(async (flags: ClassFlags) => {
      const { classDestroy } = await import("../commands/class.js");
      const { yes = false, force = false } = flags;
      host.end(await classDestroy(host.context(isJson(flags)), { ...classOptions(flags), yes, force }));
    });
};

function classOptions(flags: ClassFlags): ClassOptions {
  const { attendees, parallel } = flags;
  return {
    ...choice(flags),
    ...(attendees === undefined ? {} : { attendees }),
    ...(parallel === undefined ? {} : { parallel }),
    json: isJson(flags),
  };
}

import { SCENARIO_NAMES, type ScenarioName } from "../scenario/scenario";
import { withStack, choice, parseScenario, type Register, type CommonFlags } from "./options";

export const scenario: Register = (program, host) => {
  withStack(program.command("scenario"))
    .description("walk through a scenario of the workshop; leaves everything as it was")
    .argument("<scenario>", `${SCENARIO_NAMES.join(", ")} or all`, parseScenario)
    .option("--fast", "move snowglobe's clock instead of waiting (local target)")
    .option("-y, --yes", "do not wait for Enter between the steps")
    .option("--source <source>", "where the loans come from, as for load")
    .action(async (name: ScenarioName | "all", flags: CommonFlags & { fast?: boolean; source?: string }) => {
      const { scenario } = await import("../commands/scenario.js");
      const { fast = false, yes = false, source } = flags;
      const options = { ...choice(flags), scenario: name, fast, yes };
      host.end(await scenario(host.context(false), source === undefined ? options : { ...options, source }));
    });
};

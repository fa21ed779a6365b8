import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Paths } from "../paths";
import { SCENARIO_NAMES, type ScenarioName } from "./scenario";

/** Beside what else belongs to the stack, so that it goes with it. */
function file(paths: Paths, stack: string): string {
  return path.join(paths.stacks, stack, "scenario");
}

/** Notes the last scenario that was seen to its end, with all that was expected. */
export function noteScenario(paths: Paths, stack: string, scenario: ScenarioName): void {
  mkdirSync(path.dirname(file(paths, stack)), { recursive: true });
  writeFileSync(file(paths, stack), `${scenario}\n`);
}

/** The last scenario that was seen to its end from this checkout; undefined where none was. */
export function lastScenario(paths: Paths, stack: string): ScenarioName | undefined {
  if (!existsSync(file(paths, stack))) return undefined;
  const noted = readFileSync(file(paths, stack), "utf8").trim();
  return SCENARIO_NAMES.find((name) => name === noted);
}

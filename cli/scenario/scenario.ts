import type { Stage } from "./stage";

/** One of the workshop's scenarios. */
export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  /** What it is about, in a sentence or two. */
  readonly about: string;
  /** It changes loans: they are kept before and brought back after. */
  readonly changesLoans: boolean;
  /** Plays it on an environment that holds California's loans only. */
  play(stage: Stage): Promise<void>;
}

export const SCENARIO_NAMES = ["basic", "changes", "errors", "monitoring"] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What the server tells the wall page: every environment of a class. Times are ISO 8601 in UTC, by Snowflake's clock. */
import type { Envelope, Section } from "../snapshot";

/** How far the story has come in an environment, by what stands there. */
export const STEPS = ["not deployed", "deployed", "other states loaded", "failures captured", "mail sent"] as const;

export type Step = (typeof STEPS)[number];

/** One environment of the class. */
export interface MemberLook {
  readonly name: string;
  readonly step: Step;
  /** Rows of the raw table. */
  readonly loans?: number;
  /** When they last changed. */
  readonly loadedAt?: string;
  /** Rows of the two tables of loans by state. */
  readonly standardStates?: number;
  readonly dynamicStates?: number;
  /** How old the data of the dynamic table that has a target lag are, and how old they may be. */
  readonly lagSeconds?: number;
  readonly targetSeconds?: number;
  /** What the data tests find. */
  readonly failures?: number;
  /** Rows that the task has kept. */
  readonly captured?: number;
  readonly lastMailAt?: string;
  /** The last scenario that was seen to its end from this computer. */
  readonly scenario?: string;
  /** Why it does not go on by itself; none where all is well. */
  readonly stuck: readonly string[];
}

export interface ClassFindings {
  /** Snowflake's time of the last poll. */
  readonly now?: string;
  readonly members: Section<readonly MemberLook[]>;
}

export type ClassSnapshot = Envelope & ClassFindings;

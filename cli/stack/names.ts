import { attendeeProblem } from "../../components/naming";
import { UsageError } from "../errors";
import type { StackChoice } from "../context";

/** @throws UsageError when the name cannot become part of Snowflake's names */
export function checkAttendee(attendee: string): string {
  const problem = attendeeProblem(attendee);
  if (problem) throw new UsageError(`--attendee '${attendee}' ${problem}`);
  return attendee;
}

/** The stack whose settings file in the checkout gives the defaults. */
export function baseStackName({ target }: Pick<StackChoice, "target">): string {
  return target === "local" ? "local" : "dev";
}

/** `local`, `dev`, and for an attendee `local-alice`, `dev-alice`. Snowflake knows no case here, so neither do stacks. */
export function stackName(choice: StackChoice): string {
  const base = baseStackName(choice);
  return choice.attendee ? `${base}-${choice.attendee.toLowerCase()}` : base;
}

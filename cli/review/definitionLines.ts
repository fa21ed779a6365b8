import type { Colors } from "picocolors/types";
import type { PlannedDefinition } from "./definitions";

/** Of the columns before what happens: the longest names and kinds of the workshop. */
const NAME_WIDTH = 30;

/** What becomes of dbt's objects, a line each. */
export function definitionLines(definitions: readonly PlannedDefinition[], { dim }: Pick<Colors, "dim">): string[] {
  const nameWidth = Math.max(NAME_WIDTH, ...definitions.map(({ name }) => name.length));
  const kindWidth = Math.max(...definitions.map(({ kind }) => kind.length));
  return definitions.map(
    ({ name, kind, change, why }) =>
      `      ${dim("dbt-build │")} ${name.padEnd(nameWidth)} ${kind.padEnd(kindWidth)} ${change}: ${why}`,
  );
}

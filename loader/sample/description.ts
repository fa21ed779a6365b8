import { dayText, type Month } from "./months";
import type { Random } from "./random";
import { ABOUT, REASONS } from "./vocabulary";

/**
 * A borrower's note, or undefined (a third of the loans has none). Notes hold commas, double quotes, markup and
 * newlines, as the real ones do, so that CSV quoting is put to the test.
 *
 * @param issued month of the loan; the note is dated in the month before it or earlier in the same
 */
export function drawDescription(random: Random, issued: Month, purpose: string): string | undefined {
  if (random.chance(0.32)) return undefined;
  const parts = [random.pick(REASONS[purpose]!)];
  const first = random.whole(0, ABOUT.length - 1);
  for (let i = random.whole(0, 2); i > 0; i--) parts.push(ABOUT[(first + i) % ABOUT.length]!);
  const separator = random.chance(0.3) ? "\n" : random.chance(0.5) ? "<br/>" : " ";
  const month = random.chance(0.5) ? issued : issued - 1;
  const note = `Borrower added on ${dayText(month, random.whole(1, 28))} > ${parts.join(separator)}`;
  if (!random.chance(0.12)) return note;
  return `${note}\n\nBorrower added on ${dayText(issued, 28)} > ${ABOUT[first]}`;
}

import type { Outcome } from "../execution/outcome";

/** How a list of statements ended. */
export type Completion =
  | { readonly kind: "normal" }
  | { readonly kind: "break" | "continue"; readonly label?: string }
  | { readonly kind: "return"; readonly outcome: Outcome };

export const NORMAL: Completion = { kind: "normal" };

/**
 * What a loop does when one round of its body has ended.
 *
 * @returns undefined: the next round; else how the loop itself ends
 */
export function afterRound(completion: Completion, label: string | undefined): Completion | undefined {
  switch (completion.kind) {
    case "normal":
      return undefined;
    case "return":
      return completion;
    case "break":
      return completion.label === undefined || completion.label === label ? NORMAL : completion;
    case "continue":
      return completion.label === undefined || completion.label === label ? undefined : completion;
  }
}

import type { Plan } from "../plan";
import type { Scope } from "./scope";

/** A bound source: its plan and the names that it brings. */
export interface BoundSource {
  readonly plan: Plan;
  readonly scope: Scope;
}

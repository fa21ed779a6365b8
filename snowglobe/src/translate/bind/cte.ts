import type { CteDefinition, PlanColumn } from "../plan";

/** A common table expression in reach of a query. */
export interface CteBinding {
  readonly id: string;
  readonly name: string;
  /** What a reference sees. */
  readonly columns: readonly PlanColumn[];
  /** Set once its plan is bound; absent while a recursive one is being bound. */
  definition?: CteDefinition;
  /** How many references there are so far. */
  references: number;
}

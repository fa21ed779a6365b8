import type { RunSql } from "../catalog/change";

/** What a session's next commit takes along: it is durable with that commit, or not at all. */
export interface CommitRider {
  /** Writes it in the transaction that commits. */
  persist(run: RunSql): Promise<void>;
  /** For the moment when the commit is durable. */
  committed(): void;
}

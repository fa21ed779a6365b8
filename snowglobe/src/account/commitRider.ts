import type { RunSql } from "../catalog/change";
import type { SessionState } from "../execution/context";

/** What a session's next commit takes along: it is durable with that commit, or not at all. */
export interface CommitRider {
  /** Writes it in the transaction that commits. */
  persist(run: RunSql): Promise<void>;
  /** For the moment when the commit is durable. */
  committed(): void;
}

/** What the session's next commit has to take along: the record of an alert's run. */
export function riderOf(session: SessionState): CommitRider | undefined {
  const record = session.alert?.record;
  return record?.pending ? record : undefined;
}

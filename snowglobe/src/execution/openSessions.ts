import type { SessionState } from "./context";
import type { Microseconds } from "../time";

/** A session as others see it: those who cancel, abort, or watch over locks. */
export interface OpenSession {
  readonly state: SessionState;
  /** Ends of the statements that run, by query id. */
  readonly running: ReadonlyMap<string, () => void>;
  /** Since when it has done nothing; absent while a statement runs. */
  readonly idleSince: Microseconds | undefined;
  /**
   * Cancels what runs, and rolls the open transaction back. The session's next statement is told, unless it is ROLLBACK.
   *
   * @param reason for people, after "Transaction <id> was aborted"
   */
  abortTransaction(reason: string): Promise<void>;
  /** Cancels what runs, and ends the session: its client must log in again. */
  terminate(): Promise<void>;
}

/** The sessions of an account that are open: those of clients, and those in which the service runs something. */
export class OpenSessions {
  private readonly sessions = new Map<number, OpenSession>();

  add(session: OpenSession): void {
    this.sessions.set(session.state.id, session);
  }

  remove(session: OpenSession): void {
    this.sessions.delete(session.state.id);
  }

  find(id: number): OpenSession | undefined {
    return this.sessions.get(id);
  }

  all(): OpenSession[] {
    return [...this.sessions.values()];
  }

  /** The session that runs a statement. */
  running(queryId: string): OpenSession | undefined {
    return this.all().find((session) => session.running.has(queryId));
  }

  /** The session that has a transaction open. */
  withTransaction(id: string): OpenSession | undefined {
    return this.all().find((session) => session.state.transaction?.storage.id === id);
  }
}

import type { RunSql } from "../catalog/change";
import type { CommitRider } from "./commitRider";
import type { AlertHistory, AlertMove, AlertRun } from "./alertHistory";

/**
 * That the action of an alert runs, and where an alert on new data stands then: goes into the action's first commit.
 * Until then the action has done nothing, and after a crash the run may come again; from then on it does not.
 */
export class RunRecord implements CommitRider {
  private carried = false;

  constructor(
    private readonly history: AlertHistory,
    private readonly run: AlertRun,
    private readonly move: AlertMove | undefined,
  ) {}

  /** Whether no commit has taken it along yet. */
  get pending(): boolean {
    return !this.carried;
  }

  async persist(sql: RunSql): Promise<void> {
    await this.history.persist(this.run, this.move, sql);
  }

  committed(): void {
    this.carried = true;
    this.history.publish(this.run, this.move);
  }

  /** Commits it by itself. */
  async keep(): Promise<void> {
    await this.history.keep(this.run, this.move);
    this.carried = true;
  }
}

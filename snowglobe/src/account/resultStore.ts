import type { StatementResult } from "./result";

/** How much result text is kept, in UTF-16 code units. */
const KEPT_TEXT = 256 * 1024 * 1024;

interface Kept {
  readonly user: string;
  readonly result: StatementResult;
  readonly size: number;
}

/**
 * Results by query id, for drivers that fetch later and for RESULT_SCAN. Snowflake keeps them for 24 hours; here the
 * oldest go first when they grow beyond KEPT_TEXT. Source: "Using persisted query results".
 */
export class ResultStore {
  private readonly kept = new Map<string, Kept>();
  private size = 0;

  keep(user: string, result: StatementResult): void {
    this.forget(result.queryId);
    const size = result.chunks.reduce((sum, chunk) => sum + chunk.json.length, 0) + 1024;
    this.kept.set(result.queryId, { user, result, size });
    this.size += size;
    for (const id of this.kept.keys()) {
      if (this.size <= KEPT_TEXT || id === result.queryId) break;
      this.forget(id);
    }
  }

  /** @returns undefined when there is none, or none for this user */
  find(user: string, queryId: string): StatementResult | undefined {
    const found = this.kept.get(queryId);
    return found?.user === user ? found.result : undefined;
  }

  private forget(queryId: string): void {
    const found = this.kept.get(queryId);
    if (!found) return;
    this.size -= found.size;
    this.kept.delete(queryId);
  }
}

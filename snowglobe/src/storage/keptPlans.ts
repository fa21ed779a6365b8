import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";

/** Texts of a connection that are remembered; those of them that came again have a plan. */
const REMEMBERED = 32;
/** Longer texts are not remembered, in characters. */
const LONGEST = 4_000;

/**
 * Plans of queries that read no table, kept for texts that come again: planning is most of what they cost. A plan over a
 * table must not be kept: DuckDB leaves out of it what the table's statistics rule out at that time, and rows that come
 * later, of open transactions among them, would be missed or seen.
 */
export class KeptPlans {
  private static readonly ofConnections = new WeakMap<DuckDBConnection, KeptPlans>();

  static of(connection: DuckDBConnection): KeptPlans {
    let plans = KeptPlans.ofConnections.get(connection);
    if (!plans) KeptPlans.ofConnections.set(connection, (plans = new KeptPlans()));
    return plans;
  }

  /** By text, the one used last at the end; without a plan while a text came once. */
  private readonly plans = new Map<string, DuckDBPreparedStatement | undefined>();

  /** The plan of a text, taken out while it is used. */
  take(sql: string): DuckDBPreparedStatement | undefined {
    const plan = this.plans.get(sql);
    if (plan) this.plans.delete(sql);
    return plan;
  }

  /** Gives a plan back after its use: it is kept if the text came before. */
  put(sql: string, plan: DuckDBPreparedStatement, cameBefore: boolean): void {
    const isKept = cameBefore || this.plans.has(sql);
    if (!isKept || sql.length > LONGEST) plan.destroySync();
    if (sql.length > LONGEST) return;
    this.plans.delete(sql);
    this.plans.set(sql, isKept ? plan : undefined);
    if (this.plans.size <= REMEMBERED) return;
    const [oldest] = this.plans.keys();
    this.plans.get(oldest!)?.destroySync();
    this.plans.delete(oldest!);
  }
}

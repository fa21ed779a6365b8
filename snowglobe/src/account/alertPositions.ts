import type { RunSql } from "../catalog/change";
import type { Catalog } from "../catalog/catalog";
import { idsOf, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/**
 * The versions up to which alerts on new data have looked at their tables. They are not part of the catalog's objects
 * because they move with the alerts' runs: in the transaction that records the run.
 */
export class AlertPositions implements Keeping {
  /** Where alerts on new data stand: a log of which the furthest version counts, so that rows may be added in any order. */
  readonly table = {
    name: "alert_position_log",
    columns: "alert_id BIGINT, version BIGINT",
  };
  private readonly positions = new Map<number, number>();

  /** Brings the positions back. @param rows of the log, in any order */
  load(rows: readonly StoredRow[]): void {
    for (const row of rows) this.publish(Number(row.alert_id), Number(row.version));
  }

  /** @returns undefined for an alert that was never resumed */
  of(alertId: number): number | undefined {
    return this.positions.get(alertId);
  }

  /** Writes a position in the transaction of what goes with it. `publish` must follow when it has committed. */
  async persist(alertId: number, version: number, run: RunSql): Promise<void> {
    await run("INSERT INTO catalog.alert_position_log VALUES ($1, $2)", [BigInt(alertId), BigInt(version)]);
  }

  /** Shows a durable position to everybody. */
  publish(alertId: number, version: number): void {
    this.positions.set(alertId, Math.max(this.positions.get(alertId) ?? 0, version));
  }

  /** Removes from the log what is overtaken or belongs to no alert any more. */
  async forgetOld(_: Microseconds, run: RunSql, catalog: Catalog): Promise<void> {
    const alertIds = idsOf(catalog, "ALERT");
    for (const id of this.positions.keys()) {
      if (alertIds.has(id)) continue;
      this.positions.delete(id);
      await run("DELETE FROM catalog.alert_position_log WHERE alert_id = $1", [BigInt(id)]);
    }
    await run(
      `DELETE FROM catalog.alert_position_log r WHERE EXISTS (
         FROM catalog.alert_position_log o WHERE o.alert_id = r.alert_id AND o.version > r.version)`,
    );
  }
}

import type { RunSql } from "../catalog/change";
import type { Storage } from "../storage";
import type { CommitRider } from "./commitRider";
import { documents, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** Rows are kept this long. Source: "NOTIFICATION_HISTORY". */
const KEPT: Microseconds = 14 * 86_400 * 1e6;

/** A mail as a statement gave it. */
export interface Mail {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

export interface NotificationRecord {
  readonly id: string;
  readonly createdOn: Microseconds;
  readonly processedOn: Microseconds | null;
  readonly integration: string;
  readonly status: "QUEUED" | "SUCCESS" | "FAILURE";
  readonly errorMessage: string | null;
  readonly mail: Mail;
}

/**
 * Notifications and what became of them. A notification is in the data file before its statement ends, so that a mail
 * that was acknowledged goes out after a crash, too.
 */
export class NotificationHistory implements Keeping {
  readonly table = {
    name: "notification_history",
    columns: "created BIGINT, id VARCHAR, doc VARCHAR",
  };
  private readonly records = new Map<string, NotificationRecord>();
  private deliver: ((record: NotificationRecord) => Promise<void>) | undefined;

  constructor(private readonly storage: Storage) {}

  load(rows: readonly StoredRow[]): void {
    const found = documents<NotificationRecord>(rows);
    found.sort((a, b) => a.createdOn - b.createdOn);
    for (const record of found) this.records.set(record.id, record);
  }

  /** Says who delivers. Without anybody notifications stay queued. */
  onQueued(deliver: ((record: NotificationRecord) => Promise<void>) | undefined): void {
    this.deliver = deliver;
  }

  /**
   * Queues a notification, and waits until it lies in the local mailbox.
   *
   * @param rider what is written in the same commit
   */
  async queue(record: NotificationRecord, rider?: CommitRider): Promise<void> {
    await this.update(record, rider);
    await this.deliver?.(record);
  }

  /** Keeps a record's new state. */
  async update(record: NotificationRecord, rider?: CommitRider): Promise<void> {
    await this.storage.write(undefined, { committed: () => rider?.committed() }, async (writer) => {
      await writer.run("DELETE FROM catalog.notification_history WHERE id = ?", [record.id]);
      await writer.run("INSERT INTO catalog.notification_history VALUES (?, ?, ?)", [
        BigInt(Math.floor(record.createdOn)),
        record.id,
        JSON.stringify(record),
      ]);
      await rider?.persist((sql, parameters) => writer.run(sql, parameters as never));
    });
    this.records.set(record.id, record);
  }

  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = now - KEPT;
    for (const record of this.records.values()) if (record.createdOn < oldest) this.records.delete(record.id);
    await run("DELETE FROM catalog.notification_history WHERE created < ?", [BigInt(Math.floor(oldest))]);
  }

  /** All records, oldest first. */
  all(): readonly NotificationRecord[] {
    return [...this.records.values()];
  }
}

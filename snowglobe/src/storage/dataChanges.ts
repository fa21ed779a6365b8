/** Told of a commit that changed rows. @param tables storage ids of the tables whose rows changed */
export type DataListener = (tables: readonly number[]) => void;

/**
 * Tells who waits for new data (triggered tasks, alerts on new data) that a commit changed rows: once for each commit,
 * when it is durable and what it did beside the rows (a stream's new offset) is to be seen. Listeners run in the
 * committing statement's way: they only note what happened, and do their work at an alarm of the clock. While nobody
 * listens a commit costs nothing more.
 */
export class DataChanges {
  private readonly listeners = new Set<DataListener>();

  /** @returns ends the listening */
  listen(listener: DataListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  publish(tables: Iterable<number>): void {
    if (this.listeners.size === 0) return;
    const changed = [...tables];
    for (const listener of this.listeners) listener(changed);
  }
}

import type { Storage } from "../storage";

/** Row counts of stored tables, for SHOW and INFORMATION_SCHEMA: counted once per state of a table. */
export class RowCounts {
  private readonly known = new Map<number, { readonly change: number; readonly count: number }>();

  constructor(private readonly storage: Storage) {}

  /** @param storageIds ids in storage @returns committed rows by id */
  async of(storageIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const stale = storageIds.filter((id) => this.known.get(id)?.change !== this.storage.lastChange(id));
    if (stale.length > 0) {
      await this.storage.read(undefined, undefined, async (reader) => {
        for (const id of stale) {
          const change = this.storage.lastChange(id);
          const count = await reader.value(`SELECT count(*) FROM ${reader.current(id)} t`);
          this.known.set(id, { change, count: Number(count) });
        }
      });
    }
    return new Map(storageIds.map((id) => [id, this.known.get(id)!.count]));
  }
}

/**
 * Commit numbers and their times, in memory. Versions are ordered as they became visible; numbers may be missing.
 * Version 0 is the empty file.
 */
export class VersionLog {
  private readonly versions: number[] = [];
  /** Microseconds since the epoch, strictly ascending. */
  private readonly times: number[] = [];
  private readonly lastChanges = new Map<number, number>();
  /** For each table the versions at which all of its rows were made anew, ascending. */
  private readonly remakes = new Map<number, number[]>();
  private readonly active = new Map<number, number>();
  private next = 1;

  /** The newest version that anyone may see. */
  get last(): number {
    return this.versions.at(-1) ?? 0;
  }

  /** Takes a number that no other statement has, and that no earlier run of the process used for anything stored. */
  reserve(): number {
    return this.next++;
  }

  /** A commit time after every earlier one, though the clock may stand still. @param now µs since the epoch */
  timeAfterLast(now: number): number {
    const last = this.times.at(-1);
    return last === undefined ? now : Math.max(now, last + 1);
  }

  /** Makes a durable commit visible. @param tables ids of the tables that it changed */
  publish(version: number, time: number, tables: Iterable<number>): void {
    this.versions.push(version);
    this.times.push(time);
    for (const table of tables) this.lastChanges.set(table, version);
    this.next = Math.max(this.next, version + 1);
  }

  /** The version that was the newest at a time (µs since the epoch); undefined before the file existed. */
  at(time: number): number | undefined {
    const index = countUpTo(this.times, time) - 1;
    return index < 0 ? undefined : this.versions[index];
  }

  /** When a version was committed, in µs since the epoch; for a number never committed, the version before it. */
  timeOf(version: number): number | undefined {
    const index = countUpTo(this.versions, version) - 1;
    return index < 0 ? undefined : this.times[index];
  }

  /** The version of a table's last change; 0 for a table that never changed. */
  lastChange(table: number): number {
    return this.lastChanges.get(table) ?? 0;
  }

  /** Notes, in ascending order of versions, that all rows of a table were made anew. */
  noteRemake(table: number, version: number): void {
    const known = this.remakes.get(table);
    if (known) known.push(version);
    else this.remakes.set(table, [version]);
  }

  /** The last version up to `version` at which all rows of a table were made anew; 0 if never. */
  lastRemake(table: number, version: number): number {
    const known = this.remakes.get(table);
    return known?.[countUpTo(known, version) - 1] ?? 0;
  }

  /** Takes the current snapshot, and keeps its rows from the housekeeping until `release`. */
  acquire(): number {
    const snapshot = this.last;
    this.active.set(snapshot, (this.active.get(snapshot) ?? 0) + 1);
    return snapshot;
  }

  release(snapshot: number): void {
    const users = (this.active.get(snapshot) ?? 0) - 1;
    if (users > 0) this.active.set(snapshot, users);
    else this.active.delete(snapshot);
  }

  /** The oldest snapshot that somebody reads at, or may yet take. */
  oldestActive(): number {
    let oldest = this.last;
    for (const snapshot of this.active.keys()) oldest = Math.min(oldest, snapshot);
    return oldest;
  }

  /** Forgets commits before `version`, except the one that was current then. @returns the oldest version kept */
  forgetBefore(version: number): number {
    const keepFrom = Math.max(0, countUpTo(this.versions, version) - 1);
    this.versions.splice(0, keepFrom);
    this.times.splice(0, keepFrom);
    return this.versions[0] ?? 0;
  }
}

/** How many of the ascending values are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

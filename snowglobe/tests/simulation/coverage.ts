/** How often the simulation reached what it is about. */
export class Coverage {
  private readonly counts = new Map<string, number>();

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** One line for each group of names that begin alike, e.g. `step: advance 12, change 30`. */
  summary(): string {
    const groups = new Map<string, string[]>();
    for (const [what, count] of [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [group, ...rest] = what.split(": ");
      groups.set(group!, [...(groups.get(group!) ?? []), `${rest.join(": ")} ${count}`]);
    }
    return [...groups].map(([group, items]) => `${group}: ${items.join(", ")}`).join("\n");
  }
}

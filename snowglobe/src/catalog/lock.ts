/** A lock that is taken and let go in different places, in order of arrival. */
export class CatalogLock {
  private tail: Promise<void> = Promise.resolve();

  /** @returns the function that lets go; calling it again does nothing */
  async acquire(): Promise<() => void> {
    const before = this.tail;
    let release!: () => void;
    this.tail = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }
}

/** Where reading costs: after a change the warehouse reads go on for a while, until task, alert and mail have followed. */
const FOLLOW_MS = 3 * 60_000;
const FOLLOW_EVERY_MS = 30_000;
/** Without any change: often enough to see refreshes that found nothing. */
const IDLE_EVERY_MS = 10 * 60_000;

/** When to read what needs a warehouse. Times are this computer's, in milliseconds. */
export class ReadPace {
  private lastFingerprint = "";
  private changedAt = 0;
  private readAt = 0;
  private count = 0;

  /** @param isSparing whether such reads cost; else all is read at each look */
  constructor(private readonly isSparing: boolean) {}

  /** When it was read last; undefined before the first time. */
  get lastRead(): number | undefined {
    return this.readAt || undefined;
  }

  /** How often it was read. */
  get reads(): number {
    return this.count;
  }

  /** @param fingerprint a text that changes when there may be something new to read */
  isDue(fingerprint: string, today: number): boolean {
    if (fingerprint !== this.lastFingerprint) this.changedAt = today;
    if (!this.isSparing || this.readAt === 0 || fingerprint !== this.lastFingerprint) return true;
    const age = today - this.readAt;
    return age >= IDLE_EVERY_MS || (today - this.changedAt < FOLLOW_MS && age >= FOLLOW_EVERY_MS);
  }

  /** To be called when all was read: a connection lost in between leaves the reading due. */
  done(fingerprint: string, today: number): void {
    this.lastFingerprint = fingerprint;
    this.readAt = today;
    this.count++;
  }
}

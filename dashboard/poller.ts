import type { Environment } from "../loader/connection";
import { messageOf } from "../loader/connection";
import { ConnectionLost } from "./errors";
import { ReadingSession } from "./session";
import type { ConnectionStatus, Envelope } from "./snapshot";

/** Milliseconds between two tries to connect: doubled from the first to the second. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** A session is kept this long without a page, in milliseconds: a page that is loaded anew needs no new login. */
const LINGER_MS = 60_000;
/** How long the end waits for a statement that is under way, in milliseconds. */
const END_MS = 3_000;

/** Who knows what to ask, and remembers what was answered. */
export interface PolledReader<F> {
  /** One poll. @throws ConnectionLost */
  poll(session: ReadingSession): Promise<void>;
  findings(): F;
}

export interface PollerOptions<F> {
  /** The SNOWFLAKE_* variables, asked for at each login: a local server may come back elsewhere. */
  readonly environment: () => Environment | Promise<Environment>;
  readonly intervalMs: number;
  readonly reader: PolledReader<F>;
  /** What every snapshot says of this server. */
  readonly about: Pick<Envelope, "pageVersion" | "label">;
  /** For tests. */
  readonly lingerMs?: number;
}

/**
 * One poll for all pages, and only while there is a page. A lost connection is tried anew, sooner at first, then every
 * half minute, until it is back.
 */
export class Poller<F extends object> {
  private readonly listeners = new Set<(snapshot: Envelope & F) => void>();
  private session: ReadingSession | undefined;
  private connection: ConnectionStatus = { state: "connecting", since: new Date().toISOString() };
  private latest: (Envelope & F) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lingering: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retryAt = 0;
  private isClosed = false;

  constructor(private readonly options: PollerOptions<F>) {}

  /**
   * Calls the listener with every snapshot, and with the latest one at once.
   *
   * @returns ends that
   */
  subscribe(listener: (snapshot: Envelope & F) => void): () => void {
    this.listeners.add(listener);
    clearTimeout(this.lingering);
    listener(this.latest ?? this.snapshot());
    if (!this.running && !this.timer) this.turn();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.listeners.clear();
    clearTimeout(this.lingering);
    clearTimeout(this.timer);
    const ended = (async () => {
      await this.running;
      await this.endSession();
    })();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, END_MS)));
    await Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }

  /** No page is open: the next turn is not taken. */
  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.lingering);
    if (this.isClosed) return;
    this.lingering = setTimeout(() => void this.endSession(), this.options.lingerMs ?? LINGER_MS);
    this.lingering.unref();
  }

  private turn(): void {
    this.timer = undefined;
    this.running = this.poll().finally(() => {
      this.running = undefined;
      this.latest = this.snapshot();
      for (const listener of this.listeners) listener(this.latest);
      if (this.listeners.size === 0 || this.isClosed) return;
      const wait = this.session ? this.options.intervalMs : Math.max(0, this.retryAt - Date.now());
      // Pages hear from us at each interval, also while the connection is lost.
      this.timer = setTimeout(() => this.turn(), Math.min(wait, this.options.intervalMs));
    });
  }

  private async poll(): Promise<void> {
    if (!this.session && Date.now() < this.retryAt) return;
    try {
      this.session ??= await ReadingSession.open(await this.options.environment());
      await this.options.reader.poll(this.session);
      this.retryMs = FIRST_RETRY_MS;
      if (this.connection.state !== "connected") this.become("connected");
    } catch (error) {
      await this.endSession(error instanceof ConnectionLost);
      this.become("lost", messageOf(error));
      this.retryAt = Date.now() + this.retryMs;
      this.retryMs = Math.min(2 * this.retryMs, LONGEST_RETRY_MS);
    }
  }

  /** @param isLost whether there is nobody left to say good-bye to */
  private async endSession(isLost = false): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (session && !isLost) await session.close();
    else void session?.close();
  }

  private become(state: ConnectionStatus["state"], message?: string): void {
    // The time stays that of the first failure.
    const since = this.connection.state === state ? this.connection.since : new Date().toISOString();
    this.connection = { state, since, ...(message === undefined ? {} : { message }) };
  }

  private snapshot(): Envelope & F {
    const { about, intervalMs, reader } = this.options;
    return { ...about, intervalSeconds: intervalMs / 1000, connection: this.connection, ...reader.findings() };
  }
}

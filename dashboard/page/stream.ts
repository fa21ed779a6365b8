import { applyPatch } from "../mergePatch";
import type { Envelope } from "../snapshot";

/** Milliseconds until a stream that the browser gave up is opened anew: doubled from the first to the second. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;
/** A page that nobody has seen for so long stops asking, so that nothing is read for it. */
const HIDDEN_MS = 60_000;
/** Without a snapshot for so many intervals what is shown counts as stale. */
const STALE_INTERVALS = 3;

/** What the page knows of its server. */
export type StreamState = "connecting" | "live" | "silent" | "forbidden" | "paused";

/** The server's snapshots, through everything that may happen to the server. */
export class SnapshotStream<S extends Envelope> {
  private source: EventSource | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retry: number | undefined;
  private hiding: number | undefined;
  private isForbidden = false;
  private snapshot: S | undefined;
  /** By this computer's clock, in milliseconds. */
  private heardAt: number | undefined;

  constructor(private readonly onSnapshot: (snapshot: S) => void) {}

  start(): void {
    this.open();
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.hiding);
      if (document.hidden) this.hiding = window.setTimeout(() => this.shut(), HIDDEN_MS);
      else if (!this.source && this.retry === undefined) this.open();
    });
  }

  /** When the last snapshot came; undefined before the first. */
  get lastHeard(): number | undefined {
    return this.heardAt;
  }

  state(now: number = Date.now()): StreamState {
    if (this.isForbidden) return "forbidden";
    if (this.heardAt === undefined || !this.snapshot) return this.retryMs > FIRST_RETRY_MS ? "silent" : "connecting";
    if (!this.source && this.retry === undefined) return "paused";
    const isStale = now - this.heardAt > STALE_INTERVALS * 1000 * this.snapshot.intervalSeconds;
    return isStale || this.source?.readyState !== EventSource.OPEN ? "silent" : "live";
  }

  private open(): void {
    this.retry = undefined;
    const source = (this.source = new EventSource("events"));
    const take = (snapshot: S): void => {
      // Another server with another page: the old page would misread it.
      if (this.snapshot && this.snapshot.pageVersion !== snapshot.pageVersion) {
        location.reload();
        return;
      }
      this.isForbidden = false;
      this.retryMs = FIRST_RETRY_MS;
      this.heardAt = Date.now();
      this.snapshot = snapshot;
      this.onSnapshot(snapshot);
    };
    source.addEventListener("snapshot", (event) => take(JSON.parse(String(event.data)) as S));
    source.addEventListener("change", (event) => {
      if (this.snapshot) take(applyPatch(this.snapshot, JSON.parse(String(event.data)) as object));
    });
    source.addEventListener("error", () => {
      // The browser itself goes on trying where it could not connect, but not after an answer other than 200.
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      void this.tryAgain();
    });
  }

  private async tryAgain(): Promise<void> {
    this.retry = window.setTimeout(() => this.open(), this.retryMs);
    this.retryMs = Math.min(2 * this.retryMs, LONGEST_RETRY_MS);
    const answer = await fetch("style.css", { method: "HEAD" }).catch(() => undefined);
    this.isForbidden = answer?.status === 401;
  }

  private shut(): void {
    this.source?.close();
    this.source = undefined;
    clearTimeout(this.retry);
    this.retry = undefined;
  }
}

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { canceled } from "./storageErrors";

interface Waiter {
  grant(connection: DuckDBConnection): void;
  fail(error: Error): void;
}

/** An interrupt that comes before a queued statement has begun is lost, so it is repeated. */
const INTERRUPT_EVERY_MS = 10;

/**
 * Connections to one DuckDB instance. A connection has one user at a time; at most `limit` exist, further users wait in
 * order of arrival.
 */
export class ConnectionPool {
  private readonly idle: DuckDBConnection[] = [];
  private readonly all = new Set<DuckDBConnection>();
  private readonly waiters = new Set<Waiter>();
  private opening = 0;
  private closed = false;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly instance: DuckDBInstance,
    private readonly limit: number,
  ) {}

  /** Lends a connection to `work` and takes it back, whatever happens. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const connection = await this.acquire(signal);
    try {
      return await work(connection);
    } finally {
      this.release(connection);
    }
  }

  /** Interrupts what runs, waits for it, and closes all connections: DuckDB crashes when one is closed in use. */
  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiters) waiter.fail(closedError());
    this.waiters.clear();
    const busy = () => this.opening + this.all.size - this.idle.length > 0;
    while (busy()) {
      for (const connection of this.all) connection.interrupt();
      await new Promise<void>((resolve) => {
        const retry = setTimeout(resolve, INTERRUPT_EVERY_MS);
        this.whenIdle = () => {
          clearTimeout(retry);
          resolve();
        };
      });
    }
    for (const connection of this.all) connection.closeSync();
    this.all.clear();
    this.idle.length = 0;
  }

  private async acquire(signal?: AbortSignal): Promise<DuckDBConnection> {
    if (this.closed) throw closedError();
    if (signal?.aborted) throw canceled();
    const free = this.idle.pop();
    if (free) return free;
    if (this.all.size + this.opening < this.limit) {
      this.opening += 1;
      try {
        const connection = await this.instance.connect();
        this.all.add(connection);
        return connection;
      } finally {
        this.opening -= 1;
      }
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiters.delete(waiter);
        reject(canceled());
      };
      const waiter: Waiter = {
        grant: (connection) => {
          signal?.removeEventListener("abort", leave);
          resolve(connection);
        },
        fail: (error) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.waiters.add(waiter);
    });
  }

  private release(connection: DuckDBConnection): void {
    const [next] = this.waiters;
    if (next) {
      this.waiters.delete(next);
      next.grant(connection);
    } else {
      this.idle.push(connection);
      this.whenIdle?.();
    }
  }
}

function closedError(): Error {
  return new Error("the storage is closed");
}

import { canceled, deadlock, lockTimeout } from "./storageErrors";

/**
 * `shared`: INSERT and COPY, side by side. `exclusive`: UPDATE, DELETE, MERGE, TRUNCATE. `ddl`: changes of the table's
 * shape. `upkeep`: housekeeping, against `ddl` only.
 */
export type LockMode = "upkeep" | "shared" | "exclusive" | "ddl";

export interface LockNeed {
  /** A stored table's id, or any other integer that callers agree on. */
  readonly id: number;
  readonly mode: LockMode;
  /** The table's name for error messages. */
  readonly name?: string;
}

/** Who holds locks: a transaction, or a statement that commits by itself. */
export interface LockOwner {
  /** The transaction's id, for error messages. */
  readonly id: string;
  /** µs since the epoch; absent for housekeeping. */
  readonly startedAt?: number;
}

/** A lock that somebody has or waits for. */
export interface LockState {
  /** As in LockNeed. */
  readonly id: number;
  readonly mode: LockMode;
  /** The transaction's id. */
  readonly transaction: string;
  /** µs since the epoch. */
  readonly startedAt: number;
  /** The statement that took it or wants it. */
  readonly statementId: string;
  /** µs since the epoch; absent while it is waited for. */
  readonly acquiredAt?: number;
  /** Transactions that must end before it is granted. */
  readonly waitsFor: readonly string[];
}

export interface LockWait {
  /** Seconds; 0 fails at once instead of waiting. Default: 43200, as LOCK_TIMEOUT. */
  readonly timeoutSeconds?: number;
  /** The waiting statement's id, for error messages. */
  readonly statementId?: string;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_SECONDS = 43_200;
/** The longest time that a Node timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const STRENGTH: Record<LockMode, number> = { upkeep: 0, shared: 1, exclusive: 2, ddl: 3 };

const COMPATIBLE: Record<LockMode, readonly LockMode[]> = {
  upkeep: ["upkeep", "shared", "exclusive"],
  shared: ["upkeep", "shared"],
  exclusive: ["upkeep"],
  ddl: [],
};

interface Held {
  mode: LockMode;
  readonly statementId: string;
  readonly acquiredAt: number;
}

interface Request {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly statementId: string;
  readonly grant: () => void;
}

interface Resource {
  readonly held: Map<LockOwner, Held>;
  /** In the order in which the requests will be granted. */
  readonly queue: Request[];
}

/** Table locks with waiting in order of arrival, timeout and deadlock detection. Locks are held until `releaseAll`. */
export class LockTable {
  private readonly resources = new Map<number, Resource>();
  private readonly ownedBy = new Map<LockOwner, Set<number>>();
  /** An owner runs one statement at a time, so it waits for one lock at most. */
  private readonly waitingFor = new Map<LockOwner, { readonly resource: Resource; readonly request: Request }>();

  /** @param now µs since the epoch */
  constructor(private readonly now: () => number) {}

  /**
   * Takes all locks, in the order of their ids, so that statements of one kind cannot deadlock with each other.
   *
   * @throws SnowflakeError 000625 when the wait times out or would be a deadlock, 000604 when the signal is aborted. The
   *   owner keeps the locks that it has.
   */
  async acquire(owner: LockOwner, needs: readonly LockNeed[], wait: LockWait = {}): Promise<void> {
    for (const need of [...needs].sort((a, b) => a.id - b.id)) {
      if (!this.take(owner, need, wait.statementId ?? "")) await this.waitFor(owner, need, wait);
    }
  }

  /** Takes a lock if it is free. @returns whether the owner has it */
  tryAcquire(owner: LockOwner, need: LockNeed): boolean {
    return this.take(owner, need, "");
  }

  /** @returns whether the owner holds the lock in this mode or a stronger one */
  holds(owner: LockOwner, id: number, mode: LockMode): boolean {
    const held = this.resources.get(id)?.held.get(owner);
    return held !== undefined && STRENGTH[held.mode] >= STRENGTH[mode];
  }

  releaseAll(owner: LockOwner): void {
    const ids = this.ownedBy.get(owner) ?? [];
    this.ownedBy.delete(owner);
    for (const id of ids) {
      const resource = this.resources.get(id)!;
      resource.held.delete(owner);
      this.serve(id, resource);
    }
  }

  /** Locks that transactions and statements have and wait for; housekeeping's are left out. */
  list(): LockState[] {
    const states: LockState[] = [];
    for (const [id, { held, queue }] of this.resources) {
      for (const [owner, { mode, statementId, acquiredAt }] of held) {
        states.push({ ...stateOf(id, owner, mode, statementId), acquiredAt, waitsFor: [] });
      }
      for (const { owner, mode, statementId } of queue) {
        const waitsFor = this.awaited(owner).map((other) => other.id);
        states.push({ ...stateOf(id, owner, mode, statementId), waitsFor });
      }
    }
    return states.filter(({ mode, startedAt }) => mode !== "upkeep" && startedAt > 0);
  }

  private take(owner: LockOwner, need: LockNeed, statementId: string): boolean {
    const resource = this.resource(need.id);
    const mine = resource.held.get(owner);
    if (mine && STRENGTH[mine.mode] >= STRENGTH[need.mode]) return true;
    // A stronger lock on what one holds already goes before the queue, which waits for its owner anyway.
    const overtakes = mine !== undefined || need.mode === "upkeep";
    if (!overtakes && resource.queue.length > 0) return false;
    if (blockers(resource, owner, need.mode).length > 0) return false;
    this.give(need.id, resource, owner, need.mode, statementId);
    return true;
  }

  private give(id: number, resource: Resource, owner: LockOwner, mode: LockMode, statementId: string): void {
    resource.held.set(owner, { mode, statementId, acquiredAt: this.now() });
    const owned = this.ownedBy.get(owner);
    if (owned) owned.add(id);
    else this.ownedBy.set(owner, new Set([id]));
  }

  private waitFor(owner: LockOwner, need: LockNeed, wait: LockWait): Promise<void> {
    const resource = this.resource(need.id);
    const statementId = wait.statementId ?? "";
    const seconds = wait.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    return new Promise((resolve, reject) => {
      const leave = (error: Error) => {
        finish();
        resource.queue.splice(resource.queue.indexOf(request), 1);
        this.serve(need.id, resource);
        reject(error);
      };
      const finish = () => {
        clearTimeout(timer);
        wait.signal?.removeEventListener("abort", onAbort);
        this.waitingFor.delete(owner);
      };
      const onAbort = () => leave(canceled());
      const request: Request = {
        owner,
        mode: need.mode,
        statementId,
        grant: () => {
          finish();
          this.give(need.id, resource, owner, need.mode, statementId);
          resolve();
        },
      };
      let timer: NodeJS.Timeout | undefined;
      if (resource.held.has(owner)) resource.queue.unshift(request);
      else resource.queue.push(request);
      this.waitingFor.set(owner, { resource, request });
      const conflict = () => describeConflict(resource, owner, need, statementId);
      if (wait.signal?.aborted) leave(canceled());
      else if (this.waitsForItself(owner)) leave(deadlock(conflict()));
      else if (seconds <= 0) leave(lockTimeout(conflict(), 0));
      else {
        timer = setTimeout(
          () => leave(lockTimeout(conflict(), seconds)),
          Math.min(Math.ceil(seconds * 1000), LONGEST_TIMER_MS),
        );
        wait.signal?.addEventListener("abort", onAbort, { once: true });
      }
    });
  }

  /** A new wait closes a cycle only through its own owner, so the search starts and ends there. */
  private waitsForItself(owner: LockOwner): boolean {
    const seen = new Set<LockOwner>();
    const open = this.awaited(owner);
    for (let next = open.pop(); next; next = open.pop()) {
      if (next === owner) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.awaited(next));
    }
    return false;
  }

  /** The owners that must go before a waiting owner's request can be granted. */
  private awaited(owner: LockOwner): LockOwner[] {
    const waiting = this.waitingFor.get(owner);
    if (!waiting) return [];
    const { resource, request } = waiting;
    const earlier = resource.queue.slice(0, resource.queue.indexOf(request)).map((other) => other.owner);
    return [...blockers(resource, owner, request.mode), ...earlier];
  }

  /** Grants from the front of the queue as far as possible: who came first is served first. */
  private serve(id: number, resource: Resource): void {
    for (let first = resource.queue[0]; first; first = resource.queue[0]) {
      if (blockers(resource, first.owner, first.mode).length > 0) return;
      resource.queue.shift();
      first.grant();
    }
    if (resource.held.size === 0) this.resources.delete(id);
  }

  private resource(id: number): Resource {
    let resource = this.resources.get(id);
    if (!resource) {
      resource = { held: new Map(), queue: [] };
      this.resources.set(id, resource);
    }
    return resource;
  }
}

function stateOf(id: number, { id: transaction, startedAt = 0 }: LockOwner, mode: LockMode, statementId: string) {
  return { id, mode, transaction, startedAt, statementId };
}

function blockers(resource: Resource, owner: LockOwner, mode: LockMode): LockOwner[] {
  const result: LockOwner[] = [];
  for (const [holder, { mode: held }] of resource.held) {
    if (holder !== owner && !COMPATIBLE[mode].includes(held)) result.push(holder);
  }
  return result;
}

function describeConflict(resource: Resource, owner: LockOwner, need: LockNeed, waitingStatement: string) {
  const holder = blockers(resource, owner, need.mode)[0] ?? resource.queue[0]?.owner ?? owner;
  return {
    holderStatement: resource.held.get(holder)?.statementId ?? "",
    holderTransaction: holder.id,
    table: need.name ?? String(need.id),
    waitingStatement,
  };
}

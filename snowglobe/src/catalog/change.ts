import type { Catalog } from "./catalog";
import { futureGrantKey, grantKey, nameKey } from "./catalog";
import { SnowflakeError } from "../errors";
import type { CatalogObject, FutureGrant, Grant } from "./objects";
import { literal } from "../quoting";

/** Runs SQL inside the transaction that the change belongs to. */
export type RunSql = (sql: string, parameters?: readonly unknown[]) => Promise<unknown>;

/**
 * Tables of the catalog's schema. They are logs: each change appends a row and the latest counts, because appends of
 * concurrent transactions never conflict in DuckDB while updates of one row do.
 */
export const CATALOG_TABLES = [
  "CREATE TABLE IF NOT EXISTS catalog.object_log (seq BIGINT, id BIGINT, doc VARCHAR)",
  "CREATE TABLE IF NOT EXISTS catalog.grant_log (seq BIGINT, kind VARCHAR, id VARCHAR, doc VARCHAR)",
];

/**
 * What a statement found in the catalog has been changed by another session before the statement could commit. Nothing
 * of it remains, so it can be run again from the start; only a statement that loses again and again fails with it.
 */
export class CatalogMoved extends SnowflakeError {
  constructor(name: string) {
    super(
      "000625",
      "57014",
      `Statement aborted: '${name}' was changed by other sessions at the same time. Run it again.`,
    );
  }
}

/**
 * Removes rows of the logs that later ones replace. Rows that are written meanwhile are all later, so nothing needs to
 * wait.
 */
export async function forgetSuperseded(run: RunSql): Promise<void> {
  for (const [log, key] of [
    ["catalog.object_log", "id"],
    ["catalog.grant_log", "kind, id"],
  ]) {
    await run(
      `DELETE FROM ${log!} WHERE seq IN (SELECT seq FROM (SELECT seq, max(seq) OVER (PARTITION BY ${key!}) AS latest FROM ${log!}) WHERE seq < latest)`,
    );
  }
}

/**
 * Changes of the catalog within one statement. Reads through it see its own changes first; `persist` writes the log rows
 * in the statement's transaction, `apply` shows them to everybody once that transaction has committed.
 */
export class CatalogChange {
  private readonly objects = new Map<number, CatalogObject | undefined>();
  private readonly grants = new Map<string, { grant: Grant; present: boolean }>();
  private readonly futureGrants = new Map<string, { grant: FutureGrant; present: boolean }>();

  constructor(
    readonly catalog: Catalog,
    private readonly ids: IdSource,
  ) {}

  nextId(): number {
    return this.ids.next();
  }

  object(id: number): CatalogObject | undefined {
    return this.objects.has(id) ? this.objects.get(id) : this.catalog.object(id);
  }

  /**
   * @throws CatalogMoved when the object was made from a state that is not the committed one any more: what another
   *   session changed since would be lost
   */
  put(object: CatalogObject): void {
    const committed = this.catalog.object(object.id);
    const own = this.objects.get(object.id);
    const known = [committed?.revision, ...(own ? [own.revision] : [])];
    if (!known.includes(object.revision)) throw new CatalogMoved(object.name);
    this.objects.set(object.id, { ...object, revision: (committed?.revision ?? 0) + 1 });
  }

  /** Forgets an object for good, with the grants on it and to it. */
  remove(object: CatalogObject): void {
    this.objects.set(object.id, undefined);
    for (const grant of this.catalog.grantsOn(object.id)) this.revoke(grant);
    const granteeKind = object.kind === "DATABASE ROLE" ? "ROLE" : object.kind;
    if (granteeKind === "ROLE" || granteeKind === "USER") {
      for (const grant of this.catalog.grantsTo(granteeKind, object.id)) this.revoke(grant);
    }
    for (const grant of this.catalog.futureGrantsIn(object.id)) this.revokeFuture(grant);
    if (granteeKind === "ROLE") {
      for (const grant of this.catalog.futureGrantsTo(object.id)) this.revokeFuture(grant);
    }
  }

  grant(grant: Grant): void {
    this.grants.set(grantKey(grant), { grant, present: true });
  }

  revoke(grant: Grant): void {
    this.grants.set(grantKey(grant), { grant, present: false });
  }

  grantFuture(grant: FutureGrant): void {
    this.futureGrants.set(futureGrantKey(grant), { grant, present: true });
  }

  revokeFuture(grant: FutureGrant): void {
    this.futureGrants.set(futureGrantKey(grant), { grant, present: false });
  }

  /** Objects changed here that are new or have a new state. */
  changed(): readonly (readonly [number, CatalogObject | undefined])[] {
    return [...this.objects];
  }

  /**
   * Checks that the changed objects fit the committed catalog: the names are free, and what contains them is there.
   * Handlers look before the catalog is locked, so another session may have come first.
   *
   * @throws CatalogMoved
   */
  private check(): void {
    for (const object of this.objects.values()) {
      if (!object || object.droppedOn !== undefined) continue;
      const holder = this.catalog.holderOf(object);
      const held = holder && this.object(holder.id);
      // A holder that this change renames, moves, drops or forgets lets go of the name.
      if (held && held.id !== object.id && held.droppedOn === undefined && sameName(held, object)) {
        throw new CatalogMoved(object.name);
      }
      if (object.parentId !== 0 && !isLive(this.object(object.parentId))) throw new CatalogMoved(object.name);
    }
    for (const { grant, present } of this.grants.values()) {
      if (!present) continue;
      const gone = [grant.granteeId, ...(grant.objectId === 0 ? [] : [grant.objectId])].some((id) => !this.object(id));
      if (gone) throw new CatalogMoved(grant.privilege);
    }
    for (const { grant, present } of this.futureGrants.values()) {
      if (present && !(this.object(grant.inId) && this.object(grant.granteeId)))
        throw new CatalogMoved(grant.privilege);
    }
  }

  /**
   * Checks the change and writes its log rows; one SQL text without parameters is the cheapest way to write a few.
   *
   * @throws CatalogMoved when another session came first
   */
  async persist(run: RunSql): Promise<void> {
    this.check();
    const objects: string[] = [];
    for (const [id, object] of this.objects) {
      if (object?.sessionId !== undefined || this.catalog.object(id)?.sessionId !== undefined) continue;
      objects.push(`(${this.ids.next()}, ${id}, ${object === undefined ? "NULL" : literal(JSON.stringify(object))})`);
    }
    const grants: string[] = [];
    const log = (kind: string, id: string, change: unknown): void => {
      grants.push(`(${this.ids.next()}, '${kind}', ${literal(id)}, ${literal(JSON.stringify(change))})`);
    };
    for (const [id, change] of this.grants) log("grant", id, change);
    for (const [id, change] of this.futureGrants) log("future", id, change);
    if (objects.length > 0) await run(`INSERT INTO catalog.object_log VALUES ${objects.join(", ")}`);
    if (grants.length > 0) await run(`INSERT INTO catalog.grant_log VALUES ${grants.join(", ")}`);
  }

  apply(): void {
    for (const [id, object] of this.objects) this.catalog.put(id, object);
    for (const { grant, present } of this.grants.values()) this.catalog.putGrant(grant, present);
    for (const { grant, present } of this.futureGrants.values()) this.catalog.putFutureGrant(grant, present);
  }
}

function sameName(a: CatalogObject, b: CatalogObject): boolean {
  return nameKey(a) === nameKey(b) && a.parentId === b.parentId && a.sessionId === b.sessionId;
}

function isLive(object: CatalogObject | undefined): boolean {
  return object !== undefined && object.droppedOn === undefined;
}

/** Ids and log positions: one rising number for both, so that a restart only has to find the largest. */
export class IdSource {
  constructor(private last: number) {}

  next(): number {
    return ++this.last;
  }

  /** The source that goes on after these ids too. */
  above(ids: readonly number[]): IdSource {
    return new IdSource(Math.max(this.last, ...ids));
  }
}

export interface CatalogLog {
  readonly objects: readonly { readonly seq: number; readonly id: number; readonly doc: string | null }[];
  readonly grants: readonly { readonly seq: number; readonly kind: string; readonly doc: string }[];
}

/** Brings the catalog back from its logs; rows in any order. @returns the id source that goes on after them */
export function replay(catalog: Catalog, log: CatalogLog): IdSource {
  let last = 0;
  for (const row of [...log.objects].sort((a, b) => a.seq - b.seq)) {
    last = Math.max(last, row.seq, row.id);
    catalog.put(row.id, row.doc === null ? undefined : (JSON.parse(row.doc) as CatalogObject));
  }
  for (const row of [...log.grants].sort((a, b) => a.seq - b.seq)) {
    last = Math.max(last, row.seq);
    if (row.kind === "grant") {
      const { grant, present } = JSON.parse(row.doc) as { grant: Grant; present: boolean };
      catalog.putGrant(grant, present);
    } else {
      const { grant, present } = JSON.parse(row.doc) as { grant: FutureGrant; present: boolean };
      catalog.putFutureGrant(grant, present);
    }
  }
  return new IdSource(last);
}

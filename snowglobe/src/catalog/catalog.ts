import type {
  CatalogObject,
  Database,
  FutureGrant,
  Grant,
  ObjectKind,
  ObjectOf,
  RelationObject,
  Stream,
  Schema,
} from "./objects";
import { RELATION_KINDS } from "./objects";
import { qualified } from "../quoting";

/** Objects of one name space: what queries read shares one, every other kind has its own. */
type NameSpace = "RELATION" | Exclude<ObjectKind, (typeof RELATION_KINDS)[number] | "STREAM">;

function nameSpaceOf(kind: ObjectKind): NameSpace {
  return isReadable(kind) ? "RELATION" : (kind as NameSpace);
}

/** Whether FROM may name objects of the kind. */
export function isReadable(kind: ObjectKind): boolean {
  return kind === "STREAM" || (RELATION_KINDS as readonly ObjectKind[]).includes(kind);
}

const ACCOUNT_ID = 0;

/**
 * The catalog in memory: what names mean, who owns what, who may do what. It only reads and swaps: rows are written by
 * CatalogChange inside the transaction that also changes the data, and put here when that has committed.
 */
export class Catalog {
  private readonly objects = new Map<number, CatalogObject>();
  /** Live objects: `namespace/parentId/sessionId` -> name -> id. */
  private readonly names = new Map<string, Map<string, number>>();
  private readonly grantsByObject = new Map<number, Map<string, Grant>>();
  private readonly grantsByGrantee = new Map<string, Map<string, Grant>>();
  private readonly futureGrants = new Map<string, FutureGrant>();
  private readonly children = new Map<number, Set<number>>();
  private readonly counts = new Map<ObjectKind, number>();
  /** Grows with every change: what was derived from the catalog is stale when it differs. */
  generation = 0;

  /** Whether there is an object of the kind, be it dropped. */
  hasAny(kind: ObjectKind): boolean {
    return (this.counts.get(kind) ?? 0) > 0;
  }

  object(id: number): CatalogObject | undefined {
    return this.objects.get(id);
  }

  /** @throws Error when the id is unknown or of another kind: ids come from the catalog itself */
  require<K extends CatalogObject["kind"]>(kind: K, id: number): ObjectOf<K> {
    const found = this.objects.get(id);
    if (found?.kind !== kind) throw new Error(`catalog: ${id} is not a ${kind}`);
    return found as ObjectOf<K>;
  }

  /** A live object by name; a temporary one of the session comes first. */
  find<K extends CatalogObject["kind"]>(
    kind: K,
    parentId: number,
    name: string,
    sessionId?: number,
  ): ObjectOf<K> | undefined {
    const found = this.lookUp(nameSpaceOf(kind), parentId, name, sessionId);
    return found?.kind === kind ? (found as ObjectOf<K>) : undefined;
  }

  /** Whatever relation (table, view, dynamic table) has this name in the schema. */
  relation(schemaId: number, name: string, sessionId?: number): RelationObject | undefined {
    const found = this.readable(schemaId, name, sessionId);
    return found?.kind === "STREAM" ? undefined : found;
  }

  /** Whatever FROM can name: a relation, or a stream. */
  readable(schemaId: number, name: string, sessionId?: number): RelationObject | Stream | undefined {
    return this.lookUp("RELATION", schemaId, name, sessionId) as RelationObject | Stream | undefined;
  }

  /** The live object that has the name, place and session of this one; maybe the object itself. */
  holderOf(object: CatalogObject): CatalogObject | undefined {
    const names = this.names.get(key(nameSpaceOf(object.kind), object.parentId, object.sessionId));
    const id = names?.get(nameKey(object));
    return id === undefined ? undefined : this.objects.get(id);
  }

  private lookUp(space: NameSpace, parentId: number, name: string, sessionId?: number): CatalogObject | undefined {
    const id =
      (sessionId === undefined ? undefined : this.names.get(key(space, parentId, sessionId))?.get(name)) ??
      this.names.get(key(space, parentId, undefined))?.get(name);
    return id === undefined ? undefined : this.objects.get(id);
  }

  /** Live objects of a kind, in one parent or everywhere, by name. */
  list<K extends CatalogObject["kind"]>(kind: K, parentId?: number): ObjectOf<K>[] {
    const ids = parentId === undefined ? this.objects.keys() : (this.children.get(parentId) ?? []);
    const found: ObjectOf<K>[] = [];
    for (const id of ids) {
      const object = this.objects.get(id)!;
      if (object.kind === kind && object.droppedOn === undefined) found.push(object as ObjectOf<K>);
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Live objects directly inside a database or schema, temporary ones of all sessions included. */
  childrenOf(parentId: number): CatalogObject[] {
    return [...(this.children.get(parentId) ?? [])]
      .map((id) => this.objects.get(id)!)
      .filter((object) => object.droppedOn === undefined);
  }

  /** Dropped objects of a name, latest first: what UNDROP can bring back. */
  dropped<K extends CatalogObject["kind"]>(kind: K, parentId: number, name: string): ObjectOf<K>[] {
    return [...(this.children.get(parentId) ?? [])]
      .map((id) => this.objects.get(id)!)
      .filter((o): o is ObjectOf<K> => o.kind === kind && o.name === name && o.droppedOn !== undefined)
      .sort((a, b) => b.droppedOn! - a.droppedOn! || b.id - a.id);
  }

  all(): Iterable<CatalogObject> {
    return this.objects.values();
  }

  database(name: string): Database | undefined {
    return this.find("DATABASE", ACCOUNT_ID, name);
  }

  schema(databaseId: number, name: string): Schema | undefined {
    return this.find("SCHEMA", databaseId, name);
  }

  schemaOf(object: { readonly parentId: number }): Schema {
    return this.require("SCHEMA", object.parentId);
  }

  databaseOf(object: CatalogObject): Database {
    if (object.kind === "DATABASE") return object;
    if (object.kind === "SCHEMA") return this.require("DATABASE", object.parentId);
    return this.require("DATABASE", this.schemaOf(object).parentId);
  }

  /** Parts of the full name, outermost first. */
  pathOf(object: CatalogObject): string[] {
    const path = [object.name];
    let parent = object.parentId === ACCOUNT_ID ? undefined : this.objects.get(object.parentId);
    while (parent) {
      path.unshift(parent.name);
      parent = parent.parentId === ACCOUNT_ID ? undefined : this.objects.get(parent.parentId);
    }
    return path;
  }

  /** `DB.SCHEMA.NAME`, quoted where needed. */
  fullName(object: CatalogObject): string {
    return qualified(this.pathOf(object));
  }

  grantsOn(objectId: number): Grant[] {
    return [...(this.grantsByObject.get(objectId)?.values() ?? [])];
  }

  grantsTo(granteeKind: Grant["granteeKind"], granteeId: number): Grant[] {
    return [...(this.grantsByGrantee.get(`${granteeKind}/${granteeId}`)?.values() ?? [])];
  }

  futureGrantsIn(parentId: number): FutureGrant[] {
    return [...this.futureGrants.values()].filter((grant) => grant.inId === parentId);
  }

  futureGrantsTo(roleId: number): FutureGrant[] {
    return [...this.futureGrants.values()].filter((grant) => grant.granteeId === roleId);
  }

  /** Puts a committed state of an object in place, or forgets the object. */
  put(id: number, object: CatalogObject | undefined): void {
    this.generation++;
    const before = this.objects.get(id);
    if (before) {
      this.children.get(before.parentId)?.delete(id);
      const space = this.names.get(key(nameSpaceOf(before.kind), before.parentId, before.sessionId));
      if (space?.get(nameKey(before)) === id) space.delete(nameKey(before));
      this.objects.delete(id);
      this.counts.set(before.kind, this.counts.get(before.kind)! - 1);
    }
    if (!object) return;
    this.counts.set(object.kind, (this.counts.get(object.kind) ?? 0) + 1);
    this.objects.set(id, object);
    entry(this.children, object.parentId, () => new Set<number>()).add(id);
    if (object.droppedOn === undefined) {
      const space = key(nameSpaceOf(object.kind), object.parentId, object.sessionId);
      entry(this.names, space, () => new Map<string, number>()).set(nameKey(object), id);
    }
  }

  /** Puts a committed grant in place (or takes it away). */
  putGrant(grant: Grant, present: boolean): void {
    this.generation++;
    const id = grantKey(grant);
    const byObject = entry(this.grantsByObject, grant.objectId, () => new Map<string, Grant>());
    const byGrantee = entry(
      this.grantsByGrantee,
      `${grant.granteeKind}/${grant.granteeId}`,
      () => new Map<string, Grant>(),
    );
    if (present) {
      byObject.set(id, grant);
      byGrantee.set(id, grant);
    } else {
      byObject.delete(id);
      byGrantee.delete(id);
    }
  }

  putFutureGrant(grant: FutureGrant, present: boolean): void {
    this.generation++;
    if (present) this.futureGrants.set(futureGrantKey(grant), grant);
    else this.futureGrants.delete(futureGrantKey(grant));
  }
}

export function grantKey(grant: Grant): string {
  return `${grant.objectId}/${grant.privilege}/${grant.granteeKind}/${grant.granteeId}`;
}

export function futureGrantKey(grant: FutureGrant): string {
  return `${grant.inId}/${grant.objectKind}/${grant.privilege}/${grant.granteeId}`;
}

/** What an object is found by: its name, for functions and procedures with their arguments' types. */
export function nameKey(object: CatalogObject): string {
  return "signature" in object ? routineKey(object.name, object.signature) : object.name;
}

/** @param signature kinds of the arguments' types, as a Routine keeps them */
export function routineKey(name: string, signature: string): string {
  return `${name}(${signature})`;
}

function key(space: NameSpace, parentId: number, sessionId: number | undefined): string {
  return `${space}/${parentId}/${sessionId ?? ""}`;
}

function entry<K, V>(map: Map<K, V>, at: K, make: () => V): V {
  let value = map.get(at);
  if (value === undefined) map.set(at, (value = make()));
  return value;
}

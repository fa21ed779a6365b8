import { lockWait } from "../../execution/parameters";
import { randomUUID } from "node:crypto";
import { CatalogMoved, type CatalogChange } from "../../catalog/change";
import type { Catalog } from "../../catalog/catalog";
import type { CatalogObject, Database, DynamicTable, PolicyUse, Schema, Table, View } from "../../catalog/objects";
import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { CloneSource } from "../../sql/ast/statements/common";
import { copyIdentities } from "../../execution/numberSource";
import type { LockNeed, StatementWriter } from "../../storage";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { cloneOf } from "../dynamicTable/cloneDynamicTable";
import { listed, queryInputs, type DirectInput, type QueryInputs } from "../../refresh/queryInputs";
import { systemContext } from "../../refresh/systemContext";
import { qualified } from "../../quoting";

/** A container on its way to be cloned. */
interface Cloning {
  readonly source: Database | Schema;
  readonly target: Database | Schema;
  /** The clones' ids by those of the objects that they are made of; the containers' own are among them. */
  readonly ids: ReadonlyMap<number, number>;
  readonly context: StatementContext;
}

/**
 * CREATE DATABASE | SCHEMA ... CLONE: copies of all that lies in the source, in one commit. Names in views and dynamic
 * tables mean the copies unless they are written with their schema. Dynamic tables are suspended, internal stages left
 * out; grants on the objects are copied, those on the source itself are not.
 *
 * Sources: "CREATE <object> ... CLONE", "Cloning considerations", "Clone dynamic tables".
 *
 * @param source the database or schema that the clone is taken of
 * @param target the new one, not yet in the catalog
 * @param put puts the new container into the change, with its tags
 * @throws SnowflakeError for what cannot be cloned, by name
 */
export async function cloneContainer<T extends Database | Schema>(
  source: T,
  target: T,
  clone: CloneSource,
  put: (change: CatalogChange, tags: Tags) => void,
  context: StatementContext,
): Promise<void> {
  if (clone.timeTravel) throw unsupported(`CREATE ${source.kind} ... CLONE ... AT`);
  requirePrivilege(context, source, "USAGE");
  if (source.transient && !target.transient) {
    throw compilationError("Transient object cannot be cloned to a permanent object.", "002120", "0A000");
  }
  const { instance } = context;
  // No dynamic table is refreshed meanwhile: the state of each belongs to its rows.
  await instance.refreshes.run(async () => {
    const objects = contentOf(source, instance.catalog);
    const stored = objects.filter((object): object is Table | DynamicTable => "storageId" in object);
    const locks = stored.map(({ storageId: id, name }): LockNeed => ({ id, mode: "upkeep", name }));
    await instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
      const change = await begin();
      for (const object of objects) {
        if (change.object(object.id)?.revision !== object.revision) throw new CatalogMoved(object.name);
      }
      const ids = new Map(objects.map((object) => [object.id, instance.ids.next()] as const)).set(source.id, target.id);
      put(change, tagsOf(source, target, ids));
      const cloning: Cloning = { source, target, ids, context };
      for (const object of objects) {
        const made = await withNumbers(copyOf(object, cloning), writer, context);
        if ("storageId" in object) {
          const timed = object.rowTimesSince !== undefined;
          await writer.clone(object.storageId, (made as Table).storageId, undefined, timed);
        }
        change.put(made);
        for (const grant of instance.catalog.grantsOn(object.id)) {
          const granteeId = ids.get(grant.granteeId) ?? grant.granteeId;
          change.grant({ ...grant, objectId: made.id, granteeId });
        }
        if (object.kind === "DATABASE ROLE") {
          for (const grant of instance.catalog.grantsTo("ROLE", object.id)) {
            if (grant.objectId === source.id) change.grant({ ...grant, objectId: target.id, granteeId: made.id });
          }
        }
      }
    });
  });
}

export type Tags = Pick<CatalogObject, "tags">;

/** Tags of the source, and in their place those that the statement gives. Source: "Object tagging", cloning. */
function tagsOf(source: Database | Schema, target: Database | Schema, ids: Cloning["ids"]): Tags {
  const values = new Map((source.tags ?? []).map(({ tagId, value }) => [ids.get(tagId) ?? tagId, value]));
  for (const { tagId, value } of target.tags ?? []) values.set(tagId, value);
  return values.size === 0 ? {} : { tags: [...values].map(([tagId, value]) => ({ tagId, value })) };
}

/** Sequences and AUTOINCREMENT columns of a copy go on by themselves. */
async function withNumbers(
  copy: CatalogObject,
  writer: StatementWriter,
  { instance }: StatementContext,
): Promise<CatalogObject> {
  const nextId = (): number => instance.ids.next();
  if (copy.kind === "TABLE") return { ...copy, columns: await copyIdentities(copy.columns, true, nextId, writer) };
  if (copy.kind !== "SEQUENCE") return copy;
  const sequenceId = nextId();
  await writer.createSequence(sequenceId, await writer.nextValue(copy.sequenceId), copy.increment);
  return { ...copy, sequenceId };
}

/**
 * All that is cloned, schemas before what lies in them. Files of internal stages are not cloned, and without INCLUDE
 * INTERNAL STAGES the stages are not either.
 */
function contentOf(container: CatalogObject, catalog: Catalog): CatalogObject[] {
  return catalog
    .childrenOf(container.id)
    .filter((child) => child.sessionId === undefined && child.kind !== "STAGE")
    .flatMap((child) => (child.kind === "SCHEMA" ? [child, ...contentOf(child, catalog)] : [child]));
}

function copyOf(object: CatalogObject, cloning: Cloning): CatalogObject {
  const { ids, context } = cloning;
  const { instance, startedOn: createdOn } = context;
  const { name, owner } = object;
  const mapped = (id: number): number => ids.get(id) ?? id;
  const tags = object.tags?.map((one) => ({ ...one, tagId: mapped(one.tagId) }));
  const own = {
    id: ids.get(object.id)!,
    parentId: ids.get(object.parentId)!,
    name,
    owner,
    createdOn,
    ...(tags && { tags }),
  };
  switch (object.kind) {
    case "SCHEMA":
    case "SEQUENCE":
    case "ROW ACCESS POLICY":
    case "MASKING POLICY":
    case "DATABASE ROLE":
    case "FUNCTION":
    case "PROCEDURE":
    case "FILE FORMAT":
      return { ...object, ...own, revision: undefined };
    case "TAG":
      return { ...object, ...own, revision: undefined, maskingPolicies: object.maskingPolicies?.map(mapped) };
    case "VIEW":
      return { ...object, ...own, ...attached(object, mapped), revision: undefined };
    case "TABLE": {
      const firstVersion = instance.storage.lastVersion;
      const trackedSince = object.changeTracking ? firstVersion : undefined;
      // A key that lies in the source is its clone's. Source: "Cloning considerations", foreign keys.
      const constraints = object.constraints?.map(({ references, ...one }) => ({
        ...one,
        ...(references && { references: { ...references, tableId: mapped(references.tableId) } }),
      }));
      const storageId = instance.ids.next();
      const kept = attached(object, mapped);
      return { ...object, ...own, ...kept, revision: undefined, storageId, constraints, firstVersion, trackedSince };
    }
    case "DYNAMIC TABLE":
      return { ...dynamicTableOf(object, own, cloning), ...attached(object, mapped) };
    case "TASK":
      return {
        ...object,
        ...own,
        ...{ revision: undefined, uuid: randomUUID(), graphVersion: undefined, failures: 0 },
        ...{ started: false, resumedOn: null, suspendedOn: null, suspendedReason: null },
        predecessors: object.predecessors?.map(mapped),
        finalizes: object.finalizes === undefined ? undefined : mapped(object.finalizes),
      };
    case "ALERT":
      return { ...object, ...own, revision: undefined, started: false, resumedOn: null };
    default:
      throw unsupported(`CLONE of a database or schema with a ${object.kind} (${object.name})`);
  }
}

/**
 * Tags and policies of a copy: the copies of those that are cloned too, else the same. Source: "Understanding Column-level
 * Security", cloned objects.
 */
function attached<T extends Table | View | DynamicTable>(
  object: T,
  mapped: (id: number) => number,
): Pick<T, "columns" | "rowAccess"> {
  const copied = (use: PolicyUse): PolicyUse => ({ ...use, policyId: mapped(use.policyId) });
  const columns = object.columns.map(({ masking, tags, ...column }) => ({
    ...column,
    ...(masking && { masking: copied(masking) }),
    ...(tags && { tags: tags.map((one) => ({ ...one, tagId: mapped(one.tagId) })) }),
  }));
  return { columns, ...(object.rowAccess && { rowAccess: copied(object.rowAccess) }) };
}

/**
 * What a clone reads are clones with a history of their own, so that its first refresh makes all rows anew. Source:
 * "Clone dynamic tables", initial refresh may reinitialize.
 */
function dynamicTableOf(source: DynamicTable, own: Parameters<typeof cloneOf>[1], cloning: Cloning): DynamicTable {
  const { ids, context } = cloning;
  const { catalog } = context.instance;
  const inputs = inputsOf(source, context);
  // A name with the container's own in it still means the original.
  const qualifiedFrom = catalog.pathOf(cloning.source).length === 1 ? 3 : 2;
  const isMoved = ({ object, parts }: DirectInput): boolean => ids.has(object.id) && parts < qualifiedFrom;
  const moved = inputs?.direct.filter(isMoved) ?? [];
  const below = moved.some(({ object }) => object.kind === "DYNAMIC TABLE");
  const sameInputs = inputs !== undefined && moved.length === 0;
  return {
    ...cloneOf(source, own, below ? "UPSTREAM_CLONED_AUTO_SUSPENDED" : "CLONED_AUTO_SUSPENDED", context),
    inputs: source.inputs.map((id) => (moved.some(({ object }) => object.id === id) ? ids.get(id)! : id)),
    reads: inputs
      ? listed(inputs, (input) => (isMoved(input) ? cloneName(input.object, cloning) : catalog.fullName(input.object)))
      : source.reads,
    namesFrom: source.namesFrom === undefined ? undefined : (ids.get(source.namesFrom) ?? source.namesFrom),
    content: source.content && !sameInputs ? { ...source.content, inputVersions: [] } : source.content,
  };
}

/** undefined for a query that cannot be bound as things are: the clone's refreshes will say why. */
function inputsOf(source: DynamicTable, context: StatementContext): QueryInputs | undefined {
  try {
    return queryInputs(source, systemContext(context.instance, source));
  } catch (error) {
    if (error instanceof SnowflakeError) return undefined;
    throw error;
  }
}

function cloneName(object: CatalogObject, { source, target, context }: Cloning): string {
  const { catalog } = context.instance;
  const inside = catalog.pathOf(object).slice(catalog.pathOf(source).length);
  const outside = target.kind === "SCHEMA" ? [catalog.require("DATABASE", target.parentId).name] : [];
  return qualified([...outside, target.name, ...inside]);
}

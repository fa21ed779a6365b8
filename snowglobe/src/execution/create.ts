import type { CatalogChange } from "../catalog/change";
import type { BaseObject, CatalogObject, ObjectKind, ObjectOf, Schema } from "../catalog/objects";
import { isReadable, routineKey } from "../catalog/catalog";
import { ACCOUNT } from "../catalog/privileges";
import { alreadyExists, compilationError, insufficientPrivileges, unsupported, wrongKind } from "../errors";
import type { ObjectName } from "../sql/ast/identifier";
import type { CreateOptions, TagAssignment } from "../sql/ast/statements/common";
import { currentRole, holds, requireOnAccount, requireOwnership } from "./authorize";
import type { StatementContext } from "./context";
import { place } from "./lookup";
import { withTags } from "./tagging";
import { suspendedTask } from "../catalog/suspendedTask";
import { quoteIfNeeded } from "../quoting";
import type { Microseconds } from "../time";

/** What CREATE found of its name before anything is made. */
export type CreatePlan<K extends CatalogObject["kind"]> =
  /** IF NOT EXISTS, and it does: nothing to do. */
  | { readonly kind: "exists"; readonly name: string }
  | {
      readonly kind: "create";
      /** The object that OR REPLACE puts away. */
      readonly replaced: ObjectOf<K> | undefined;
      /** The object that OR ALTER changes: the base is its own, and the new object is put in its place as it is. */
      readonly altered?: ObjectOf<K>;
      readonly base: BaseOf<K>;
    };

type BaseOf<K extends ObjectKind> = Omit<BaseObject, "kind"> & { readonly kind: K };

/** Options of CREATE that every kind has. */
type Existing = Pick<CreateOptions, "orReplace" | "ifNotExists" | "orAlter"> & {
  /** `WITH TAG (...)`. */
  readonly tags?: readonly TagAssignment[];
};

/** Kinds that CREATE OR ALTER knows here. Source: "CREATE OR ALTER <object>". */
const ALTERABLE: ReadonlySet<ObjectKind> = new Set([
  ...(["ALERT", "DATABASE", "FILE FORMAT", "ROLE", "SCHEMA", "STAGE", "TASK", "VIEW", "WAREHOUSE"] as const),
  ...(["TAG", "MASKING POLICY", "ROW ACCESS POLICY", "DATABASE ROLE"] as const),
]);

/** @throws SnowflakeError for options that exclude each other, or OR ALTER of a kind that is not done */
export function checkOptions(options: Existing, kind: ObjectKind): void {
  if (options.orReplace && options.ifNotExists) {
    throw compilationError("options IF NOT EXISTS and OR REPLACE are incompatible", "001003", "42000");
  }
  if (!options.orAlter) return;
  if (options.ifNotExists)
    throw compilationError("options IF NOT EXISTS and OR ALTER are incompatible", "001003", "42000");
  if (!ALTERABLE.has(kind)) throw unsupported(`CREATE OR ALTER ${kind}`);
}

/** Source: "CREATE OR ALTER <object>", limitations. */
export function cannotToggleTransient(name: string): Error {
  return compilationError(`CREATE OR ALTER cannot change whether '${name}' is transient.`, "000002", "0A000");
}

/** CREATE OR ALTER of an object that exists: what is not said gets its default, identity and state stay. */
function planAlter<K extends CatalogObject["kind"]>(
  context: StatementContext,
  kind: K,
  existing: CatalogObject,
  comment: string | undefined,
): CreatePlan<K> {
  if (existing.kind !== kind) throw wrongKind(existing.kind, kind);
  requireOwnership(context, existing);
  const { id, parentId, name, createdOn, owner, revision, sessionId, tags } = existing;
  return {
    kind: "create",
    replaced: undefined,
    altered: existing as ObjectOf<K>,
    base: {
      id,
      kind,
      parentId,
      name,
      createdOn,
      owner,
      revision,
      sessionId,
      comment: comment ?? "",
      parameters: {},
      ...(tags && { tags }),
    },
  };
}

/**
 * Checks name and privileges for a new object of a schema and makes its common part.
 *
 * @param comment of the new object
 * @throws SnowflakeError when it exists already, or the role may not
 */
export function planCreate<K extends Exclude<CatalogObject["kind"], "DATABASE" | "SCHEMA">>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
  options: Existing,
  more: {
    readonly temporary?: boolean;
    readonly comment?: string;
    readonly verb?: string;
    /** Of a function or procedure. */
    readonly signature?: string;
  } = {},
): CreatePlan<K> {
  checkOptions(options, kind);
  const { catalog } = context.instance;
  const at = place(context, name, more.verb ?? `CREATE ${kind}`);
  const sessionId = more.temporary ? context.session.id : undefined;
  const found = isReadable(kind)
    ? catalog.readable(at.schema.id, at.name, context.session.id)
    : catalog.find(
        kind,
        at.schema.id,
        more.signature === undefined ? at.name : routineKey(at.name, more.signature),
        context.session.id,
      );
  // A temporary object hides a permanent one of the same name instead of clashing with it.
  const existing = found?.sessionId === sessionId ? found : undefined;
  if (existing && options.orAlter) return planAlter(context, kind, existing, more.comment);
  if (existing && !options.orReplace) {
    if (options.ifNotExists) return { kind: "exists", name: at.name };
    throw alreadyExists(catalog.fullName(existing));
  }
  if (existing && existing.kind !== kind) {
    if (kind !== "TABLE" || existing.kind !== "DYNAMIC TABLE") throw wrongKind(existing.kind, kind);
    throw compilationError(`Object '${catalog.fullName(existing)}' already exists as DYNAMIC_TABLE`, "001998", "42710");
  }
  if (!more.temporary) requireInSchema(context, at.schema, `CREATE ${kind}`);
  if (existing) requireOwnership(context, existing);
  return {
    kind: "create",
    replaced: existing as ObjectOf<K> | undefined,
    base: base(context, kind, at.schema.id, at.name, more.comment, sessionId, options.tags),
  };
}

/** USAGE on the schema and its database, and the privilege to make such objects in it. */
export function requireInSchema(context: StatementContext, schema: Schema, privilege: string): void {
  const { catalog } = context.instance;
  const database = catalog.databaseOf(schema);
  if (
    holds(context, "USAGE", database.id) &&
    holds(context, "USAGE", schema.id) &&
    holds(context, privilege, schema.id)
  ) {
    return;
  }
  throw insufficientPrivileges("schema", schema.name);
}

/** As planCreate, for objects of the account. */
export function planCreateOnAccount<K extends "DATABASE" | "WAREHOUSE" | "ROLE" | "USER" | "NOTIFICATION INTEGRATION">(
  context: StatementContext,
  kind: K,
  name: ObjectName,
  options: Existing,
  comment?: string,
): CreatePlan<K> {
  checkOptions(options, kind);
  const own = name.at(-1)!.name;
  const existing: ObjectOf<K> | undefined = context.instance.catalog.find(kind, ACCOUNT, own);
  if (existing && options.orAlter) return planAlter(context, kind, existing, comment);
  if (existing && !options.orReplace) {
    if (options.ifNotExists) return { kind: "exists", name: own };
    throw alreadyExists(context.instance.catalog.fullName(existing));
  }
  // CREATE INTEGRATION stands for every kind of integration.
  requireOnAccount(context, `CREATE ${kind}`, ...(kind === "NOTIFICATION INTEGRATION" ? ["CREATE INTEGRATION"] : []));
  if (existing) requireOwnership(context, existing);
  return {
    kind: "create",
    replaced: existing,
    base: base(context, kind, ACCOUNT, own, comment, undefined, options.tags),
  };
}

/** RENAME TO of an object of the account. @throws SnowflakeError when the name is taken */
export function renamedOnAccount<T extends CatalogObject>(context: StatementContext, object: T, to: ObjectName): T {
  const { name } = to.at(-1)!;
  if (to.length > 1) throw compilationError(`Invalid name '${to.map((part) => part.name).join(".")}'`);
  if (context.instance.catalog.find(object.kind, ACCOUNT, name)) throw alreadyExists(quoteIfNeeded(name));
  return { ...object, name };
}

export function base<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
  parentId: number,
  name: string,
  comment: string | undefined,
  sessionId: number | undefined,
  assignments: readonly TagAssignment[] = [],
): BaseOf<K> {
  const tags = withTags(context, undefined, assignments);
  return {
    ...(tags && { tags }),
    id: context.instance.ids.next(),
    kind,
    parentId,
    name,
    createdOn: context.startedOn,
    owner: currentRole(context),
    comment: comment ?? "",
    sessionId,
    parameters: {},
  };
}

/**
 * Puts a new object into the change: the replaced one is put away, future grants of schema and database are given, and
 * the replaced one's grants where COPY GRANTS says so. Source: "GRANT <privileges>", future grants.
 */
export function register(
  context: StatementContext,
  change: CatalogChange,
  object: CatalogObject,
  replaced?: CatalogObject,
  copyGrants = false,
): void {
  if (replaced) putAway(context, change, replaced);
  const isAltered = change.object(object.id) !== undefined;
  change.put(object);
  if (isAltered) return;
  if (object.sessionId !== undefined) return;
  if (replaced && copyGrants) {
    for (const grant of context.instance.catalog.grantsOn(replaced.id)) change.grant({ ...grant, objectId: object.id });
  }
  if (object.parentId === ACCOUNT) return;
  const { catalog } = context.instance;
  const inSchema = catalog.futureGrantsIn(object.parentId).filter((grant) => grant.objectKind === object.kind);
  const parent = change.object(object.parentId);
  const inDatabase =
    parent?.kind === "SCHEMA"
      ? catalog.futureGrantsIn(parent.parentId).filter((grant) => grant.objectKind === object.kind)
      : [];
  // Grants on the schema take precedence over those on the database.
  for (const grant of inSchema.length > 0 ? inSchema : inDatabase) {
    const role = catalog.object(grant.granteeId);
    if (grant.privilege === "OWNERSHIP") {
      if (role) change.put({ ...object, owner: role.name });
      continue;
    }
    change.grant({
      privilege: grant.privilege,
      objectId: object.id,
      granteeKind: "ROLE",
      granteeId: grant.granteeId,
      grantOption: grant.grantOption,
      grantedBy: object.owner ?? "",
      createdOn: context.startedOn,
    });
  }
}

/** Kinds that UNDROP can bring back. */
const RECOVERABLE: readonly ObjectKind[] = ["DATABASE", "SCHEMA", "TABLE", "DYNAMIC TABLE", "TAG"];

/**
 * Drops an object with all that lies in it, so that UNDROP can bring it back; temporary ones, roles, users, warehouses,
 * views and stages go for good. Source: "DROP <object>", "UNDROP <object>".
 */
export function putAway(context: StatementContext, change: CatalogChange, object: CatalogObject): void {
  for (const inside of contentOf(context, object)) putAwayOne(context, change, inside, object.id);
  putAwayOne(context, change, object);
  if (object.kind === "ROLE") handOver(context, change, object.name);
}

function putAwayOne(context: StatementContext, change: CatalogChange, object: CatalogObject, container?: number): void {
  // Views and stages of a dropped schema come back with it, though not by themselves.
  const recoverable = container !== undefined || RECOVERABLE.includes(object.kind);
  if (object.sessionId !== undefined || !recoverable) change.remove(object);
  else change.put({ ...stopped(object, context.startedOn), droppedOn: context.startedOn, droppedWith: container });
}

/** A task that is dropped with its schema stays suspended when UNDROP brings it back. Source: "SHOW TASKS". */
function stopped(object: CatalogObject, now: Microseconds): CatalogObject {
  return object.kind === "TASK" ? suspendedTask(object, "SCHEMA_OR_DATABASE_DELETED", now) : object;
}

/** All that lies in a database or schema, but for the temporary objects of sessions, which end with these. */
function contentOf(context: StatementContext, object: CatalogObject): CatalogObject[] {
  if (object.kind !== "DATABASE" && object.kind !== "SCHEMA") return [];
  return context.instance.catalog
    .childrenOf(object.id)
    .filter((child) => child.sessionId === undefined)
    .flatMap((child) => [...contentOf(context, child), child]);
}

/** What a dropped role owned goes to the role that dropped it. Source: "DROP ROLE", usage notes. */
function handOver(context: StatementContext, change: CatalogChange, role: string): void {
  const current = currentRole(context);
  const heir = current === role ? "ACCOUNTADMIN" : current;
  for (const object of context.instance.catalog.all()) {
    if (object.owner === role && change.object(object.id)) change.put({ ...object, owner: heir });
  }
}

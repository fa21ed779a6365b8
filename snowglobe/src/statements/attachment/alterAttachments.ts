import type { CatalogObject, RelationObject } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { compilationError, invalidIdentifier, isMissing, wrongKind } from "../../errors";
import { holds, requireOwnership } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { findRelation, missing, place } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";
import {
  maskedColumn,
  requireRemovableRowAccess,
  rowAccessUse,
  unmaskedColumn,
  type PolicyColumn,
} from "../../execution/policyUse";
import { withoutTags, withTags } from "../../execution/tagging";
import { find } from "../../execution/lookup";
import type { StatementOf } from "../../sql/ast/statement";
import type { AttachmentAction } from "../../sql/ast/statements/attachment";
import { targets } from "../access/grant";

type Statement = StatementOf<"alterAttachments">;

/** Sets tags and policies on objects and columns, and takes them away. Sources: "Work with object tags", "ALTER TABLE". */
export const alterAttachments: Handler<Statement> = async (statement, context) => {
  let object: CatalogObject;
  try {
    object = located(statement, context);
  } catch (error) {
    if (statement.ifExists && isMissing(error)) return succeeded();
    throw error;
  }
  for (const action of statement.actions) requireRight(action, object, context);
  const changed = statement.actions.reduce((now, action) => applied(action, now, context), object);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

/** The right on the account with which an action needs no ownership of the object. */
function globalRight({ action }: AttachmentAction): string {
  switch (action) {
    case "setTags":
    case "unsetTags":
      return "APPLY TAG";
    case "setMaskingPolicy":
    case "unsetMaskingPolicy":
      return "APPLY MASKING POLICY";
    default:
      return "APPLY ROW ACCESS POLICY";
  }
}

function isGlobal(action: AttachmentAction, context: StatementContext): boolean {
  return holds(context, globalRight(action), ACCOUNT);
}

function requireRight(action: AttachmentAction, object: CatalogObject, context: StatementContext): void {
  if (!isGlobal(action, context)) requireOwnership(context, object);
}

const RELATIONS = { TABLE: ["TABLE", "DYNAMIC TABLE"], VIEW: ["VIEW"], "DYNAMIC TABLE": ["DYNAMIC TABLE"] } as const;

/** The object that is altered. Who governs all objects need not be able to use this one. */
function located({ objectKind, name, argumentTypes, actions }: Statement, context: StatementContext): CatalogObject {
  const kinds = objectKind in RELATIONS ? RELATIONS[objectKind as keyof typeof RELATIONS] : undefined;
  if (!kinds) {
    return targets({ kind: "object", objectKind, name, ...(argumentTypes && { argumentTypes }) }, context)[0]!;
  }
  const governs = actions.every((action) => isGlobal(action, context));
  const relation = governs ? anyRelation(name, context) : findRelation(context, name, `ALTER ${objectKind}`);
  if (!(kinds as readonly string[]).includes(relation.kind)) throw wrongKind(relation.kind, objectKind);
  return relation;
}

function anyRelation(name: Statement["name"], context: StatementContext): RelationObject {
  const at = place(context, name, "ALTER");
  const found = context.instance.catalog.relation(at.schema.id, at.name, context.session.id);
  if (!found) throw missing(context, "TABLE", name, "ALTER");
  return found;
}

function isRelation(object: CatalogObject): object is RelationObject {
  return object.kind === "TABLE" || object.kind === "VIEW" || object.kind === "DYNAMIC TABLE";
}

function requireRelation(object: CatalogObject): RelationObject {
  if (isRelation(object)) return object;
  throw compilationError(`${object.kind} ${object.name} can have no policy: tables and views can.`, "003559", "22023");
}

function applied(action: AttachmentAction, object: CatalogObject, context: StatementContext): CatalogObject {
  switch (action.action) {
    case "setTags":
      return action.column
        ? withColumn(object, action.column.name, (one) => ({ ...one, tags: withTags(context, one.tags, action.tags) }))
        : ({ ...object, tags: withTags(context, object.tags, action.tags) } as CatalogObject);
    case "unsetTags":
      return action.column
        ? withColumn(object, action.column.name, (one) => ({
            ...one,
            tags: withoutTags(context, one.tags, action.names),
          }))
        : ({ ...object, tags: withoutTags(context, object.tags, action.names) } as CatalogObject);
    case "setMaskingPolicy": {
      const relation = requireRelation(object);
      const { column, use, force } = action;
      return withColumn(relation, column.name, (one) => maskedColumn(context, one, relation, use, force));
    }
    case "unsetMaskingPolicy":
      return withColumn(object, action.column.name, (one) => unmaskedColumn(context, one));
    case "addRowAccessPolicy": {
      const relation = requireRelation(object);
      return { ...relation, rowAccess: rowAccessUse(context, relation, action.use) };
    }
    case "dropRowAccessPolicy": {
      const relation = requireRelation(object);
      const policy = find(context, "ROW ACCESS POLICY", action.policy, "DROP ROW ACCESS POLICY");
      if (relation.rowAccess?.policyId !== policy.id) {
        throw compilationError(`Row access policy ${policy.name} is not set on ${relation.name}.`, "003560", "22023");
      }
      return withoutRowAccess(relation, context);
    }
    case "dropAllRowAccessPolicies":
      return withoutRowAccess(requireRelation(object), context);
  }
}

function withoutRowAccess(relation: RelationObject, context: StatementContext): RelationObject {
  if (relation.rowAccess) requireRemovableRowAccess(context, relation.rowAccess);
  return { ...relation, rowAccess: undefined };
}

function withColumn(
  object: CatalogObject,
  name: string,
  change: <T extends PolicyColumn>(column: T) => T,
): CatalogObject {
  const relation = requireRelation(object);
  if (!relation.columns.some((column) => column.name === name)) throw invalidIdentifier(name);
  const changed = <T extends PolicyColumn>(columns: readonly T[]): T[] =>
    columns.map((column) => (column.name === name ? change(column) : column));
  // The kinds differ in the type of their columns, not in what is done to them.
  return relation.kind === "VIEW"
    ? { ...relation, columns: changed(relation.columns) }
    : { ...relation, columns: changed(relation.columns) };
}

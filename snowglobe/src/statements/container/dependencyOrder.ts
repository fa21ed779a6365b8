import type { CatalogObject, ObjectKind, RelationObject } from "../../catalog/objects";
import type { StatementContext } from "../../execution/context";
import { foreignKeysOf } from "../../execution/foreignKeys";
import { tryFindRelation } from "../../execution/lookup";
import { ownerContext } from "../../execution/ownerContext";
import { routinesNamed } from "../../execution/routines";
import { SnowflakeError } from "../../errors";
import { parseExpression, parseFunctionBody, parseQuery } from "../../sql";
import type { ObjectName } from "../../sql/ast/identifier";

/** In which kinds come where nothing else says so. */
const ORDER: readonly ObjectKind[] = [
  ...(["MASKING POLICY", "ROW ACCESS POLICY", "TAG"] as const),
  ...(["FILE FORMAT", "SEQUENCE", "TABLE", "FUNCTION", "VIEW", "DYNAMIC TABLE"] as const),
  ...(["STREAM", "PROCEDURE", "TASK", "ALERT"] as const),
];

/** Objects of a schema in an order in which they can be made one after the other: each behind what it reads. */
export function inDependencyOrder(objects: readonly CatalogObject[], context: StatementContext): CatalogObject[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const place = ({ kind }: CatalogObject): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  const sorted = [...objects].sort((a, b) => place(a) - place(b) || a.id - b.id);
  const done = new Set<number>();
  const ordered: CatalogObject[] = [];
  const visit = (object: CatalogObject): void => {
    if (done.has(object.id)) return;
    done.add(object.id);
    for (const id of dependenciesOf(object, context)) {
      const below = byId.get(id);
      if (below) visit(below);
    }
    ordered.push(object);
  };
  sorted.forEach(visit);
  return ordered;
}

/** Ids of what an object's own statement names. */
function dependenciesOf(object: CatalogObject, context: StatementContext): number[] {
  switch (object.kind) {
    case "TABLE":
      return [...foreignKeysOf(object, context.instance.catalog).map(({ target }) => target.id), ...policiesOf(object)];
    case "MASKING POLICY":
    case "ROW ACCESS POLICY":
      return namedIn(parseExpression(object.body), object, context);
    case "VIEW":
      return [...namedIn(parseQuery(object.queryText), object, context), ...policiesOf(object)];
    case "FUNCTION":
      return namedIn(parseFunctionBody(object.body), object, context);
    case "DYNAMIC TABLE":
      return [
        ...(object.refreshUsing ? object.inputs : namedIn(parseQuery(object.queryText), object, context)),
        ...policiesOf(object),
      ];
    case "STREAM":
      return [object.source.id];
    case "TASK":
      return [...(object.predecessors ?? []), ...(object.finalizes === undefined ? [] : [object.finalizes])];
    default:
      return [];
  }
}

function policiesOf({ rowAccess, columns }: RelationObject): number[] {
  return [rowAccess, ...columns.map(({ masking }) => masking)].flatMap((use) => (use ? [use.policyId] : []));
}

/** Ids of the relations and functions that a query names; names that mean neither, as those of WITH, are passed over. */
function namedIn(root: unknown, object: CatalogObject, context: StatementContext): number[] {
  const inside = ownerContext(context, object);
  const found: number[] = [];
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const at = pending.pop();
    if (typeof at !== "object" || at === null) continue;
    const { kind, name } = at as { readonly kind?: unknown; readonly name?: ObjectName };
    if (kind === "table" && name) found.push(...idsOf(() => [tryFindRelation(inside, name, "GET_DDL")]));
    if (kind === "call" && name) found.push(...idsOf(() => routinesNamed(inside, "FUNCTION", name)));
    pending.push(...(Object.values(at) as unknown[]));
  }
  return found;
}

function idsOf(find: () => readonly (CatalogObject | undefined)[]): number[] {
  try {
    return find().flatMap((object) => (object ? [object.id] : []));
  } catch (error) {
    if (error instanceof SnowflakeError) return [];
    throw error;
  }
}

import type { Procedure, RoutineArgument, UserFunction } from "../catalog/objects";
import { routineKey } from "../catalog/catalog";
import { compilationError, doesNotExist, invalidArguments, isMissing } from "../errors";
import { parseDataType } from "../sql";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import type { ObjectName } from "../sql/ast/identifier";
import { holds, sees } from "./authorize";
import type { StatementContext } from "./context";
import { place } from "./lookup";
import { qualified } from "../quoting";

type RoutineKind = "FUNCTION" | "PROCEDURE";
type RoutineOf<K extends RoutineKind> = K extends "FUNCTION" ? UserFunction : Procedure;

/** What tells routines of one name apart. Source: "Overloading procedures and functions". */
export function signatureOf(types: readonly DataType[]): string {
  return types.map((type) => type.kind).join(", ");
}

/**
 * A routine by its name and the types of its arguments.
 *
 * @param types as written
 * @throws SnowflakeError when there is none, or not for this role
 */
export function findRoutine<K extends RoutineKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
  types: readonly string[],
  verb: string,
): RoutineOf<K> {
  const at = place(context, name, verb);
  const signature = signatureOf(types.map(parseDataType));
  const { catalog } = context.instance;
  const found = catalog.find(kind, at.schema.id, routineKey(at.name, signature), context.session.id);
  if (found && isUsable(context, found)) return found as RoutineOf<K>;
  const path = qualified([...catalog.pathOf(at.schema), at.name]);
  throw doesNotExist(kind === "FUNCTION" ? "Function" : "Procedure", `${path}(${signature})`);
}

/** All routines of a name that the role may know of. */
export function routinesNamed<K extends RoutineKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
): readonly RoutineOf<K>[] {
  const at = place(context, name, "CALL");
  const all = context.instance.catalog.list(kind, at.schema.id) as RoutineOf<K>[];
  return all.filter(
    (one) =>
      one.name === at.name &&
      (one.sessionId === undefined || one.sessionId === context.session.id) &&
      isUsable(context, one),
  );
}

/** The routines that a call in a query may mean: none where its name is one of the system's own. */
export function routinesCalled<K extends RoutineKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
): readonly RoutineOf<K>[] {
  // Without a schema there can be none of the user's.
  if (name.length === 1 && context.session.schemaId === null) return [];
  try {
    return routinesNamed(context, kind, name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isUsable(context: StatementContext, routine: UserFunction | Procedure): boolean {
  if (routine.sessionId === context.session.id) return true;
  const { catalog } = context.instance;
  return (
    sees(context, routine) &&
    holds(context, "USAGE", routine.parentId) &&
    holds(context, "USAGE", catalog.databaseOf(routine).id)
  );
}

/** An argument of a call. */
export interface GivenArgument {
  readonly name?: string;
  readonly type: DataType;
}

/** A routine that a call means, and for each parameter the given argument's place; undefined: its default. */
export interface Resolved<R> {
  readonly routine: R;
  readonly places: readonly (number | undefined)[];
}

/** The routine whose parameters fit the arguments best. @throws SnowflakeError when none does */
export function resolveOverload<R extends Pick<Procedure, "arguments">>(
  candidates: readonly R[],
  given: readonly GivenArgument[],
  name: string,
): Resolved<R> {
  let best: (Resolved<R> & { readonly score: number }) | undefined;
  for (const routine of candidates) {
    const places = placesOf(routine.arguments, given);
    if (!places) continue;
    const scores = routine.arguments.map(({ type }, index) => {
      const at = places[index];
      return at === undefined ? 0 : distance(given[at]!.type, type);
    });
    if (scores.includes(undefined)) continue;
    const score = scores.reduce<number>((sum, one) => sum + one!, 0);
    if (!best || score < best.score) best = { routine, places, score };
  }
  if (best) return best;
  throw invalidArguments(
    name,
    given.map(({ type }) => dataTypeText(type)),
  );
}

function placesOf(
  parameters: readonly RoutineArgument[],
  given: readonly GivenArgument[],
): (number | undefined)[] | undefined {
  const places = parameters.map((): number | undefined => undefined);
  for (const [index, { name }] of given.entries()) {
    const at = name === undefined ? index : parameters.findIndex((parameter) => parameter.name === name);
    if (at < 0 || at >= places.length || places[at] !== undefined) return undefined;
    places[at] = index;
  }
  const missing = parameters.some((one, index) => places[index] === undefined && one.defaultText === undefined);
  return missing ? undefined : places;
}

/** How far a value's type is from a parameter's; undefined where it cannot be given. */
function distance(from: DataType, to: DataType): number | undefined {
  if (from.kind === to.kind || from.kind === "NULL") return 0;
  const family = (kind: DataType["kind"]): string =>
    kind.startsWith("TIMESTAMP") || kind === "DATE" ? "time" : kind === "NUMBER" || kind === "FLOAT" ? "number" : kind;
  if (family(from.kind) === family(to.kind)) return 1;
  if (to.kind === "VARIANT") return 3;
  if (from.kind === "VARIANT" || from.kind === "VARCHAR") return 4;
  return to.kind === "VARCHAR" ? 5 : undefined;
}

/** @throws SnowflakeError for a function that calls itself: its body would never end */
export function requireNoRecursion(routine: UserFunction, expanding: ReadonlySet<number> | undefined): void {
  if (!expanding?.has(routine.id)) return;
  throw compilationError(
    `Function '${routine.name}' calls itself, which functions in SQL may not do.`,
    "002057",
    "42601",
  );
}

import { LikePattern } from "../catalog/likePattern";
import type { CatalogObject } from "../catalog/objects";
import { PARAMETERS, type ParameterDefinition, type ParameterLevel, type ParameterValue } from "../catalog/parameters";
import { unsupported } from "../errors";
import type { ObjectName } from "../sql/ast/identifier";
import type { Show } from "../sql/ast/statements/metadata";
import type { SessionState, StatementContext } from "./context";
import { find, findDatabase, findOnAccount, findRelation, findSchema } from "./lookup";
import { rows, TEXT, type Outcome } from "./outcome";
import { StatementType } from "../account/statementType";

/** A parameter's value for an object, and the level it comes from; '' when it is the default. */
export interface EffectiveParameter {
  readonly value: ParameterValue;
  readonly level: string;
}

/** The value that holds for an object: its own, its schema's, its database's, or the default. */
export function objectParameter(
  context: StatementContext,
  object: CatalogObject,
  definition: ParameterDefinition,
): EffectiveParameter {
  const { catalog } = context.instance;
  for (let at: CatalogObject | undefined = object; at; at = catalog.object(at.parentId)) {
    const value = at.parameters[definition.name];
    if (value !== undefined) return { value, level: at.kind };
  }
  return { value: definition.default, level: "" };
}

export function sessionParameter(session: SessionState, name: string): ParameterValue {
  const definition = PARAMETERS.find((one) => one.name === name);
  if (!definition) throw new Error(`no parameter ${name}`);
  return session.parameters.get(name) ?? definition.default;
}

/** How a statement waits for locks: until it is cancelled, and as long as LOCK_TIMEOUT says. */
export function lockWait(context: StatementContext): {
  readonly signal: AbortSignal;
  readonly lockTimeoutSeconds: number;
  readonly statementId: string;
} {
  const { signal, session, queryId } = context;
  return { signal, lockTimeoutSeconds: Number(sessionParameter(session, "LOCK_TIMEOUT")), statementId: queryId };
}

/** Days of time travel, as SHOW prints them. */
export function retentionTime(context: StatementContext, object: CatalogObject): string {
  const definition = PARAMETERS.find((one) => one.name === "DATA_RETENTION_TIME_IN_DAYS")!;
  return String(objectParameter(context, object, definition).value);
}

/** Source: "SHOW PARAMETERS". */
export async function showParameters(statement: Show, context: StatementContext): Promise<Outcome> {
  const kind = statement.scope?.objectKind ?? "SESSION";
  const like = statement.like === undefined ? undefined : new LikePattern(statement.like);
  const wanted = PARAMETERS.filter((one) => one.levels.includes(levelOf(kind)) && (!like || like.test(one.name)));
  const object = kind === "SESSION" || kind === "ACCOUNT" ? undefined : objectOf(kind, statement.scope?.name, context);
  return rows(
    [
      ["key", TEXT],
      ["value", TEXT],
      ["default", TEXT],
      ["level", TEXT],
      ["description", TEXT],
      ["type", TEXT],
    ],
    wanted
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((definition) => {
        const found = object
          ? objectParameter(context, object, definition)
          : kind === "SESSION"
            ? ofSession(context.session, definition)
            : { value: definition.default, level: "" };
        return [
          definition.name,
          String(found.value),
          String(definition.default),
          found.level,
          definition.description,
          definition.type,
        ];
      }),
    StatementType.SHOW,
  );
}

function ofSession(session: SessionState, definition: ParameterDefinition): EffectiveParameter {
  const value = session.parameters.get(definition.name);
  return value === undefined ? { value: definition.default, level: "" } : { value, level: "SESSION" };
}

function levelOf(kind: string): ParameterLevel {
  switch (kind) {
    case "SESSION":
    case "WAREHOUSE":
    case "DATABASE":
    case "SCHEMA":
    case "TABLE":
    case "TASK":
    case "USER":
    case "ACCOUNT":
      return kind;
    default:
      throw unsupported(`SHOW PARAMETERS IN ${kind}`);
  }
}

function objectOf(kind: string, name: ObjectName | undefined, context: StatementContext): CatalogObject {
  const current = (id: number | null): CatalogObject => {
    const found = id === null ? undefined : context.instance.catalog.object(id);
    if (!found) throw unsupported(`SHOW PARAMETERS IN ${kind} without a name`);
    return found;
  };
  switch (kind) {
    case "WAREHOUSE":
      return name ? findOnAccount(context, "WAREHOUSE", name) : current(context.session.warehouseId);
    case "USER":
      return name ? findOnAccount(context, "USER", name) : context.session.user;
    case "DATABASE":
      return name ? findDatabase(context, name.at(-1)!.name) : current(context.session.databaseId);
    case "SCHEMA":
      return name ? findSchema(context, name, "SHOW PARAMETERS") : current(context.session.schemaId);
    case "TABLE":
      if (name) return findRelation(context, name, "SHOW PARAMETERS");
      throw unsupported("SHOW PARAMETERS IN TABLE without a name");
    case "TASK":
      if (name) return find(context, "TASK", name, "SHOW PARAMETERS");
      throw unsupported("SHOW PARAMETERS IN TASK without a name");
    default:
      throw unsupported(`SHOW PARAMETERS IN ${kind}`);
  }
}

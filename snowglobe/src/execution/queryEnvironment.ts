import type { DynamicTable, RelationObject, User, UserFunction, View } from "../catalog/objects";
import { isOfSnowflake, snowflakeView } from "./accountUsage";
import { SELF } from "./customRefresh";
import { frozenCondition, isTrue } from "./frozenCondition";
import { PARAMETERS } from "../catalog/parameters";
import { compilationError, doesNotExist, SnowflakeError, unsupported, unknownFunction } from "../errors";
import { nextNumber } from "./numberSource";
import { parseExpression, parseFunctionBody, parseQuery } from "../sql";
import type { Expression } from "../sql/ast/expression";
import { requireNoRecursion, resolveOverload, routinesCalled } from "./routines";
import type { ObjectName } from "../sql/ast/identifier";
import { booleanLiteral, bindQuery, type BoundQuery } from "../translate";
import type {
  ArgumentText,
  BindEnvironment,
  Relation,
  RoutineCall,
  ScalarFunction,
  SessionContext,
  SqlRelation,
  StoredRelation,
  StreamRelation,
  TableHandler,
  TableRoutine,
  ViewRelation,
} from "../translate/environment";
import { rowCommitTime, ROW_VERSION } from "./rowTimestamp";
import { newRowsRelation } from "./changes/newRowsRelation";
import { misplacedActing } from "./actingFunction";
import { requirePrivilege } from "./authorize";
import type { Catalog } from "../catalog/catalog";
import { rolesOfUser, type StatementContext } from "./context";
import { protectionOf } from "./protection";
import type { PivotValues } from "./pivotValues";
import { currentDatabase, findDatabase, findRelation, nameText, tryFind } from "./lookup";
import { resultRelation } from "./resultRelation";
import { sessionParameter } from "./parameters";
import { ownerContext } from "./ownerContext";
import { streamRelation } from "./changes/streamRelation";
import { qualified } from "../quoting";

/** Schema of every database that the account itself fills. */
const INFORMATION_SCHEMA = "INFORMATION_SCHEMA";

export interface EnvironmentOptions {
  /** Row counts by storage id, for INFORMATION_SCHEMA.TABLES; see withRowCounts. */
  readonly counts?: ReadonlyMap<number, number>;
  /** See withPivotValues; absent: such a PIVOT is refused. */
  readonly pivotValues?: PivotValues;
  /** What CURRENT_TIMESTAMP answers, where it is not the statement's start: a refresh's data timestamp. */
  readonly now?: number;
  /** Whether dynamic tables before their first refresh may be named: where only the query's meaning is asked for. */
  readonly uninitialized?: boolean;
  /** Ids of the views that are being expanded: one that comes again would never end. */
  readonly expanding?: ReadonlySet<number>;
}

/**
 * What a query's names mean in this statement. Every relation that a query names is checked for SELECT here.
 */
export function queryEnvironment(context: StatementContext, options: EnvironmentOptions = {}): BindEnvironment {
  return {
    session: sessionContext(context, options.now ?? context.startedOn),
    binds: context.binds,
    resolveRelation: (name) => relationOf(name, context, options),
    resolveTableFunction: (name, args) =>
      tableFunction(name, args, context) ?? userTableFunction(name, args, context, options),
    resolveScalarFunction: (name, args) =>
      scalarFunction(name, args, context) ?? userFunction(name, args, context, options),
    resolveSequence: (name) => {
      const sequence = tryFind(context, "SEQUENCE", name, "SELECT");
      if (!sequence) return undefined;
      requirePrivilege(context, sequence, "USAGE");
      return { sql: nextNumber(sequence) };
    },
    ...(options.pivotValues && { pivotValues: options.pivotValues }),
    resolvePipeResult: (back) => {
      if (back === 0 && context.boundRows) return context.boundRows;
      const result = context.pipe[back - 1];
      if (!result) throw compilationError(`$${back} refers to a statement before the start of the pipe`);
      return resultRelation(result, `$${back}`);
    },
    resolveStageSource: ({ span }) => {
      const { staged } = context;
      const found = staged?.text === context.text ? staged.sources.get(span.start) : undefined;
      if (!found) throw unsupported("a stage in FROM of this statement");
      return found;
    },
  };
}

/** Row counts before they are known: remembers whether anything asked for one. */
class AskedCounts extends Map<number, number> {
  asked = false;

  override get(): undefined {
    this.asked = true;
    return undefined;
  }
}

/**
 * Binds with the row counts that INFORMATION_SCHEMA.TABLES shows, wherever it is read: where the first binding asks for
 * some, they are counted, and it is bound once more.
 */
export async function withRowCounts<T>(
  context: StatementContext,
  bind: (counts: ReadonlyMap<number, number>) => T,
): Promise<T> {
  const counts = new AskedCounts();
  const bound = bind(counts);
  if (!counts.asked) return bound;
  const { catalog, rowCounts } = context.instance;
  const stored = [...catalog.list("TABLE"), ...catalog.list("DYNAMIC TABLE")];
  return bind(await rowCounts.of(stored.map((table) => table.storageId)));
}

function relationOf(name: ObjectName, context: StatementContext, options: EnvironmentOptions): Relation {
  if (isOfSnowflake(name)) return snowflakeView(name, context, options.counts ?? new Map());
  if (name.length >= 2 && name.at(-2)!.name === INFORMATION_SCHEMA) {
    const database = name.length > 2 ? findDatabase(context, name[0]!.name) : currentDatabase(context, "SELECT");
    const { functions } = context.instance;
    return functions.informationView(name.at(-1)!.name, context, database, options.counts ?? new Map());
  }
  if (context.custom && name.length === 1 && name[0]!.name === SELF) {
    const { metadata: _, ...self } = relationFor(context.custom.table, context, {
      uninitialized: true,
    }) as StoredRelation;
    return { ...self, path: [SELF], self: true };
  }
  const guarded = (relation: StreamRelation, source: RelationObject): StreamRelation => {
    const protection = protectionOf(source, context, (inside) => queryEnvironment(inside, options));
    return protection ? { ...relation, protection } : relation;
  };
  const stream = tryFind(context, "STREAM", name, "SELECT");
  if (stream) {
    const relation = streamRelation(stream, context, (view) => bindView(view, context));
    return guarded(relation, context.instance.catalog.object(stream.source.id) as RelationObject);
  }
  const found = findRelation(context, name, "SELECT");
  requirePrivilege(context, found, "SELECT");
  if (context.custom?.table.id === found.id) {
    throw compilationError(`Dynamic table '${found.name}' must be called SELF in its REFRESH USING.`);
  }
  const newRows = context.session.alert?.newRows;
  if (newRows?.sourceId === found.id) {
    return guarded(
      newRowsRelation(found, newRows, context, (view) => bindView(view, context)),
      found,
    );
  }
  return relationFor(found, context, options);
}

/** A catalog object as queries see it. @throws SnowflakeError for a dynamic table before its first refresh */
export function relationFor(
  found: RelationObject,
  context: StatementContext,
  options: EnvironmentOptions = {},
): StoredRelation | ViewRelation {
  const path = context.instance.catalog.pathOf(found);
  // What a refresh writes with its user's statement it sees as it is.
  const own = context.custom?.table.id === found.id;
  const protection = own ? undefined : protectionOf(found, context, (inside) => queryEnvironment(inside, options));
  if (found.kind === "VIEW") {
    if (options.expanding?.has(found.id)) {
      throw compilationError(`View definition of '${qualified(path)}' refers to the view itself.`, "002057", "42601");
    }
    const expanding = new Set([...(options.expanding ?? []), found.id]);
    return {
      kind: "view",
      id: found.id,
      path,
      query: parseQuery(found.queryText),
      text: found.queryText,
      columnNames: found.columns.map((column) => column.name),
      environment: queryEnvironment(
        { ...ownerContext(context, found), text: found.queryText },
        { ...options, expanding },
      ),
      ...(protection && { protection }),
    };
  }
  if (found.kind === "DYNAMIC TABLE" && !options.uninitialized) requireInitialized(found);
  return {
    kind: "stored",
    id: found.storageId,
    path,
    columns: [
      ...found.columns.map(({ name, type, nullable, physical }) => ({ name, type, nullable, physical })),
      ...(found.rowTimesSince === undefined ? [] : [ROW_VERSION]),
    ],
    tag: found.id,
    ...(protection && { protection }),
    metadata: [
      ...(found.rowTimesSince === undefined ? [] : [rowCommitTime(found.rowTimesSince)]),
      ...(found.kind === "DYNAMIC TABLE" ? [isFrozen(found, context)] : []),
    ],
  };
}

/** METADATA$IS_FROZEN of a dynamic table. Source: "Frozen regions and backfill". */
function isFrozen(table: DynamicTable, context: StatementContext): NonNullable<StoredRelation["metadata"]>[number] {
  return {
    name: "METADATA$IS_FROZEN",
    over: (columns) => {
      const { frozenWhere: text } = table;
      if (text === undefined) return booleanLiteral(false);
      return isTrue(frozenCondition(table, columns, queryEnvironment({ ...context, text })));
    },
  };
}

/** A view's query, bound as its owner sees it. */
export function bindView(view: View, context: StatementContext): BoundQuery {
  const { query, text, environment } = relationFor(view, context) as ViewRelation;
  return bindQuery(query, text, environment);
}

/** @throws SnowflakeError for a dynamic table before its first refresh */
export function requireInitialized(table: DynamicTable): void {
  if (table.content !== null) return;
  throw new SnowflakeError(
    "002741",
    "02000",
    "SQL compilation error:\nDynamic Table is not initialized. Please run a manual refresh or wait for a scheduled refresh before querying.",
  );
}

/** Functions of the session and the catalog. */
function scalarFunction(
  name: ObjectName,
  args: readonly ArgumentText[],
  context: StatementContext,
): ScalarFunction | undefined {
  const { functions, acting } = context.instance.functions;
  const called = name.map((part) => part.name).join(".");
  if (acting.has(called)) throw misplacedActing(called);
  return functions.get(called)?.(args, context);
}

function tableFunction(
  name: ObjectName,
  args: readonly ArgumentText[],
  context: StatementContext,
): SqlRelation | undefined {
  const own = name.at(-1)!.name;
  if (name.length === 1) {
    if (own === "RESULT_SCAN") return resultScan(args, context);
    if (own === "INFER_SCHEMA") return inferredSchema(args, context);
    return context.instance.functions.ownTableFunctions.get(own)?.(args, context);
  }
  if (name.at(-2)!.name !== INFORMATION_SCHEMA) return undefined;
  const database = name.length > 2 ? findDatabase(context, name[0]!.name) : currentDatabase(context, "SELECT");
  const found = context.instance.functions.tableFunctions.get(own);
  if (!found) throw unsupported(`table function ${qualified([INFORMATION_SCHEMA, own])}`);
  return found(args, context, database);
}

/** A function of the user's, if one has this name. */
function userFunction(
  name: ObjectName,
  args: readonly ArgumentText[],
  context: StatementContext,
  options: EnvironmentOptions,
): ScalarFunction | undefined {
  const candidates = routinesCalled(context, "FUNCTION", name).filter((one) => one.returns.kind === "type");
  if (candidates.length === 0) return undefined;
  const { routine, places } = resolveOverload(candidates, args, nameText(name));
  requirePrivilege(context, routine, "USAGE");
  return scalarRoutine(routine, places, context, options);
}

/** @param places of each parameter's argument; undefined: its default */
export function scalarRoutine(
  routine: UserFunction,
  places: readonly (number | undefined)[],
  context: StatementContext,
  options: EnvironmentOptions = {},
): ScalarFunction {
  const { returns } = routine;
  if (returns.kind !== "type") throw unknownFunction(routine.name);
  if (routine.language === "JAVASCRIPT") {
    const call = { ...routineCall(routine, places, context, options), name: routine.name };
    return { kind: "handler", returnType: returns.type, volatile: routine.immutable !== true, ...call };
  }
  const parsed = parseFunctionBody(routine.body);
  const body: Expression = parsed.kind === "query" ? { kind: "subquery", query: parsed, span: parsed.span } : parsed;
  return { kind: "body", returnType: returns.type, body, ...routineCall(routine, places, context, options) };
}

function userTableFunction(
  name: ObjectName,
  args: readonly ArgumentText[],
  context: StatementContext,
  options: EnvironmentOptions,
): TableRoutine | TableHandler | undefined {
  const candidates = routinesCalled(context, "FUNCTION", name).filter((one) => one.returns.kind === "table");
  if (candidates.length === 0) {
    if (name.length > 1) throw doesNotExist("Object", nameText(name));
    return undefined;
  }
  const { routine, places } = resolveOverload(candidates, args, nameText(name));
  requirePrivilege(context, routine, "USAGE");
  return tableRoutine(routine, places, context, options);
}

/** @param places as of `scalarRoutine` */
export function tableRoutine(
  routine: UserFunction,
  places: readonly (number | undefined)[],
  context: StatementContext,
  options: EnvironmentOptions = {},
): TableRoutine | TableHandler {
  const { returns } = routine;
  if (routine.language === "JAVASCRIPT" && returns.kind === "table") {
    const call = { ...routineCall(routine, places, context, options), name: routine.name };
    return { kind: "tableHandler", columns: returns.columns, ...call };
  }
  const query = parseFunctionBody(routine.body);
  if (returns.kind !== "table" || query.kind !== "query") throw unknownFunction(routine.name);
  return { kind: "tableRoutine", query, columns: returns.columns, ...routineCall(routine, places, context, options) };
}

function routineCall(
  routine: UserFunction,
  places: readonly (number | undefined)[],
  context: StatementContext,
  options: EnvironmentOptions,
): RoutineCall {
  requireNoRecursion(routine, options.expanding);
  const expanding = new Set([...(options.expanding ?? []), routine.id]);
  const inside = { ...ownerContext(context, routine), text: routine.body };
  return {
    parameters: routine.arguments.map(({ name, type, defaultText }, index) => ({
      name,
      type,
      given: places[index] ?? parseExpression(defaultText!),
    })),
    strict: routine.strict,
    id: routine.id,
    immutable: routine.immutable ?? false,
    text: routine.body,
    environment: queryEnvironment(inside, { ...options, expanding }),
  };
}

/** The files have been looked into before. Source: "INFER_SCHEMA". */
function inferredSchema(args: readonly ArgumentText[], context: StatementContext): SqlRelation {
  const location = args.find((one) => one.name === "LOCATION")?.constant;
  const found = location === undefined || location === null ? undefined : context.staged?.schemas.get(location);
  if (!found) throw unsupported("INFER_SCHEMA of this statement");
  return found;
}

/** Source: "RESULT_SCAN". */
function resultScan(args: readonly ArgumentText[], context: StatementContext): SqlRelation {
  const queryId = args[0]?.constant;
  if (!queryId) throw unsupported("RESULT_SCAN of anything but a constant");
  const result = context.instance.results.find(context.session.user.id, queryId);
  if (!result) throw new SnowflakeError("000709", "02000", `Statement ${queryId} not found`);
  return resultRelation(result, "RESULT_SCAN");
}

export function sessionContext(context: StatementContext, now: number): SessionContext {
  const { instance, session } = context;
  const { catalog } = instance;
  const invoker = session.invoker ?? session;
  const nameOf = (id: number | null): string | null => {
    const object = id === null ? undefined : catalog.object(id);
    return object && object.droppedOn === undefined ? object.name : null;
  };
  return {
    currentDatabase: nameOf(session.databaseId),
    currentSchema: nameOf(session.schemaId),
    currentRole: nameOf(invoker.roleId),
    currentUser: session.user.name,
    currentWarehouse: nameOf(session.warehouseId),
    sessionId: session.id,
    client: [session.client, session.clientVersion].filter((part) => part !== "").join(" "),
    organization: instance.settings.organization,
    secondaryRoles: {
      // Those granted to the user directly, PUBLIC being everyone's.
      roles: invoker.secondaryRoles === "ALL" ? grantedRoles(session.user, catalog) : [],
      value: invoker.secondaryRoles === "ALL" ? "ALL" : "",
    },
    account: instance.accountName,
    region: instance.settings.region,
    version: instance.settings.version,
    timezone: String(sessionParameter(session, "TIMEZONE")),
    timestampTypeMapping: "TIMESTAMP_NTZ",
    statementTimestamp: now,
    variables: session.variables,
    parameters: new Map(
      PARAMETERS.filter((one) => one.levels.includes("SESSION")).map((one) => [
        one.name,
        session.parameters.get(one.name) ?? one.default,
      ]),
    ),
    lastQueryIds: session.queryIds,
  };
}

function grantedRoles(user: User, catalog: Catalog): string[] {
  return rolesOfUser(user, catalog)
    .map((role) => role.name)
    .filter((name) => name !== "PUBLIC")
    .sort();
}

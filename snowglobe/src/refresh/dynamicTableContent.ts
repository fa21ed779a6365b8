import type { DynamicTable, DynamicTableContent, Table } from "../catalog/objects";
import { compilationError, unsupported } from "../errors";
import { parseCustomStatement } from "./customStatement";
import { shapeOf } from "./queryShape";
import { definitionDigest } from "./definitionDigest";
import { parseQuery } from "../sql";
import {
  Binder,
  bindQuery,
  type BindEnvironment,
  planProperties,
  scansOf,
  walkPlan,
  type BoundQuery,
  type ScanNode,
} from "../translate";
import type { StatementContext } from "../execution/context";
import { NO_BINDS } from "../execution/ownerContext";
import { queryEnvironment, requireInitialized } from "../execution/queryEnvironment";

/** Something stored that a dynamic table's query reads. */
export interface Input {
  readonly object: Table | DynamicTable;
  /** The version that a refresh reads. */
  readonly version: number;
}

/** A dynamic table's query, bound for one refresh. */
export interface BoundContent {
  readonly query: BoundQuery;
  /** Digest of the query's meaning, the same for every data timestamp; see DynamicTableContent. */
  readonly definition: string;
  /** The result changes with time alone, though no input does. */
  readonly timeDependent: boolean;
}

/**
 * Binds the query of a dynamic table. Dynamic tables that it reads need not have content yet.
 *
 * @throws SnowflakeError for what no dynamic table may read. Source: "Supported queries for dynamic tables"
 */
export function bindContent(
  table: Pick<DynamicTable, "queryText"> | DynamicTable,
  context: StatementContext,
  dataTimestamp: number,
): BoundContent {
  const custom = "refreshUsing" in table && table.refreshUsing ? table : undefined;
  // Neither binds nor variables of a session reach a refresh.
  const inside: StatementContext = {
    ...context,
    binds: NO_BINDS,
    pipe: [],
    session: { ...context.session, variables: new Map() },
  };
  const bind = (now: number): BoundQuery =>
    custom
      ? bindCustom(custom, inside, now)
      : bindQuery(parseQuery(table.queryText), table.queryText, queryEnvironment(inside, { now, uninitialized: true }));
  const query = bind(dataTimestamp);
  walkPlan(query.plan, {
    node: (node) => {
      if (node.kind === "sql") throw unsupported(`${node.name} in a dynamic table`);
      if (node.kind !== "scan") return;
      if (node.relation.kind === "stream") throw unsupported("a stream in a dynamic table");
      if (custom) return;
      if (node.timeTravel || node.changes) throw unsupported("time travel in a dynamic table");
      const object = context.instance.catalog.object(node.relation.tag as number);
      if (object?.sessionId !== undefined) throw unsupported("a temporary table in a dynamic table");
    },
  });
  requireOneSide(query, context);
  const timeDependent = query.properties.stableFunctions.length > 0;
  const { plan } = timeDependent ? bind(0) : query;
  return { query, definition: definitionDigest(plan), timeDependent };
}

/** Source: "Data consistency and pipeline boundaries": a dynamic table is read directly or through a boundary. */
function requireOneSide(query: BoundQuery, { instance }: StatementContext): void {
  const wrapped = new Set(idsOf(query, (relation) => "boundary" in relation));
  const both = pipelineIdsOf(query).find((id) => wrapped.has(id));
  const object = both === undefined ? undefined : instance.catalog.object(both);
  if (object?.kind !== "DYNAMIC TABLE") return;
  throw compilationError(
    `Dynamic table '${object.name}' cannot be read both directly and through DYNAMIC_TABLE_REFRESH_BOUNDARY().`,
    "002717",
    "42601",
  );
}

/** What the statement of REFRESH USING reads, with names looked up as in `observed`. @throws SnowflakeError for what it must not read */
export function bindCustom(
  table: DynamicTable,
  context: StatementContext,
  now: number,
  observed: (environment: BindEnvironment) => BindEnvironment = (environment) => environment,
): BoundQuery {
  const statement = parseCustomStatement(table.queryText);
  const self = { ...context, custom: { table, at: new Map<number, number>(), since: new Map<number, number>() } };
  const binder = new Binder(observed(queryEnvironment(self, { now, uninitialized: true })), table.queryText);
  if (statement.kind === "insert") return binder.query(statement.query);
  const { plan } = binder.source(statement.using);
  return { plan, columns: plan.columns, references: binder.references, properties: planProperties(plan) };
}

/** Ids of the tables and dynamic tables that a query reads, through views too. */
export function inputIdsOf(query: BoundQuery): number[] {
  return idsOf(query, (relation) => !("self" in relation));
}

/** As inputIdsOf, without those behind a refresh boundary. Source: "Data consistency and pipeline boundaries". */
export function pipelineIdsOf(query: BoundQuery): number[] {
  return idsOf(query, (relation) => !("boundary" in relation) && !("self" in relation));
}

/** Those behind a refresh boundary alone. */
export function wrappedIdsOf(query: BoundQuery): readonly number[] | undefined {
  const pipeline = new Set(pipelineIdsOf(query));
  const wrapped = inputIdsOf(query).filter((id) => !pipeline.has(id));
  return wrapped.length > 0 ? wrapped : undefined;
}

function idsOf(query: BoundQuery, which: (relation: ScanNode["relation"]) => boolean): number[] {
  return [...new Set(scansOf(query.plan).flatMap(({ relation }) => (which(relation) ? [relation.tag as number] : [])))];
}

/**
 * What the query reads and at which version: base tables as of the refresh's own version, dynamic tables as their
 * refresh at the same data timestamp has left them. Source: "Data consistency and pipeline boundaries".
 *
 * @throws SnowflakeError for a dynamic table without content
 */
export function inputsOf(query: BoundQuery, version: number, context: StatementContext): Input[] {
  const { catalog, storage } = context.instance;
  const pipeline = new Set(pipelineIdsOf(query));
  return inputIdsOf(query).map((id) => {
    const object = catalog.object(id) as Table | DynamicTable;
    if (object.kind === "TABLE") return { object, version };
    requireInitialized(object);
    // Behind a boundary it is read as a base table is.
    if (!pipeline.has(id)) return { object, version };
    return { object, version: storage.lastChange(object.storageId) };
  });
}

/** The state that the content has after a refresh which read these inputs. @param before the state until then */
export function contentAfter(
  bound: BoundContent,
  inputs: readonly Input[],
  dataTimestamp: number,
  before?: DynamicTableContent | null,
): DynamicTableContent {
  const isSame = before?.definition === bound.definition && before.shape !== undefined;
  return {
    dataTimestamp,
    shape: isSame ? before.shape : shapeOf(bound.query.plan),
    definition: bound.definition,
    queryColumns: bound.query.columns.map((column) => column.name),
    inputVersions: inputs.map(({ object, version }) => ({ id: object.id, storageId: object.storageId, version })),
  };
}

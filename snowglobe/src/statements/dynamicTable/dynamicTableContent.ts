import type { DynamicTable, DynamicTableContent, Table } from "../../catalog/objects";
import { unsupported } from "../../errors";
import { definitionDigest } from "../../refresh/definitionDigest";
import { identify } from "../../refresh/rowIdentity";
import { parseQuery } from "../../sql";
import type { StatementWriter } from "../../storage";
import {
  bindQuery,
  castTo,
  columnRef,
  emitExpression,
  physicalType,
  scansOf,
  walkPlan,
  type BoundQuery,
  type EmitOptions,
  type ScanNode,
} from "../../translate";
import type { StatementContext } from "../context";
import { NO_BINDS } from "../ownerContext";
import { queryEnvironment, requireInitialized } from "../queryEnvironment";
import type { RefreshAction } from "./refreshHistory";

/** Something stored that a dynamic table's query reads. */
export interface Input {
  readonly object: Table | DynamicTable;
  /** The version that a refresh reads. */
  readonly version: number;
}

/** How many rows a refresh changed. */
export interface RowChanges {
  readonly inserted: number;
  readonly deleted: number;
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
  table: Pick<DynamicTable, "queryText">,
  context: StatementContext,
  dataTimestamp: number,
): BoundContent {
  const parsed = parseQuery(table.queryText);
  // Neither binds nor variables of a session reach a refresh.
  const inside: StatementContext = {
    ...context,
    binds: NO_BINDS,
    pipe: [],
    session: { ...context.session, variables: new Map() },
  };
  const bind = (now: number): BoundQuery =>
    bindQuery(parsed, table.queryText, queryEnvironment(inside, { now, uninitialized: true }));
  const query = bind(dataTimestamp);
  walkPlan(query.plan, {
    node: (node) => {
      if (node.kind === "sql") throw unsupported(`${node.name} in a dynamic table`);
      if (node.kind !== "scan") return;
      if (node.relation.kind === "stream") throw unsupported("a stream in a dynamic table");
      if (node.timeTravel || node.changes) throw unsupported("time travel in a dynamic table");
      const object = context.instance.catalog.object(node.relation.tag as number);
      if (object?.sessionId !== undefined) throw unsupported("a temporary table in a dynamic table");
    },
  });
  const timeDependent = query.properties.stableFunctions.length > 0;
  const { plan } = timeDependent ? bind(0) : query;
  return { query, definition: definitionDigest(plan), timeDependent };
}

/** Ids of the tables and dynamic tables that a query reads, through views too. */
export function inputIdsOf(query: BoundQuery): number[] {
  return [...new Set(scansOf(query.plan).map((scan) => scan.relation.tag as number))];
}

/**
 * What the query reads and at which version: base tables as of the refresh's own version, dynamic tables as their
 * refresh at the same data timestamp has left them. Source: "Data consistency and pipeline boundaries".
 *
 * @throws SnowflakeError for a dynamic table without content
 */
export function inputsOf(query: BoundQuery, version: number, context: StatementContext): Input[] {
  const { catalog, storage } = context.instance;
  return inputIdsOf(query).map((id) => {
    const object = catalog.object(id) as Table | DynamicTable;
    if (object.kind === "TABLE") return { object, version };
    requireInitialized(object);
    return { object, version: storage.lastChange(object.storageId) };
  });
}

/** The state that the content has after a refresh which read these inputs. */
export function contentAfter(
  bound: BoundContent,
  inputs: readonly Input[],
  dataTimestamp: number,
): DynamicTableContent {
  return {
    dataTimestamp,
    definition: bound.definition,
    queryColumns: bound.query.columns.map((column) => column.name),
    inputVersions: inputs.map(({ object, version }) => ({ id: object.id, storageId: object.storageId, version })),
  };
}

/**
 * Brings the stored rows to what the query gives now.
 *
 * @param bound the query; its columns match the table's
 */
export async function writeContent(
  table: DynamicTable,
  bound: BoundContent,
  inputs: readonly Input[],
  action: Exclude<RefreshAction, "NO_DATA">,
  writer: StatementWriter,
  context: StatementContext,
): Promise<RowChanges> {
  const identified = identify(bound.query.plan);
  const columns = table.columns.map((column) => column.physical);
  const select = (text: (input: Input) => string): string => {
    const emit = emitOptions(inputs, text);
    return `SELECT ${values(table, bound.query, emit, context)}, dt_key FROM (${identified.sql(emit)})`;
  };
  const whole = (): string => select((input) => stateOf(input, writer, context));
  const stored = `${writer.current(table.storageId)} AS t`;

  if (action === "REINITIALIZE" || !table.content) {
    const old = table.content ? `SELECT t._rid FROM ${stored}` : undefined;
    return writer.applyDelta(table.storageId, old, { columns, select: whole() });
  }
  if (action === "INCREMENTAL" && identified.identity === "row" && !bound.timeDependent) {
    const [input] = inputs;
    const before = table.content.inputVersions.find((one) => one.id === input!.object.id)!.version;
    const changes = writer.changes(input!.object.storageId, before, input!.version);
    const { name, count } = await writer.materialize(`SELECT * FROM ${changes} AS d`);
    if (count === 0) return { inserted: 0, deleted: 0 };
    return writer.applyDelta(table.storageId, `SELECT _rid FROM ${name} WHERE _action = 'DELETE'`, {
      columns,
      select: select(() => `(SELECT * FROM ${name} WHERE _action = 'INSERT')`),
    });
  }
  // The whole result, of which only what differs from the stored rows is written.
  const { name: fresh } = await writer.materialize(
    `SELECT * FROM (${whole()}) AS q(${[...columns, "dt_key"].join(", ")})`,
  );
  // A row of its own identity may have other values now; where the identity is a hash of the values it has not.
  const same = ["n.dt_key = t._rid"];
  if (identified.identity === "row")
    same.push(...columns.map((column) => `n.${column} IS NOT DISTINCT FROM t.${column}`));
  const equal = same.join(" AND ");
  const { name: gone } = await writer.materialize(
    `SELECT t._rid FROM ${stored} WHERE NOT EXISTS (FROM ${fresh} AS n WHERE ${equal})`,
  );
  const { name: come } = await writer.materialize(
    `SELECT n.* FROM ${fresh} AS n WHERE NOT EXISTS (FROM ${stored} WHERE ${equal})`,
  );
  return writer.applyDelta(table.storageId, `SELECT _rid FROM ${gone}`, { columns, select: `SELECT * FROM ${come}` });
}

/** The table's columns as the query gives them, cast to the types they were made with. */
function values(table: DynamicTable, query: BoundQuery, emit: EmitOptions, context: StatementContext): string {
  const { session } = queryEnvironment(context);
  return table.columns
    .map((column, index) => {
      const value = castTo(columnRef(query.columns[index]!), column.type, session, "assign");
      return `CAST(${emitExpression(value, emit)} AS ${physicalType(column.type)}) AS ${column.physical}`;
    })
    .join(", ");
}

function emitOptions(inputs: readonly Input[], text: (input: Input) => string): EmitOptions {
  const byId = new Map(inputs.map((input) => [input.object.id, text(input)]));
  return { scan: (node: ScanNode) => byId.get(node.relation.tag as number)! };
}

/** An input's rows at its version; the current ones where nothing has come since, which spares the history. */
function stateOf(input: Input, writer: StatementWriter, context: StatementContext): string {
  const { storageId } = input.object;
  return context.instance.storage.lastChange(storageId) <= input.version
    ? writer.current(storageId)
    : writer.asOf(storageId, input.version);
}

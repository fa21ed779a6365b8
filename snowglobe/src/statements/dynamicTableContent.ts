import type { DynamicTable, DynamicTableContent, Table } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { parseQuery } from "../sql";
import type { StatementWriter } from "../storage";
import {
  bindQuery,
  castTo,
  columnRef,
  emitExpression,
  physicalType,
  scansOf,
  type BoundQuery,
  type EmitOptions,
  type ScanNode,
} from "../translate";
import { identify } from "../refresh/rowIdentity";
import type { StatementContext } from "./context";
import { queryEnvironment } from "./queryEnvironment";
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

/** The query of a dynamic table, bound for one refresh. */
export function bindContent(
  table: Pick<DynamicTable, "queryText">,
  context: StatementContext,
  dataTimestamp: number,
): BoundQuery {
  return bindQuery(parseQuery(table.queryText), table.queryText, queryEnvironment(context, { now: dataTimestamp }));
}

/**
 * What the query reads and at which version: base tables as of the refresh's own version, dynamic tables as their
 * refresh at the same data timestamp has left them. Source: "Data consistency and pipeline boundaries".
 */
export function inputsOf(bound: BoundQuery, version: number, context: StatementContext): Input[] {
  const inputs = new Map<number, Input>();
  for (const scan of scansOf(bound.plan)) {
    const object = context.instance.catalog.object(scan.relation.tag as number) as Table | DynamicTable;
    const at = object.kind === "DYNAMIC TABLE" ? context.instance.storage.lastChange(object.storageId) : version;
    inputs.set(object.id, { object, version: at });
  }
  return [...inputs.values()];
}

/** The state that the content has after a refresh which read these inputs. */
export function contentAfter(inputs: readonly Input[], dataTimestamp: number): DynamicTableContent {
  return {
    dataTimestamp,
    inputVersions: inputs.map(({ object, version }) => ({ id: object.id, storageId: object.storageId, version })),
  };
}

/**
 * What a refresh has to do. Source: "DYNAMIC_TABLE_REFRESH_HISTORY", REFRESH_ACTION.
 * @throws SnowflakeError when the changes that an incremental refresh needs were not tracked
 */
export function decideAction(
  table: DynamicTable,
  inputs: readonly Input[],
  context: StatementContext,
): { readonly action: RefreshAction; readonly reinitReason: string | null } {
  const { content } = table;
  if (!content) return { action: table.refreshMode, reinitReason: null };
  const before = new Map(content.inputVersions.map((one) => [one.id, one]));
  const replaced = inputs.find(({ object }) => before.get(object.id)?.storageId !== object.storageId);
  if (replaced || before.size !== inputs.length) {
    if (table.refreshMode === "FULL") return { action: "FULL", reinitReason: null };
    for (const { object } of inputs) requireTracking(object, undefined);
    const what = replaced ? `base ${replaced.object.kind} ${replaced.object.name} was replaced` : "the inputs changed";
    return { action: "REINITIALIZE", reinitReason: what };
  }
  const { storage } = context.instance;
  const changed = inputs.filter(({ object }) => storage.lastChange(object.storageId) > before.get(object.id)!.version);
  if (table.refreshMode === "INCREMENTAL") {
    for (const { object } of inputs) requireTracking(object, before.get(object.id)!.version);
  }
  if (changed.length === 0) return { action: "NO_DATA", reinitReason: null };
  return { action: table.refreshMode, reinitReason: null };
}

/** @param since the version from which changes are needed; undefined where only tracking itself is */
function requireTracking(object: Table | DynamicTable, since: number | undefined): void {
  if (object.kind === "DYNAMIC TABLE") return;
  const tracked = object.changeTracking && (since === undefined || (object.trackedSince ?? 0) <= since);
  if (tracked) return;
  throw new SnowflakeError(
    "000707",
    "02000",
    `Change tracking is not enabled or has been missing for the time range requested on table '${object.name}'.`,
  );
}

/**
 * Brings the stored rows to what the query gives now.
 *
 * @param bound the query; its columns match the table's
 */
export async function writeContent(
  table: DynamicTable,
  bound: BoundQuery,
  inputs: readonly Input[],
  action: Exclude<RefreshAction, "NO_DATA">,
  writer: StatementWriter,
  context: StatementContext,
): Promise<RowChanges> {
  const identified = identify(bound.plan);
  const before = new Map(table.content?.inputVersions.map((one) => [one.id, one.version]));
  const columns = table.columns.map((column) => column.physical);
  const whole = options(inputs, (input) => stateOf(input, writer, context));
  const select = (emit: EmitOptions): string =>
    `SELECT ${values(table, bound, emit, context)}, dt_key FROM (${identified.sql(emit)})`;

  if (action === "INCREMENTAL" && table.content && identified.identity === "row") {
    const [input] = inputs;
    const changes = writer.changes(input!.object.storageId, before.get(input!.object.id)!, input!.version);
    const { name, count } = await writer.materialize(`SELECT * FROM ${changes} AS d`);
    if (count === 0) return { inserted: 0, deleted: 0 };
    const arrived = options(inputs, () => `(SELECT * FROM ${name} WHERE _action = 'INSERT')`);
    return writer.applyDelta(table.storageId, `SELECT _rid FROM ${name} WHERE _action = 'DELETE'`, {
      columns,
      select: select(arrived),
    });
  }
  const stored = `${writer.current(table.storageId)} AS t`;
  if (action === "REINITIALIZE" || !table.content) {
    return writer.applyDelta(table.storageId, table.content ? `SELECT t._rid FROM ${stored}` : undefined, {
      columns,
      select: select(whole),
    });
  }
  if (identified.identity === "row") {
    // A FULL refresh of a query that could be followed row by row: the rows are put anew.
    return writer.applyDelta(table.storageId, `SELECT t._rid FROM ${stored}`, { columns, select: select(whole) });
  }
  const { name } = await writer.materialize(select(whole));
  const names = columns.map((column) => `"${column}"`).join(", ");
  const fresh = `SELECT * FROM ${name} AS q(${names}, dt_key)`;
  const { name: gone } = await writer.materialize(
    `SELECT t._rid FROM ${stored} WHERE NOT EXISTS (FROM (${fresh}) AS n WHERE n.dt_key = t._rid)`,
  );
  const { name: come } = await writer.materialize(
    `SELECT n.* FROM (${fresh}) AS n WHERE NOT EXISTS (FROM ${stored} WHERE t._rid = n.dt_key)`,
  );
  return writer.applyDelta(table.storageId, `SELECT _rid FROM ${gone}`, { columns, select: `SELECT * FROM ${come}` });
}

/** The table's columns as the query gives them, cast to the types they were made with. */
function values(table: DynamicTable, bound: BoundQuery, emit: EmitOptions, context: StatementContext): string {
  const { session } = queryEnvironment(context);
  return table.columns
    .map((column, index) => {
      const value = castTo(columnRef(bound.columns[index]!), column.type, session, "assign");
      return `CAST(${emitExpression(value, emit)} AS ${physicalType(column.type)}) AS ${column.physical}`;
    })
    .join(", ");
}

function options(inputs: readonly Input[], text: (input: Input) => string): EmitOptions {
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

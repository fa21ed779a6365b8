import { lockWait } from "../../execution/parameters";
import type { Column, DynamicTable, Table } from "../../catalog/objects";
import { quoteIfNeeded } from "../../catalog/names";
import { compilationError, unsupported } from "../../errors";
import { followsChanges, resolveRefreshMode } from "../../refresh/refreshMode";
import type { StatementOf } from "../../sql/ast/statement";
import { columnType, translateDuckDbError, type BoundQuery } from "../../translate";
import { owns } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import {
  bindContent,
  contentAfter,
  inputIdsOf,
  inputsOf,
  type BoundContent,
  type Input,
} from "../../refresh/dynamicTableContent";
import { cloneDynamicTable } from "./cloneDynamicTable";
import { upstreamModes } from "../../refresh/knownKey";
import { requireOperate } from "./manualRefresh";
import { listed, queryInputs, requireNotBehindViews } from "../../refresh/queryInputs";
import { status, type Outcome } from "../../execution/outcome";
import { pointNow, refreshInOrder, requireSuccess } from "../../refresh/refreshPipeline";
import { readSettings, requireLag } from "./settings";
import { recordOf, type RefreshPoint } from "../../refresh/refreshDynamicTable";
import { actionOf } from "../../refresh/refreshAction";
import type { RefreshRecord } from "../../account/refreshHistory";
import { physicalColumn, requireDistinct } from "../../execution/tableColumns";
import { tracked } from "../table/alterTable";
import type { LockNeed } from "../../storage";
import { writeContent } from "../../refresh/writeContent";

/**
 * CREATE DYNAMIC TABLE. Source: "CREATE DYNAMIC TABLE". With INITIALIZE = ON_CREATE the first refresh is part of the
 * statement: when it fails nothing is made, and OR REPLACE leaves the old table.
 */
export const createDynamicTable: Handler<StatementOf<"createDynamicTable">> = (statement, context) =>
  // As one of the refreshes: what it reads stays at one data timestamp until its own rows are there.
  context.instance.refreshes.run(() => {
    refuseUnsupported(statement);
    return statement.clone ? cloneDynamicTable(statement, context) : create(statement, context);
  });

async function create(statement: StatementOf<"createDynamicTable">, context: StatementContext): Promise<Outcome> {
  const plan = planCreate(context, "DYNAMIC TABLE", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const { replaced } = plan;
  const settings = readSettings(statement, context);
  const { instance } = context;
  const queryText = statement.body!.text;
  const schema = instance.catalog.require("SCHEMA", plan.base.parentId);
  const inside: StatementContext = {
    ...context,
    text: queryText,
    session: { ...context.session, schemaId: schema.id, databaseId: schema.parentId },
  };

  // Dynamic tables that it reads come first, to the same data timestamp.
  const draft = bindContent({ queryText }, inside, context.startedOn);
  const upstream = inputIdsOf(draft.query).map((id) => instance.catalog.object(id) as Table | DynamicTable);
  requireLag(settings.targetLag, upstream, plan.base.name);
  const reads = queryInputs(queryText, inside);
  requireNotBehindViews(reads, plan.base.name);
  const point = pointNow(instance, "CREATION", context.signal);
  if (settings.initialize === "ON_CREATE") {
    const tables = upstream.filter((one) => one.kind === "DYNAMIC TABLE" && one.scheduler === "ENABLE");
    for (const table of tables) requireOperate(table as DynamicTable, "initial", context);
    requireSuccess(
      await refreshInOrder(
        instance,
        tables.map((table) => table.id),
        point,
      ),
    );
  }

  const started = performance.now();
  const bound = bindContent({ queryText }, inside, point.dataTimestamp);
  const compilationTimeMs = Math.round(performance.now() - started);
  const inputs = settings.initialize === "ON_CREATE" ? inputsOf(bound.query, point.version, context) : [];
  const belowClone = upstream.some((one) => one.kind === "DYNAMIC TABLE" && one.suspended?.reason.includes("CLONED"));
  const mode = resolveRefreshMode(
    settings.requestedRefreshMode,
    bound.query,
    plan.base.name,
    upstreamModes(upstream, instance),
  );
  const columns = columnsOf(statement, bound.query);
  const table: DynamicTable = {
    ...plan.base,
    comment: settings.comment,
    parameters: settings.parameters,
    text: statement.text,
    queryText,
    storageId: instance.ids.next(),
    columns,
    nextColumn: bound.query.columns.length + 1,
    transient: statement.transient || schema.transient,
    clusterBy: "",
    changeTracking: true,
    firstVersion: instance.storage.lastVersion,
    trackedSince: instance.storage.lastVersion,
    targetLag: settings.targetLag,
    scheduler: settings.scheduler,
    warehouse: settings.warehouse,
    initializationWarehouse: settings.initializationWarehouse,
    requestedRefreshMode: settings.requestedRefreshMode,
    refreshMode: mode.mode,
    refreshModeReason: mode.reason,
    initialize: settings.initialize,
    suspended: belowClone ? { reason: "UPSTREAM_CLONED_AUTO_SUSPENDED", on: instance.clock.now() } : null,
    isClone: false,
    inputs: upstream.map((input) => input.id),
    reads: listed(reads, ({ object }) => instance.catalog.fullName(object)),
    listedColumns: statement.columns.length > 0,
    typedColumns: columns.filter((_, index) => statement.columns[index]?.type).map((column) => column.physical),
    content: null,
    failures: 0,
    resumedOn: null,
  };
  const toTrack = followsChanges(mode.mode) ? untracked(upstream, context) : [];
  await make(table, bound, inputs, toTrack, replaced, statement.copyGrants, point, compilationTimeMs, inside);
  return status(`Dynamic table ${quoteIfNeeded(table.name)} successfully created.`);
}

async function make(
  table: DynamicTable,
  bound: BoundContent,
  inputs: readonly Input[],
  toTrack: readonly Table[],
  replaced: DynamicTable | undefined,
  copyGrants: boolean,
  point: RefreshPoint,
  compilationTimeMs: number,
  context: StatementContext,
): Promise<void> {
  const { instance } = context;
  const locks: LockNeed[] = replaced ? [{ id: replaced.storageId, mode: "ddl", name: replaced.name }] : [];
  const onCreate = table.initialize === "ON_CREATE";
  const startedOn = instance.clock.now();
  const started = performance.now();
  let record: RefreshRecord | undefined;
  try {
    await instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
      await writer.createTable(table.storageId, table.columns.map(physicalColumn));
      const rows = onCreate
        ? await writeContent(table, bound, inputs, actionOf(table.refreshMode), writer, context)
        : undefined;
      const change = await begin();
      for (const base of toTrack) {
        const now = change.object(base.id) as Table;
        change.put({ ...now, ...tracked(now, true, context) });
      }
      const content = rows
        ? { ...contentAfter(bound, inputs, point.dataTimestamp), groupsKeptFor: rows.groupsKeptFor }
        : null;
      register(context, change, { ...table, content }, replaced, copyGrants);
      if (!rows) return;
      record = {
        ...recordOf(instance, table, point, startedOn),
        state: "SUCCEEDED",
        stateCode: "SUCCESS",
        stateMessage: null,
        queryId: context.queryId,
        lastCompletedDependency: null,
        action: actionOf(table.refreshMode),
        reinitReason: null,
        statistics: {
          numInsertedRows: rows.inserted,
          numDeletedRows: rows.deleted,
          numCopiedRows: 0,
          compilationTimeMs,
          executionTimeMs: Math.round(performance.now() - started),
        },
      };
      instance.refreshHistory.persist(record, writer);
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
  if (record) instance.refreshHistory.add(record);
}

function refuseUnsupported(statement: StatementOf<"createDynamicTable">): void {
  if (statement.immutableWhere) throw unsupported("IMMUTABLE WHERE");
  if (statement.clusterBy) throw unsupported("CLUSTER BY");
  if (statement.requireUser) throw unsupported("REQUIRE USER");
  if (statement.tags.length > 0) throw unsupported("TAG");
}

function columnsOf(statement: StatementOf<"createDynamicTable">, bound: BoundQuery): Column[] {
  const given = statement.columns;
  if (given.length > 0 && given.length !== bound.columns.length) {
    throw compilationError("Invalid column definition list", "002026", "42601");
  }
  const columns = bound.columns.map((column, index) => ({
    name: given[index]?.name.name ?? column.name,
    type: given[index]?.type ?? columnType(column.type),
    nullable: true,
    comment: given[index]?.comment ?? "",
    physical: `c${index + 1}`,
  }));
  requireDistinct(columns);
  return columns;
}

/**
 * Base tables whose change tracking the statement switches on, which only their owner may. Source: "Create dynamic
 * tables", change tracking.
 */
function untracked(inputs: readonly (Table | DynamicTable)[], context: StatementContext): Table[] {
  const tables = inputs.filter((object): object is Table => object.kind === "TABLE");
  const found = tables.filter((table) => !table.changeTracking);
  for (const table of found) {
    if (!owns(context, table)) {
      throw compilationError(`Change tracking is not enabled on table '${table.name}'.`, "002712", "42601");
    }
  }
  return found;
}

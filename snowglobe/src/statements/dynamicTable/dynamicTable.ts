import type { DynamicTable, Table } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { RefreshRecord } from "../../account/refreshHistory";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { tryFindRelation } from "../../execution/lookup";
import { status, type Outcome } from "../../execution/outcome";
import { lockWait } from "../../execution/parameters";
import { rowAccessUse, withAttachments } from "../../execution/policyUse";
import { rowTimesByDefault, withRowTimes } from "../../execution/rowTimestamp";
import { physicalColumn } from "../../execution/tableColumns";
import { changedInputs } from "../../refresh/changedInputs";
import { contentAfter, inputsOf, wrappedIdsOf, type BoundContent, type Input } from "../../refresh/dynamicTableContent";
import { requireFrozenRegion } from "../../refresh/frozenRegion";
import { upstreamModes } from "../../refresh/knownKey";
import { listed } from "../../refresh/queryInputs";
import { actionOf } from "../../refresh/refreshAction";
import { recordOf, type RefreshPoint } from "../../refresh/refreshDynamicTable";
import { refreshWarehouse } from "../../refresh/refreshConditions";
import { resolveRefreshMode, type ResolvedMode } from "../../refresh/refreshMode";
import { pointNow, refreshInOrder, requireSuccess } from "../../refresh/refreshPipeline";
import { writeContent } from "../../refresh/writeContent";
import type { StatementOf } from "../../sql/ast/statement";
import type { LockNeed } from "../../storage";
import { translateDuckDbError } from "../../translate";
import { tracked } from "../table/alterTable";
import { backfillOf, copyFrozenRows, startVersions, type Backfill } from "./backfill";
import { cloneDynamicTable } from "./cloneDynamicTable";
import { alterToDefinition } from "./createOrAlter";
import { bindDefinition, definedColumns, untracked, type Definition } from "./definition";
import { executeAsOf } from "./executeAs";
import { requireOperate } from "./manualRefresh";
import { readSettings, requireLag, type Settings } from "./settings";
import { quoteIfNeeded } from "../../quoting";
import { clusteringKey } from "../../execution/clusteringKey";

/**
 * CREATE [OR REPLACE | OR ALTER] DYNAMIC TABLE. Source: "CREATE DYNAMIC TABLE". With INITIALIZE = ON_CREATE the first
 * refresh is part of the statement: when it fails nothing is made, and OR REPLACE leaves the old table.
 */
export const createDynamicTable: Handler<StatementOf<"createDynamicTable">> = (statement, context) =>
  // As one of the refreshes: what it reads stays at one data timestamp until its own rows are there.
  context.instance.refreshes.run(() => {
    refuseUnsupported(statement);
    if (statement.orAlter) {
      const existing = tryFindRelation(context, statement.name, "CREATE OR ALTER DYNAMIC TABLE");
      if (existing) return alterToDefinition(statement, existing, context);
    }
    return statement.clone ? cloneDynamicTable(statement, context) : create(statement, context);
  });

async function create(statement: StatementOf<"createDynamicTable">, context: StatementContext): Promise<Outcome> {
  const plan = planCreate(context, "DYNAMIC TABLE", statement.name, { ...statement, orAlter: false });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const { replaced, base } = plan;
  const settings = readSettings(statement, context);
  const { instance } = context;
  const executeAs = statement.executeAs && executeAsOf(statement.executeAs, base.owner, context);

  // Dynamic tables that it reads come first, to the same data timestamp.
  const draft = bindDefinition(statement, base.name, base.parentId, context, context.startedOn);
  requireLag(settings.targetLag, draft.upstream, base.name);
  const backfill = backfillOf(statement, context);
  const point = pointNow(instance, "CREATION", context.signal);
  if (settings.initialize === "ON_CREATE") {
    const tables = draft.upstream.filter((one) => one.scheduler !== "DISABLE");
    for (const table of tables) requireOperate(table, "initial", context);
    const ids = tables.map((table) => table.id);
    requireSuccess(await refreshInOrder(instance, ids, point));
  }

  const started = performance.now();
  const definition = bindDefinition(statement, base.name, base.parentId, context, point.dataTimestamp);
  const { bound, inside } = definition;
  const compilationTimeMs = Math.round(performance.now() - started);
  const isFilled = settings.initialize === "ON_CREATE" || (backfill && statement.refreshUsing);
  const inputs = isFilled ? inputsOf(bound.query, point.version, context) : [];
  const mode: ResolvedMode = statement.refreshUsing
    ? { mode: "CUSTOM_INCREMENTAL", reason: null }
    : resolveRefreshMode(
        settings.requestedRefreshMode,
        bound.query,
        base.name,
        upstreamModes(definition.upstream, instance),
      );
  const made = newTable(statement, base, settings, definition, mode, context);
  const table: DynamicTable = {
    ...made,
    ...(executeAs && { executeAs }),
    ...(backfill && { backfill: backfill.text }),
  };
  if (table.frozenWhere !== undefined) requireFrozenRegion(table, bound.query, inside);
  const toTrack = mode.mode !== "FULL" ? untracked(definition.inputs, context) : [];
  await make(table, { bound, inputs, toTrack, replaced, backfill, point, compilationTimeMs }, statement, inside);
  return status(`Dynamic table ${quoteIfNeeded(table.name)} successfully created.`);
}

function newTable(
  statement: StatementOf<"createDynamicTable">,
  base: Pick<DynamicTable, "id" | "kind" | "parentId" | "name" | "createdOn" | "owner" | "sessionId">,
  { rowTimes, ...settings }: Settings,
  { queryText, bound, inputs, upstream, reads }: Definition,
  { mode, reason }: ResolvedMode,
  context: StatementContext,
): DynamicTable {
  const { instance } = context;
  const plain = definedColumns(statement, bound.query).map((column, index) => ({
    ...column,
    physical: `c${index + 1}`,
  }));
  const columns = withAttachments(context, plain, statement.columns);
  const { rowAccessPolicy } = statement;
  const belowClone = upstream.some((one) => one.suspended?.reason.includes("CLONED"));
  return {
    ...base,
    ...settings,
    text: statement.text,
    queryText,
    storageId: instance.ids.next(),
    columns,
    nextColumn: columns.length + 1,
    transient: statement.transient || instance.catalog.require("SCHEMA", base.parentId).transient,
    ...(rowAccessPolicy && { rowAccess: rowAccessUse(context, { columns }, rowAccessPolicy) }),
    clusterBy: clusteringKey(statement.clusterBy, columns, context),
    changeTracking: true,
    firstVersion: instance.storage.lastVersion,
    trackedSince: instance.storage.lastVersion,
    ...withRowTimes({}, rowTimes ?? rowTimesByDefault(base.parentId, context), context),
    refreshMode: mode,
    refreshModeReason: reason,
    ...(statement.refreshUsing && { refreshUsing: true }),
    ...(statement.frozenWhere && { frozenWhere: statement.frozenWhere.text }),
    suspended: belowClone ? { reason: "UPSTREAM_CLONED_AUTO_SUSPENDED", on: instance.clock.now() } : null,
    isClone: false,
    inputs: inputs.map((input) => input.id),
    wrappedInputs: wrappedIdsOf(bound.query),
    reads: listed(reads, ({ object }) => instance.catalog.fullName(object)),
    listedColumns: statement.columns.length > 0,
    typedColumns: columns.filter((_, index) => statement.columns[index]?.type).map((column) => column.physical),
    content: null,
    failures: 0,
    resumedOn: null,
  };
}

interface Making {
  readonly bound: BoundContent;
  readonly inputs: readonly Input[];
  readonly toTrack: readonly Table[];
  readonly replaced: DynamicTable | undefined;
  readonly backfill: Backfill | undefined;
  readonly point: RefreshPoint;
  readonly compilationTimeMs: number;
}

async function make(
  table: DynamicTable,
  { bound, inputs, toTrack, replaced, backfill, point, compilationTimeMs }: Making,
  { copyGrants, startAt }: StatementOf<"createDynamicTable">,
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
      const copied = backfill && (await copyFrozenRows(table, backfill, writer, context));
      // Where a table is copied, REFRESH USING only sees what changes from then on.
      const rows =
        table.refreshUsing && copied
          ? copied
          : onCreate
            ? await writeContent(table, bound, inputs, actionOf(table.refreshMode), writer, context)
            : undefined;
      const startedAt = startAt && (await startVersions(startAt, inputs, writer, context));
      const changed = rows && (await changedInputs(table, inputs, writer, context));
      const change = await begin();
      for (const base of toTrack) {
        const now = change.object(base.id) as Table;
        change.put({ ...now, ...tracked(now, true, context) });
      }
      const content = rows
        ? { ...contentAfter(bound, startedAt ?? inputs, point.dataTimestamp), groupsKeptFor: rows.groupsKeptFor }
        : null;
      register(context, change, { ...table, content }, replaced, copyGrants);
      if (!rows) return;
      record = {
        ...recordOf(instance, table, point, startedOn),
        warehouse: refreshWarehouse({ ...table, content: null }, actionOf(table.refreshMode)),
        state: "SUCCEEDED",
        stateCode: "SUCCESS",
        stateMessage: null,
        queryId: context.queryId,
        lastCompletedDependency: null,
        action: actionOf(table.refreshMode),
        reinitReason: null,
        changedInputs: changed,
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

/** Documented clauses that are refused by name. */
function refuseUnsupported(statement: StatementOf<"createDynamicTable">): void {
  if (statement.copyTags) throw unsupported("COPY TAGS");
  if (statement.startAt && !statement.backfillFrom) throw compilationError("START AT needs BACKFILL FROM.");
  if (statement.startAt && !statement.refreshUsing) throw compilationError("START AT needs REFRESH USING.");
}

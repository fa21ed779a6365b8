import type { Column, DynamicTable, RelationObject } from "../../catalog/objects";
import { compilationError, wrongKind } from "../../errors";
import { requireOwnership } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { status, type Outcome } from "../../execution/outcome";
import { withRowTimes } from "../../execution/rowTimestamp";
import { isWidening } from "../../execution/tableColumns";
import { evolveColumns, type ColumnEvolution } from "../../refresh/columnEvolution";
import { wrappedIdsOf } from "../../refresh/dynamicTableContent";
import { requireFrozenRegion, whyThawed } from "../../refresh/frozenRegion";
import { upstreamModes } from "../../refresh/knownKey";
import { listed } from "../../refresh/queryInputs";
import { followsChanges, reasonForFull, resolveRefreshMode, type ResolvedMode } from "../../refresh/refreshMode";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import { translateDuckDbError } from "../../translate";
import { tracked } from "../table/alterTable";
import { bindDefinition, definedColumns, untracked, type Definition } from "./definition";
import { executeAsOf } from "./executeAs";
import { readSettings, requireLag, type Settings } from "./settings";
import { quoteIfNeeded } from "../../quoting";
import { clusteringKey } from "../../execution/clusteringKey";

/**
 * CREATE OR ALTER of a dynamic table that exists: it gets the definition of the statement, of which what is not said has
 * its default. Nothing is refreshed; new columns read NULL until the next refresh, which makes all rows anew where the
 * query, the mode or a smaller frozen region asks for that. Sources: "CREATE DYNAMIC TABLE", CREATE OR ALTER; "Modify
 * dynamic tables"
 */
export async function alterToDefinition(
  statement: StatementOf<"createDynamicTable">,
  existing: RelationObject,
  context: StatementContext,
): Promise<Outcome> {
  if (existing.kind !== "DYNAMIC TABLE") throw wrongKind(existing.kind, "DYNAMIC TABLE");
  requireOwnership(context, existing);
  refuseClauses(statement, existing);
  const { next, evolution, toTrack, queryColumns } = target(statement, existing, context);
  const locks = evolution ? [{ id: existing.storageId, mode: "ddl" as const, name: existing.name }] : [];
  try {
    await context.instance.change({ locks, signal: context.signal }, async (writer, begin) => {
      if (evolution) await evolveColumns(existing.storageId, evolution, writer);
      const reinitialize = await whyThawed(existing, next, writer, context);
      const change = await begin();
      for (const base of toTrack) change.put({ ...base, ...tracked(base, true, context) });
      const { content, failures } = change.object(existing.id) as DynamicTable;
      change.put({
        ...next,
        failures,
        content: content && { ...content, queryColumns },
        reinitialize: next.reinitialize ?? reinitialize,
      });
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
  return status(`Dynamic table ${quoteIfNeeded(existing.name)} successfully created.`);
}

/** What a table will be once the statement is run; nothing is changed. @throws SnowflakeError as the statement would */
export async function definitionAfter(
  statement: StatementOf<"createDynamicTable">,
  existing: RelationObject,
  context: StatementContext,
): Promise<DynamicTable> {
  if (existing.kind !== "DYNAMIC TABLE") throw wrongKind(existing.kind, "DYNAMIC TABLE");
  requireOwnership(context, existing);
  refuseClauses(statement, existing);
  const { next, queryColumns } = target(statement, existing, context);
  const { instance, signal } = context;
  const thawed = await instance.storage.read(undefined, signal, (reader) => whyThawed(existing, next, reader, context));
  const { content } = next;
  return {
    ...next,
    content: content && { ...content, queryColumns },
    reinitialize: next.reinitialize ?? thawed,
  };
}

function hasAttachments({ tags, maskingPolicy }: StatementOf<"createDynamicTable">["columns"][number]): boolean {
  return maskingPolicy !== undefined || (tags ?? []).length > 0;
}

/** Source: "CREATE OR ALTER <object>", limitations. */
function refuseClauses(statement: StatementOf<"createDynamicTable">, existing: DynamicTable): void {
  if (statement.tags.length > 0 || statement.rowAccessPolicy || statement.columns.some(hasAttachments)) {
    throw compilationError("CREATE OR ALTER does not support setting policies or tags", "001506", "0A000");
  }
  if (statement.copyGrants || statement.copyTags) throw compilationError("CREATE OR ALTER takes no COPY GRANTS.");
  if (statement.clone) throw compilationError("CREATE OR ALTER takes no CLONE.");
  if (statement.transient !== existing.transient) {
    throw compilationError(`CREATE OR ALTER cannot change whether dynamic table '${existing.name}' is transient.`);
  }
  if ((statement.refreshUsing !== undefined) !== (existing.refreshUsing ?? false)) {
    throw compilationError(
      `Dynamic table '${existing.name}' cannot change from or to CUSTOM_INCREMENTAL: recreate it.`,
    );
  }
  if (statement.backfillFrom ? existing.backfill === undefined : false) {
    throw compilationError(`CREATE OR ALTER cannot change BACKFILL FROM of dynamic table '${existing.name}'.`);
  }
}

function target(
  statement: StatementOf<"createDynamicTable">,
  existing: DynamicTable,
  context: StatementContext,
): {
  readonly next: DynamicTable;
  readonly evolution: ColumnEvolution | undefined;
  readonly toTrack: ReturnType<typeof untracked>;
  readonly queryColumns: readonly string[];
} {
  const { instance } = context;
  const { rowTimes, ...settings } = readSettings(statement, context);
  const definition = bindDefinition(statement, existing.name, existing.parentId, context, context.startedOn);
  if (inputsInclude(definition, existing.id)) throw compilationError(`Dynamic table '${existing.name}' reads itself.`);
  const { bound, inputs, reads } = definition;
  requireLag(settings.targetLag, definition.upstream, existing.name);
  const mode = nextMode(settings, definition, existing, context);
  const evolution = columnChange(existing, definedColumns(statement, bound.query), statement);
  const columns = evolution?.columns ?? existing.columns;
  const crossesFull = followsChanges(mode.mode) && !followsChanges(existing.refreshMode);
  const next: DynamicTable = {
    ...existing,
    ...settings,
    // Not said is not FALSE here. Source: "CREATE DYNAMIC TABLE", CREATE OR ALTER DYNAMIC TABLE.
    ...withRowTimes(existing, rowTimes, context),
    text: statement.text,
    queryText: definition.queryText,
    namesFrom: undefined,
    columns,
    nextColumn: evolution?.nextColumn ?? existing.nextColumn,
    clusterBy: clusteringKey(statement.clusterBy, columns, context),
    refreshMode: mode.mode,
    refreshModeReason: mode.reason,
    frozenWhere: statement.frozenWhere?.text,
    executeAs: statement.executeAs && executeAsOf(statement.executeAs, existing.owner, context),
    inputs: inputs.map((input) => input.id),
    wrappedInputs: wrappedIdsOf(bound.query),
    reads: listed(reads, ({ object }) => instance.catalog.fullName(object)),
    listedColumns: statement.columns.length > 0,
    typedColumns: columns.filter((_, index) => statement.columns[index]?.type).map((column) => column.physical),
    reinitialize: remadeBecause(existing, crossesFull, evolution),
  };
  if (next.frozenWhere !== undefined) requireFrozenRegion(next, bound.query, definition.inside);
  const toTrack = mode.mode !== "FULL" ? untracked(inputs, context) : [];
  return { next, evolution, toTrack, queryColumns: bound.query.columns.map((column) => column.name) };
}

function remadeBecause(
  existing: DynamicTable,
  crossesFull: boolean,
  evolution: ColumnEvolution | undefined,
): string | undefined {
  if (!existing.content || existing.refreshUsing) return undefined;
  if (crossesFull) return "Refresh mode changed.";
  return evolution && evolution.added.length > 0 ? "Columns changed." : existing.reinitialize;
}

function inputsInclude({ inputs }: Definition, id: number): boolean {
  return inputs.some((input) => input.id === id);
}

/**
 * A concrete mode is taken as it is asked for; AUTO leaves the mode that the table runs in, as long as the query allows
 * it. Source: "Modify dynamic tables", refresh mode transitions.
 */
function nextMode(
  { requestedRefreshMode }: Pick<Settings, "requestedRefreshMode">,
  { bound, upstream }: Definition,
  existing: DynamicTable,
  { instance }: StatementContext,
): ResolvedMode {
  if (existing.refreshUsing) return { mode: "CUSTOM_INCREMENTAL", reason: null };
  const modes = upstreamModes(upstream, instance);
  if (requestedRefreshMode !== "AUTO") {
    return resolveRefreshMode(requestedRefreshMode, bound.query, existing.name, modes);
  }
  const stays = followsChanges(existing.refreshMode)
    ? reasonForFull(bound.query) === undefined
    : existing.refreshMode === "FULL";
  if (!stays) return resolveRefreshMode("AUTO", bound.query, existing.name, modes);
  // Also what no mode allows is refused here.
  resolveRefreshMode("AUTO", bound.query, existing.name, modes);
  return { mode: existing.refreshMode, reason: existing.refreshModeReason };
}

/**
 * What has to happen to the columns: new ones come last, and those that stay keep their order.
 *
 * @returns undefined where nothing changes
 * @throws SnowflakeError for any other change. Source: "CREATE DYNAMIC TABLE", CREATE OR ALTER usage notes
 */
function columnChange(
  existing: DynamicTable,
  wanted: readonly Omit<Column, "physical">[],
  statement: StatementOf<"createDynamicTable">,
): ColumnEvolution | undefined {
  const known = new Map(existing.columns.map((column, place) => [column.name, { column, place }]));
  let { nextColumn } = existing;
  let last = -1;
  const added: Column[] = [];
  const widened: Column[] = [];
  const columns = wanted.map((column, index): Column => {
    const found = known.get(column.name);
    if (!found) {
      const fresh = { ...column, physical: `c${nextColumn++}` };
      added.push(fresh);
      return fresh;
    }
    if (added.length > 0) {
      throw compilationError(
        `Column '${added[0]!.name}' of dynamic table '${existing.name}' must be added at the end.`,
        "002830",
        "0A000",
      );
    }
    if (found.place < last) {
      throw compilationError(
        `Columns of dynamic table '${existing.name}' cannot change their order.`,
        "002830",
        "0A000",
      );
    }
    last = found.place;
    const kept = { ...found.column, comment: statement.columns[index]?.comment ?? "" };
    if (dataTypeText(found.column.type) === dataTypeText(column.type)) return kept;
    if (!isWidening(found.column.type, column.type)) throw incompatible(existing, found.column, column);
    const wider = { ...kept, type: column.type };
    widened.push(wider);
    return wider;
  });
  const dropped = existing.columns.filter((one) => !columns.some((column) => column.physical === one.physical));
  if (dropped.length === existing.columns.length) {
    throw compilationError(`All columns of dynamic table '${existing.name}' would be dropped.`, "001432", "0A000");
  }
  for (const column of dropped) requireNotNeeded(existing, column, statement);
  const isSame = added.length + widened.length + dropped.length === 0;
  const comments = columns.some((column, index) => column.comment !== existing.columns[index]?.comment);
  return isSame && !comments ? undefined : { columns, nextColumn, added, dropped, widened };
}

function requireNotNeeded(
  existing: DynamicTable,
  { name }: Column,
  { clusterBy }: StatementOf<"createDynamicTable">,
): void {
  const isClusteredBy = clusterBy?.some((one) => one.kind === "column" && one.parts.at(-1)!.name === name) ?? false;
  if (isClusteredBy) {
    throw compilationError(`Column '${name}' of dynamic table '${existing.name}' is in its clustering key.`);
  }
}

function incompatible(existing: DynamicTable, from: Column, to: Omit<Column, "physical">): Error {
  const narrower = from.type.kind === "VARCHAR" && to.type.kind === "VARCHAR";
  return compilationError(
    `Column '${from.name}' of dynamic table '${existing.name}' cannot change from ${dataTypeText(from.type)} to ${dataTypeText(to.type)}: use CREATE OR REPLACE.`,
    narrower ? "040050" : "002108",
    "0A000",
  );
}

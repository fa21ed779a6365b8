import type { DynamicTable } from "../catalog/objects";
import { contentDelta, type Content } from "./delta/contentDelta";
import { DeltaSource, NotCovered } from "./delta/deltaSource";
import { GroupState, groupTable } from "./delta/groupState";
import { InputVersions } from "./delta/inputVersions";
import { relation } from "./delta/planNodes";
import { physicalColumns } from "./delta/pruneColumns";
import { isWorthFollowing } from "./delta/refreshCost";
import { applyDifference, type RowChanges, type StoredResult } from "./delta/storedRows";
import { SIDES, weightOf } from "./delta/weightedRows";
import { ROW_ID } from "./rowIdentity";
import type { StatementWriter } from "../storage";
import type { Plan } from "../translate";
import type { StatementContext } from "../execution/context";
import type { RefreshMethod } from "../execution/instance";
import { activeRows } from "./frozenRegion";
import { contentPlan, inputVersions } from "./contentPlan";
import { parseCustomStatement } from "./customStatement";
import type { BoundContent, Input } from "./dynamicTableContent";
import type { RefreshAction, RefreshRecord } from "../account/refreshHistory";

/** What a refresh did. */
export interface WrittenContent extends RowChanges {
  readonly foundBy: NonNullable<RefreshRecord["foundBy"]>;
  /** See DynamicTableContent. */
  readonly groupsKeptFor?: number;
}

/**
 * Brings the stored rows to what the query gives now. An INCREMENTAL refresh does so by what changed in the inputs, where
 * that can be followed and is likely to cost less than the query; else by the query's whole result, of which only what
 * differs from the stored rows is written.
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
): Promise<WrittenContent> {
  if (table.refreshUsing) return runCustom(table, inputs, writer, context);
  return new ContentWriter(table, bound, inputs, writer, context).write(action);
}

/** Runs the statement of REFRESH USING. An updated row counts as one that went and one that came. */
async function runCustom(
  table: DynamicTable,
  inputs: readonly Input[],
  writer: StatementWriter,
  context: StatementContext,
): Promise<WrittenContent> {
  const before = table.content?.inputVersions ?? [];
  const custom = {
    table,
    writer,
    at: new Map(inputs.map(({ object, version }) => [object.id, version])),
    since: new Map(before.map(({ id, version }) => [id, version])),
  };
  const { statistics } = await context.instance.runCustom(parseCustomStatement(table.queryText), {
    ...context,
    text: table.queryText,
    custom,
  });
  const { numRowsInserted = 0, numRowsUpdated = 0, numRowsDeleted = 0 } = statistics ?? {};
  return {
    inserted: numRowsInserted + numRowsUpdated,
    deleted: numRowsDeleted + numRowsUpdated,
    foundBy: "CHANGES",
  };
}

class ContentWriter {
  private readonly result: StoredResult;
  /** As `result`, with the key that is promised to be one where none follows from the query. */
  private readonly keyed: StoredResult;
  private readonly plan: Plan;
  private readonly source: DeltaSource;
  private readonly content: Content;
  private readonly method: RefreshMethod;
  private readonly storedTables: () => readonly number[];
  /** Changes of the inputs may be followed to those of the result. */
  private readonly followable: boolean;

  constructor(
    private readonly table: DynamicTable,
    bound: BoundContent,
    inputs: readonly Input[],
    private readonly writer: StatementWriter,
    context: StatementContext,
  ) {
    const { plan, byRowId, followable, root, declaredKey } = contentPlan(table, bound, context);
    this.plan = plan;
    this.followable = followable;
    const { storage, settings } = context.instance;
    this.method = settings.refreshMethod;
    this.storedTables = () => storage.tableIds();
    const versions = new InputVersions(inputVersions(table, inputs), physicalColumns(this.plan), writer, (id) =>
      storage.lastChange(id),
    );
    this.source = new DeltaSource(versions, writer);
    const state = root && GroupState.of(groupTable(table.storageId), root.groups, this.source);
    this.content = { plan: this.plan, ...(root ? { root } : {}), ...(state ? { state } : {}) };
    const columns = table.columns.map((column) => column.physical);
    const keysAt = (places: readonly number[] | undefined): Pick<StoredResult, "keys"> =>
      places ? { keys: places.map((place) => columns[place]!) } : {};
    const rows = (): string => activeRows(table, writer, context);
    this.result = { storageId: table.storageId, rows, columns, byRowId, ...keysAt(root?.keys) };
    this.keyed = { ...this.result, ...keysAt(root?.keys ?? declaredKey) };
  }

  async write(action: Exclude<RefreshAction, "NO_DATA">): Promise<WrittenContent> {
    if (action === "REINITIALIZE" || !this.table.content) return this.kept(await this.replace());
    if (this.followable && this.method !== "COMPARISON") {
      const changes = await this.follow();
      if (changes) return changes;
    }
    return this.kept(await this.replaceDifference());
  }

  /** By what changed. @returns undefined where that cannot be followed, or is not worth it */
  private async follow(): Promise<WrittenContent | undefined> {
    const { source, content, table } = this;
    const kept = content.state !== undefined && this.hasGroups();
    // Without them the whole query must be computed to make them.
    if (content.state && !kept) return undefined;
    if (this.method === "CHEAPER") {
      const sizes = await source.inputs.sizes(table.storageId);
      if (!isWorthFollowing(content, sizes) && !(await this.isRewritten())) return undefined;
    }
    try {
      const delta = await contentDelta(content, this.storedPlan(), source);
      const arms = SIDES.flatMap((side) => {
        const rows = delta[side];
        if (!rows) return [];
        const [weight] = weightOf(rows);
        return [this.counted(source.sql(rows.plan), `${side === "plus" ? "+" : "-"}${weight?.id ?? "1"}`)];
      });
      const changes = await applyDifference({ ...this.keyed, rewrites: await this.isRewritten() }, arms, this.writer);
      if (!changes && this.method === "CHANGES")
        throw new Error(`the changes of ${table.name} do not start from its rows`);
      return changes && { ...changes, foundBy: "CHANGES", ...(kept ? { groupsKeptFor: table.storageId } : {}) };
    } catch (error) {
      if (error instanceof NotCovered) return undefined;
      throw error;
    }
  }

  /**
   * Whether an input without a key was written anew: what stems from its rows counts as gone and come then, though it is
   * as before, which a comparison of results does not see. Source: "Optimize input data for dynamic tables".
   */
  private async isRewritten(): Promise<boolean> {
    return !this.content.root && !this.result.byRowId && (await this.source.inputs.isRewritten());
  }

  private async replace(): Promise<RowChanges> {
    const { writer, table, result } = this;
    const old = table.content ? `SELECT t._rid FROM ${result.rows()} AS t` : undefined;
    const rowId = result.byRowId ? ROW_ID : "NULL::BIGINT";
    const select = `SELECT ${result.columns.join(", ")}, ${rowId} FROM (${await this.whole()})`;
    return writer.applyDelta(result.storageId, old, { columns: result.columns, select });
  }

  private async replaceDifference(): Promise<RowChanges> {
    const arms = [this.counted(await this.whole(), "1"), this.counted(this.source.sql(this.storedPlan()), "-1")];
    const byKey = await applyDifference(this.keyed, arms, this.writer);
    // The second arm is what is stored: by its values each row is found, whatever was promised of keys.
    return byKey ?? (await applyDifference(this.result, arms, this.writer))!;
  }

  /** The whole result as a query; where groups are kept they are made anew for it. */
  private async whole(): Promise<string> {
    const { root, state } = this.content;
    if (!root || !state) return this.source.sql(this.source.inputs.at(this.plan, "after"));
    if (!this.hasGroups()) await this.dropOrphanedGroups();
    await state.rebuild();
    return this.source.sql(root.over(state.rows()));
  }

  /** Whether the groups that the stored rows are made of are kept beside them. */
  private hasGroups(): boolean {
    return this.table.content?.groupsKeptFor === this.table.storageId;
  }

  /** Groups of tables that are no more. */
  private async dropOrphanedGroups(): Promise<void> {
    const alive = new Set([...this.storedTables(), this.table.storageId].map(groupTable));
    const rows = await this.writer.rows(
      `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() WHERE starts_with(name, '${groupTable("")}')`,
    );
    for (const { name } of rows) if (!alive.has(name as string)) await this.writer.run(`DROP TABLE ${name as string}`);
  }

  private kept(changes: RowChanges): WrittenContent {
    return {
      ...changes,
      foundBy: "WHOLE RESULT",
      ...(this.content.state ? { groupsKeptFor: this.table.storageId } : {}),
    };
  }

  private counted(sql: string, count: string): string {
    const { columns, byRowId } = this.result;
    return `SELECT ${[...columns, ...(byRowId ? [ROW_ID] : []), count].join(", ")} FROM (${sql})`;
  }

  /** What is stored, under the plan's columns. */
  private storedPlan(): Plan {
    const current = `${this.result.rows()} AS t`;
    const physical = [...this.result.columns, ...(this.result.byRowId ? ["_rid"] : [])];
    return { ...relation(current, this.plan.columns), physical };
  }
}

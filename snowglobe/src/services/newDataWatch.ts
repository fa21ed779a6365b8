import type { Alert, RelationObject } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import type { NewRows } from "../execution/alertContext";
import { newDataSourceOf } from "../statements/alert/newDataCondition";
import { basesOf, hasNewRows, trackedFrom } from "../execution/changes/newRows";
import type { StatementContext } from "../execution/context";
import { systemContext } from "../refresh/systemContext";
import type { Instance } from "../execution/instance";
import { findRelation } from "../execution/lookup";
import type { Microseconds } from "../time";

/** What a look at an alert's table found. */
export type NewData =
  | { readonly newRows: NewRows; readonly failure?: undefined }
  /** The table cannot be looked at. */
  | { readonly newRows?: undefined; readonly failure: unknown };

/** What is known of an alert since it was resumed. */
interface Watch {
  /** Its resumption: another one begins anew. */
  readonly resumedOn: Microseconds | null;
  /** Newest version that has been looked at, with or without success. */
  looked: number;
  /** Why its table could not be found, told once. */
  missing?: string;
}

/** Tells whether the tables of alerts on new data have new rows. A look costs no SQL where a table has not changed. */
export class NewDataWatch {
  private readonly watches = new Map<number, Watch>();
  /** The stored tables below each alert's table or view; as long as the catalog stays as it is. */
  private sources = new Map<string, { readonly source: RelationObject; readonly tables: readonly number[] }>();
  private generation = -1;

  constructor(
    private readonly instance: Instance,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns undefined when there is nothing new */
  async look(alert: Alert): Promise<NewData | undefined> {
    const { storage, alertPositions, alertHistory } = this.instance;
    const watch = this.watchOf(alert);
    const position = alertPositions.of(alert.id) ?? storage.lastVersion;
    const to = storage.lastVersion;
    const context = this.ownerContext(alert);
    let found;
    try {
      found = this.sourceOf(alert, context);
    } catch (failure) {
      // Without a table there is no new data to wait for: that it is missing is told once.
      if (!(failure instanceof SnowflakeError) || watch.missing === failure.message) return undefined;
      watch.missing = failure.message;
      return { failure };
    }
    watch.missing = undefined;
    const seen = Math.max(position, watch.looked);
    watch.looked = to;
    if (!found.tables.some((table) => storage.lastChange(table) > seen)) return undefined;
    try {
      const newRows = { sourceId: found.source.id, from: trackedFrom(found.source, context, position), to };
      if (newRows.from < to && (await hasNewRows(newRows, context))) return { newRows };
    } catch (failure) {
      return { failure };
    }
    await alertHistory.keep(undefined, { alertId: alert.id, version: to });
    return undefined;
  }

  private watchOf(alert: Alert): Watch {
    const known = this.watches.get(alert.id);
    if (known?.resumedOn === alert.resumedOn) return known;
    const made: Watch = { resumedOn: alert.resumedOn, looked: 0 };
    this.watches.set(alert.id, made);
    return made;
  }

  /** As the alert's owner sees it. */
  private ownerContext({ owner, parentId, condition }: Alert): StatementContext {
    return systemContext(this.instance, { owner, parentId, queryText: condition }, { signal: this.signal });
  }

  private sourceOf(alert: Alert, context: StatementContext) {
    const { catalog } = this.instance;
    if (this.generation !== catalog.generation) this.sources = new Map();
    this.generation = catalog.generation;
    const key = `${alert.id} ${alert.condition}`;
    const known = this.sources.get(key);
    if (known) return known;
    const source = findRelation(context, newDataSourceOf(alert.condition), "SELECT");
    const found = { source, tables: basesOf(source, context).map((base) => base.storageId) };
    this.sources.set(key, found);
    return found;
  }
}

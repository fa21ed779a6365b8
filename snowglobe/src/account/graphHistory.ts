import type { CatalogChange, RunSql } from "../catalog/change";
import type { CatalogObject, DynamicTable, QueryInput, TargetLag } from "../catalog/objects";
import { HISTORY_KEPT } from "./refreshHistory";
import type { Keeping, StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** What made a new description necessary. Source: "DYNAMIC_TABLE_GRAPH_HISTORY", ALTER_TRIGGER. */
export type AlterTrigger =
  "CREATE_DYNAMIC_TABLE" | "ALTER_TARGET_LAG" | "ALTER_WAREHOUSE" | "SUSPEND" | "RESUME" | "NONE";

/** How a dynamic table stood in its graph from one change of it to the next. */
export interface GraphDescription {
  readonly objectId: number;
  readonly name: string;
  readonly schemaName: string;
  readonly databaseName: string;
  readonly inputs: readonly QueryInput[];
  readonly targetLag: TargetLag | null;
  readonly queryText: string;
  readonly suspended: DynamicTable["suspended"];
  readonly resumedOn: Microseconds | null;
  readonly triggers: readonly AlterTrigger[];
  readonly executeAs?: DynamicTable["executeAs"];
}

/** A description and when it begins to count; null once the table is dropped. */
export interface GraphEntry {
  readonly seq: number;
  readonly objectId: number;
  readonly validFrom: Microseconds;
  readonly description: GraphDescription | null;
}

/** Descriptions of all dynamic tables over time: in memory, and in the data file by the transaction of each change. */
export class GraphHistory implements Keeping {
  readonly table = {
    name: "graph_history",
    columns: "seq BIGINT, object_id BIGINT, valid_from BIGINT, doc VARCHAR",
  };
  private readonly entries = new Map<number, GraphEntry[]>();
  private lastSeq = 0;

  /** Brings the descriptions back. @param rows of the table, in any order */
  load(rows: readonly StoredRow[]): void {
    const entries = rows.map((row): GraphEntry => ({
      seq: Number(row.seq),
      objectId: Number(row.object_id),
      validFrom: Number(row.valid_from),
      description: row.doc === null ? null : (JSON.parse(row.doc as string) as GraphDescription),
    }));
    this.add(entries.sort((a, b) => a.seq - b.seq));
  }

  /** The entries that a change of the catalog makes necessary. @param at the time of the change */
  entriesOf(change: CatalogChange, at: Microseconds): GraphEntry[] {
    const made: GraphEntry[] = [];
    for (const [objectId, after] of change.changed()) {
      const before = dynamicTable(change.catalog.object(objectId));
      const now = dynamicTable(after);
      if (!before && !now) continue;
      const triggers = triggersOf(before, now);
      if (now && triggers.length === 0) continue;
      const description = now ? describe(now, triggers, change) : null;
      made.push({ seq: this.lastSeq + made.length + 1, objectId, validFrom: Math.trunc(at), description });
    }
    return made;
  }

  async persist(entries: readonly GraphEntry[], run: RunSql): Promise<void> {
    for (const { seq, objectId, validFrom, description } of entries) {
      const doc = description && JSON.stringify(description);
      await run("INSERT INTO catalog.graph_history VALUES ($1, $2, $3, $4)", [
        BigInt(seq),
        BigInt(objectId),
        BigInt(validFrom),
        doc,
      ]);
    }
  }

  /** Shows entries once their transaction has committed. */
  add(entries: readonly GraphEntry[]): void {
    for (const entry of entries) {
      this.lastSeq = Math.max(this.lastSeq, entry.seq);
      const known = this.entries.get(entry.objectId);
      if (known) known.push(entry);
      else this.entries.set(entry.objectId, [entry]);
    }
  }

  /** All descriptions, oldest first for each table, with the time up to which each counts; null for the present one. */
  *all(): Iterable<{ readonly entry: GraphEntry; readonly validTo: Microseconds | null }> {
    for (const entries of this.entries.values()) {
      for (const [index, entry] of entries.entries()) {
        if (entry.description) yield { entry, validTo: entries[index + 1]?.validFrom ?? null };
      }
    }
  }

  /** When the description that counted at a time began to count. */
  validFrom(objectId: number, at: Microseconds): Microseconds | undefined {
    const described = this.entries.get(objectId)?.filter((entry) => entry.description) ?? [];
    // The first refresh ends a moment before the table that it fills is there.
    return (described.findLast((entry) => entry.validFrom <= at) ?? described[0])?.validFrom;
  }

  /** Removes what stopped counting before its time to be kept, in memory and in the data file. */
  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = Math.trunc(now - HISTORY_KEPT);
    for (const [id, entries] of this.entries) {
      const kept = entries.filter((entry, index) => {
        const validTo = entry.description ? entries[index + 1]?.validFrom : entry.validFrom;
        return validTo === undefined || validTo >= oldest;
      });
      if (kept.length === entries.length) continue;
      if (kept.length > 0) this.entries.set(id, kept);
      else this.entries.delete(id);
    }
    await run(
      `DELETE FROM catalog.graph_history AS old WHERE old.valid_from < ${oldest} AND (old.doc IS NULL OR EXISTS
         (FROM catalog.graph_history AS next
          WHERE next.object_id = old.object_id AND next.seq > old.seq AND next.valid_from < ${oldest}))`,
    );
  }
}

/** The object, if it is a dynamic table that is not dropped. */
function dynamicTable(object: CatalogObject | undefined): DynamicTable | undefined {
  return object?.kind === "DYNAMIC TABLE" && object.droppedOn === undefined ? object : undefined;
}

/** Why a new description is needed; none where nothing of it changed. */
function triggersOf(before: DynamicTable | undefined, after: DynamicTable | undefined): AlterTrigger[] {
  if (!after) return [];
  if (!before) return ["CREATE_DYNAMIC_TABLE"];
  const triggers: AlterTrigger[] = [];
  if (JSON.stringify(before.targetLag) !== JSON.stringify(after.targetLag)) triggers.push("ALTER_TARGET_LAG");
  if (before.warehouse !== after.warehouse) triggers.push("ALTER_WAREHOUSE");
  if (after.suspended && before.suspended?.reason !== after.suspended.reason) triggers.push("SUSPEND");
  if (before.suspended && !after.suspended) triggers.push("RESUME");
  const other =
    before.name !== after.name ||
    before.parentId !== after.parentId ||
    JSON.stringify(before.executeAs) !== JSON.stringify(after.executeAs) ||
    JSON.stringify(before.reads) !== JSON.stringify(after.reads);
  return triggers.length === 0 && other ? ["NONE"] : triggers;
}

function describe(table: DynamicTable, triggers: readonly AlterTrigger[], change: CatalogChange): GraphDescription {
  const schema = change.object(table.parentId)!;
  return {
    objectId: table.id,
    name: table.name,
    schemaName: schema.name,
    databaseName: change.object(schema.parentId)!.name,
    inputs: table.reads ?? [],
    targetLag: table.targetLag,
    queryText: table.queryText,
    suspended: table.suspended,
    resumedOn: table.resumedOn,
    triggers,
    ...(table.executeAs && { executeAs: table.executeAs }),
  };
}

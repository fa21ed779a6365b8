import { forgetSuperseded, type RunSql } from "../catalog/change";
import { PARAMETERS } from "../catalog/parameters";
import type { CatalogObject } from "../catalog/objects";
import type { CancelAlarm } from "../clock";
import type { Instance } from "../execution/instance";
import { isBeyondRetention } from "../refresh/refreshConditions";
import { staleAfter } from "../execution/changes/streamSource";

const MICROSECONDS = 1e6;
const DAY = 86_400 * MICROSECONDS;
/** How often ended rows and dropped objects are looked for. */
const EVERY = 600 * MICROSECONDS;
const RETENTION = PARAMETERS.find((one) => one.name === "DATA_RETENTION_TIME_IN_DAYS")!;

/** Removes what is past its time travel: ended rows that nobody may ask for any more, and dropped objects. */
export class Housekeeper {
  private cancel: CancelAlarm | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.cancel = this.instance.clock.alarm(this.instance.clock.now() + EVERY, async () => {
      try {
        await this.clean();
      } catch (error) {
        this.onError(error);
      }
      this.start();
    });
  }

  stop(): void {
    this.cancel?.();
  }

  private async clean(): Promise<void> {
    const { catalog, storage, clock } = this.instance;
    await this.removeDropped();
    const horizons = new Map<number, number>();
    for (const object of catalog.all()) {
      if (!("storageId" in object)) continue;
      const kept = storage.versionAt(clock.now() - this.retention(object)) ?? 0;
      horizons.set(object.storageId, Math.min(kept, horizons.get(object.storageId) ?? kept));
    }
    // A dynamic table still needs the changes since it read its inputs last, also when UNDROP brings it back.
    for (const table of catalog.all()) {
      if (table.kind !== "DYNAMIC TABLE") continue;
      for (const input of table.content?.inputVersions ?? []) {
        const object = catalog.object(input.id);
        if (object && isBeyondRetention(table, object, this.instance)) continue;
        horizons.set(input.storageId, Math.min(input.version, horizons.get(input.storageId) ?? input.version));
      }
    }
    await this.followStreams(horizons);
    const timed = [...catalog.all()].flatMap((one) =>
      "rowTimesSince" in one && one.rowTimesSince !== undefined ? [one.storageId] : [],
    );
    await storage.purge((table) => horizons.get(table) ?? 0, timed);
    // With the catalog locked: a stream that is just being made has a position before it is an object.
    await this.instance.change({}, async (writer, begin) => {
      const run: RunSql = (sql, parameters) => writer.run(sql, parameters as never);
      await begin();
      for (const keeping of this.instance.keepings) await keeping.forgetOld(clock.now(), run, catalog);
      await forgetSuperseded(run);
    });
    await storage.checkpoint();
  }

  /** Streams keep what came after their offsets, until they are stale. Source: "Introduction to streams", staleness. */
  private async followStreams(horizons: Map<number, number>): Promise<void> {
    const { catalog, streamOffsets } = this.instance;
    await this.instance.change({}, async (writer, begin) => {
      const run: RunSql = (sql, parameters) => writer.run(sql, parameters as never);
      await begin();
      const streams = [...catalog.all()].filter((object) => object.kind === "STREAM");
      for (const stream of streams) {
        const { stale } = streamOffsets.of(stream.id);
        if (!stale && this.instance.clock.now() > staleAfter(stream, this.instance)) {
          await streamOffsets.markStale(stream.id, run);
        }
      }
    });
    for (const stream of catalog.all()) {
      if (stream.kind !== "STREAM" || streamOffsets.of(stream.id).stale) continue;
      const oldest = streamOffsets.oldest(stream.id);
      for (const { storageId } of stream.bases) {
        horizons.set(storageId, Math.min(oldest, horizons.get(storageId) ?? oldest));
      }
    }
  }

  private async removeDropped(): Promise<void> {
    const { catalog, clock } = this.instance;
    const gone = [...catalog.all()].filter(
      (object) => object.droppedOn !== undefined && object.droppedOn + this.retention(object) < clock.now(),
    );
    if (gone.length === 0) return;
    const locks = gone.flatMap((object) =>
      "storageId" in object ? [{ id: object.storageId, mode: "ddl" as const, name: object.name }] : [],
    );
    await this.instance.change({ locks }, async (writer, begin) => {
      const change = await begin();
      for (const object of gone) {
        // UNDROP may have come first.
        if (change.object(object.id)?.droppedOn === undefined) continue;
        change.remove(object);
        if ("storageId" in object) await writer.dropTable(object.storageId);
      }
    });
    for (const object of gone) if (object.kind === "STAGE") await this.instance.stageFiles.forget(object.id);
  }

  /** Microseconds of time travel. */
  private retention(object: CatalogObject): number {
    for (let at: CatalogObject | undefined = object; at; at = this.instance.catalog.object(at.parentId)) {
      const days = at.parameters[RETENTION.name];
      if (days !== undefined) return Number(days) * DAY;
    }
    return Number(RETENTION.default) * DAY;
  }
}

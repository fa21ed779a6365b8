import type { Catalog } from "../../catalog/catalog";
import type { CatalogObject, DynamicTable, RelationObject, Stream, Table } from "../../catalog/objects";
import { PARAMETERS } from "../../catalog/parameters";
import { compilationError, SnowflakeError } from "../../errors";
import type { Instance } from "../instance";
import type { Microseconds } from "../../time";

const DAY = 86_400 * 1e6;

/** What a stream was made on, dropped or not; undefined when it is gone for good. */
export function sourceOf(stream: Stream, catalog: Catalog): RelationObject | undefined {
  return catalog.object(stream.source.id) as RelationObject | undefined;
}

/**
 * The source of a stream that can be read. Source: "Introduction to streams", data retention period and staleness.
 * @throws SnowflakeError when the source or one of its tables was dropped or replaced, the stream is stale, or changes
 *   were not tracked all the time
 */
export function readableSource(stream: Stream, instance: Instance): RelationObject {
  const { catalog } = instance;
  const source = sourceOf(stream, catalog);
  const gone = !isLive(source) ? stream.source : stream.bases.find((base) => !isSame(base, catalog));
  if (!source || gone) {
    const object = gone && catalog.object(gone.id);
    const what = object ? `${object.kind} '${catalog.fullName(object)}'` : stream.source.kind;
    throw compilationError(
      `Base ${what} dropped, cannot read from stream '${catalog.fullName(stream)}'.`,
      "091901",
      "02000",
    );
  }
  if (isStale(stream, instance)) {
    throw compilationError(`Stream ${catalog.fullName(stream)} has become stale.`, "091901", "02000");
  }
  const { offset } = instance.streamOffsets.of(stream.id);
  for (const base of stream.bases) requireTracked(catalog.object(base.id) as Table | DynamicTable, offset);
  return source;
}

function isLive(object: CatalogObject | undefined): boolean {
  return object !== undefined && object.droppedOn === undefined;
}

function isSame(base: Stream["bases"][number], catalog: Catalog): boolean {
  const object = catalog.object(base.id);
  return isLive(object) && (object as Table | DynamicTable).storageId === base.storageId;
}

/** @throws SnowflakeError unless the object's changes have been tracked since the version. Source: "CHANGES". */
export function requireTracked(object: Table | DynamicTable, version: number): void {
  if (object.changeTracking && (object.trackedSince ?? 0) <= version) return;
  throw new SnowflakeError(
    "091930",
    "02000",
    `SQL compilation error:\nChange tracking is not enabled or has been missing for the time range requested on table '${object.name}'.`,
  );
}

/** Whether a stream cannot be read any more because of its age or because its source is not there. */
export function isStale(stream: Stream, instance: Instance): boolean {
  const { catalog, clock, streamOffsets } = instance;
  if (!isLive(sourceOf(stream, catalog)) || stream.bases.some((base) => !isSame(base, catalog))) return true;
  return streamOffsets.of(stream.id).stale || clock.now() > staleAfter(stream, instance);
}

/**
 * When a stream that nobody consumes becomes stale: its tables keep their history for the longer of their retention and
 * their extension. Source: "SHOW STREAMS", stale_after.
 */
export function staleAfter(stream: Stream, instance: Instance): Microseconds {
  const { catalog, streamOffsets } = instance;
  const days = stream.bases.map((base) =>
    Math.max(
      inheritedNumber(catalog, base.id, "DATA_RETENTION_TIME_IN_DAYS"),
      inheritedNumber(catalog, base.id, "MAX_DATA_EXTENSION_TIME_IN_DAYS"),
    ),
  );
  return streamOffsets.of(stream.id).freshOn + Math.min(...days) * DAY;
}

/** A numeric parameter as set on the object or on what contains it. */
export function inheritedNumber(catalog: Catalog, objectId: number, name: string): number {
  for (let at = catalog.object(objectId); at; at = catalog.object(at.parentId)) {
    const value = at.parameters[name];
    if (value !== undefined) return Number(value);
  }
  return Number(PARAMETERS.find((one) => one.name === name)!.default);
}

import type { Stream } from "../../catalog/objects";
import { SnowflakeError, unsupported } from "../../errors";
import { parseObjectName } from "../../sql";
import { BOOLEAN } from "../../sql/ast/dataType";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import { find } from "../../execution/lookup";
import { readableSource } from "../../execution/changes/streamSource";

/**
 * SYSTEM$STREAM_HAS_DATA('name'). A TRUE may turn out to be nothing, where rows came and went; a FALSE is certain, and
 * keeps the stream from growing stale. Source: "SYSTEM$STREAM_HAS_DATA".
 */
export function streamHasDataFunction(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  const [name] = args;
  if (args.length !== 1) {
    throw new SnowflakeError(
      "000939",
      "22023",
      `SQL compilation error:\nincorrect argument count for function [SYSTEM$STREAM_HAS_DATA]: expected 1, got ${args.length}`,
    );
  }
  if (typeof name!.constant !== "string") throw unsupported("SYSTEM$STREAM_HAS_DATA of a value that is no constant");
  const stream = find(context, "STREAM", parseObjectName(name!.constant), "SYSTEM$STREAM_HAS_DATA");
  requirePrivilege(context, stream, "SELECT");
  const found = streamHasData(context.instance, stream);
  return { kind: "expression", sql: found ? "true" : "false", type: BOOLEAN, volatility: "volatile" };
}

/**
 * Whether a stream's tables have changed since its offset. Costs no SQL.
 * @throws SnowflakeError when the stream cannot be read any more
 */
function streamHasData(instance: Instance, stream: Stream): boolean {
  readableSource(stream, instance);
  const { storage, streamOffsets, clock } = instance;
  const { offset, initial } = streamOffsets.of(stream.id);
  if (initial || stream.bases.some((base) => storage.lastChange(base.storageId) > offset)) return true;
  streamOffsets.keepFresh(stream.id, storage.lastVersion, clock.now());
  return false;
}

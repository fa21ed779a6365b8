import type { StatementModule } from "../../execution/statementModule";
import { describeStream, showStreams } from "./showStreams";
import { alterStream, createStream } from "./stream";
import { streamHasDataFunction } from "./streamHasData";
import { streamDdl } from "./streamDdl";

/** Streams. */
export const streamModule: StatementModule = {
  definitions: { createStream, alterStream },
  show: { STREAMS: showStreams },
  describe: { STREAM: describeStream },
  functions: { SYSTEM$STREAM_HAS_DATA: streamHasDataFunction },
  ddl: { STREAM: streamDdl },
};

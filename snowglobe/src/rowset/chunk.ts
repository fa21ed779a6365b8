import type { DataType } from "../sql/ast/dataType";
import type { Batch } from "./batch";
import { jsonRows } from "./jsonRows";

/**
 * Some rows of a result. Their `json` are row arrays of strings and nulls in the wire's encoding, joined by commas, without
 * the outer brackets; semi-structured values stand there as they are kept.
 */
export interface RowChunk {
  readonly rowCount: number;
  readonly json: string;
  /** Where the rows are kept by columns: they are not there for rows that were made as text. */
  readonly source?: BatchSource;
}

/** Where a batch comes from: memory or disk. */
export interface BatchSource {
  /** Bytes in memory as long as it is kept. */
  readonly memory: number;
  /** About the bytes of the rows. */
  readonly bytes: number;
  load(): Batch;
}

/** Rows kept by columns: JSON is made of them when it is asked for. */
export class BatchChunk implements RowChunk {
  constructor(
    readonly rowCount: number,
    readonly source: BatchSource,
    private readonly types: readonly DataType[],
  ) {}

  get json(): string {
    return jsonRows(this.source.load(), this.types, 0);
  }
}

/** A batch in memory. */
export class BatchInMemory implements BatchSource {
  constructor(private readonly batch: Batch) {}

  get memory(): number {
    return this.batch.bytes;
  }

  get bytes(): number {
    return this.batch.bytes;
  }

  load(): Batch {
    return this.batch;
  }
}

/** Bytes of memory that a chunk takes. */
export function memoryOf(chunk: RowChunk): number {
  return chunk.source ? chunk.source.memory : chunk.json.length * 2;
}

import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { DataType } from "../sql/ast/dataType";
import { BatchBuilder } from "./batchBuilder";
import { BatchChunk, BatchInMemory, type RowChunk } from "./chunk";
import type { ResultFile } from "./resultFile";

/** Rows in the first chunk, which travels with the answer itself. */
const FIRST_CHUNK_ROWS = 2_048;
/** Rows in each later chunk, which drivers fetch by themselves, several at a time. */
const CHUNK_ROWS = 20_480;
/** A chunk ends earlier where its rows are long. */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** A result larger than this lies on disk. */
const MEMORY_BYTES = 2 * 1024 * 1024;

export interface CollectedRows {
  readonly chunks: readonly RowChunk[];
  /** Numbers of the columns that have values beyond 64 bits. */
  readonly wide: readonly number[];
  /** Where what is not in memory lies. */
  readonly file?: ResultFile;
}

/** Takes a result in as it comes: small ones stay in memory, large ones go to disk chunk by chunk. */
export class RowCollector {
  private readonly builder: BatchBuilder;
  private readonly chunks: BatchChunk[] = [];
  private readonly wide = new Set<number>();
  private memory = 0;
  /** Rows so far. */
  rowCount = 0;
  private file: ResultFile | undefined;

  /** @param openFile called for a result that is too large for memory */
  constructor(
    private readonly types: readonly DataType[],
    private readonly openFile: () => Promise<ResultFile>,
  ) {
    this.builder = new BatchBuilder(types);
  }

  async add(chunk: DuckDBDataChunk): Promise<void> {
    this.builder.add(chunk);
    this.rowCount += chunk.rowCount;
    const most = this.chunks.length === 0 ? FIRST_CHUNK_ROWS : CHUNK_ROWS;
    if (this.builder.rowCount >= most || this.builder.bytes >= CHUNK_BYTES) await this.flush();
  }

  async end(): Promise<CollectedRows> {
    if (this.builder.rowCount > 0 || this.chunks.length === 0) await this.flush();
    return { chunks: this.chunks, wide: [...this.wide], ...(this.file && { file: this.file }) };
  }

  private async flush(): Promise<void> {
    const batch = this.builder.take();
    batch.columns.forEach((column, index) => {
      if (column.kind === "wideIntegers") this.wide.add(index);
    });
    this.memory += batch.bytes;
    if (this.memory > MEMORY_BYTES && !this.file) await this.moveToFile();
    const source = this.file ? await this.file.append(batch) : new BatchInMemory(batch);
    this.chunks.push(new BatchChunk(batch.rowCount, source, this.types));
  }

  /** A large result keeps nothing in memory, so that any number of them may be kept. */
  private async moveToFile(): Promise<void> {
    this.file = await this.openFile();
    for (const [index, chunk] of this.chunks.entries()) {
      this.chunks[index] = new BatchChunk(chunk.rowCount, await this.file.append(chunk.source.load()), this.types);
    }
  }
}

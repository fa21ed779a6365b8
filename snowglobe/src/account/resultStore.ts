import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Clock } from "../clock";
import { BatchChunk, BatchInMemory, memoryOf, ResultFile, type Batch } from "../rowset";
import type { StatementResult } from "./result";
import { ResultPacks, type PackedPlace } from "./resultPacks";
import type { Microseconds } from "../time";

/** How long results are kept. Source: "Using persisted query results". */
const KEPT: Microseconds = 24 * 3600 * 1e6;
/** What results may take in memory; older ones lie on disk. */
const MEMORY_BYTES = 32 * 1024 * 1024;
const MEMORY_RESULTS = 1_000;
/** What results may take on disk: beyond that the oldest go before their time. */
const DISK_BYTES = 8 * 1024 * 1024 * 1024;
/** About what a result takes beside its rows. */
const OVERHEAD = 2_048;

interface Kept {
  readonly userId: number;
  readonly keptOn: Microseconds;
  readonly bytes: number;
  readonly result?: StatementResult;
  readonly packed?: PackedPlace;
}

/**
 * Results by query id, for drivers that fetch later and for RESULT_SCAN: kept for 24 hours, the newest small ones in
 * memory, all others on disk. They do not outlive the process.
 */
export class ResultStore {
  /** In the order of their making. */
  private readonly kept = new Map<string, Kept>();
  /** Ids of those whose rows are in memory, oldest first. */
  private readonly inMemory = new Set<string>();
  private readonly packs: ResultPacks;
  /** Files by the statement that works with them. */
  private readonly working = new Map<string, ResultFile[]>();
  private memory = 0;
  private disk = 0;

  /** @param folder for results on disk; emptied first */
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.packs = new ResultPacks(folder);
  }

  /**
   * A file for a result that is too large for memory. It goes with the statement, unless its result is kept.
   *
   * @param statement the query id of the statement that the result is made in
   */
  async createFile(statement: string): Promise<ResultFile> {
    const file = await ResultFile.create(path.join(this.folder, `${randomUUID()}.rows`));
    file.hold();
    this.working.set(statement, [...(this.working.get(statement) ?? []), file]);
    return file;
  }

  /** A statement has ended, well or not. */
  async endStatement(statement: string): Promise<void> {
    const files = this.working.get(statement) ?? [];
    this.working.delete(statement);
    await Promise.all(files.map((file) => file.release()));
  }

  keep(userId: number, result: StatementResult): void {
    this.forget(result.queryId);
    const bytes = result.chunks.reduce((sum, chunk) => sum + memoryOf(chunk), 0) + OVERHEAD;
    this.kept.set(result.queryId, { userId, keptOn: this.clock.now(), bytes, result });
    this.memory += bytes;
    result.file?.hold();
    if (result.file) this.disk += result.file.bytes;
    else this.inMemory.add(result.queryId);
    for (const id of this.inMemory) {
      if (this.memory <= MEMORY_BYTES && this.inMemory.size <= MEMORY_RESULTS) break;
      if (id !== result.queryId) this.pack(id);
    }
    for (const [id, kept] of this.kept) {
      if (id === result.queryId || (!this.isOld(kept) && this.disk <= DISK_BYTES)) break;
      this.forget(id);
    }
  }

  /** @returns undefined when there is none, or none for this user */
  find(userId: number, queryId: string): StatementResult | undefined {
    const found = this.kept.get(queryId);
    if (found?.userId !== userId || this.isOld(found)) return undefined;
    return found.result ?? restored(deserialize(this.packs.read(found.packed!)) as Plain);
  }

  /** Removes what is on disk. */
  async close(): Promise<void> {
    const files = [...this.kept.values()].flatMap(({ result }) => result?.file ?? []);
    files.push(...[...this.working.values()].flat());
    this.working.clear();
    this.kept.clear();
    this.inMemory.clear();
    this.packs.close();
    await Promise.all(files.map((file) => file.release()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private isOld({ keptOn }: Kept): boolean {
    return keptOn + KEPT <= this.clock.now();
  }

  private pack(id: string): void {
    const { userId, keptOn, bytes, result } = this.kept.get(id)!;
    this.inMemory.delete(id);
    this.memory -= bytes;
    const packed = this.packs.append(serialize(plain(result!)));
    this.disk += packed.length;
    this.kept.set(id, { userId, keptOn, bytes: 0, packed });
  }

  private forget(id: string): void {
    const found = this.kept.get(id);
    if (!found) return;
    this.kept.delete(id);
    this.inMemory.delete(id);
    this.memory -= found.bytes;
    if (found.packed) {
      this.disk -= found.packed.length;
      this.packs.forget(found.packed);
    }
    const file = found.result?.file;
    if (file) {
      this.disk -= file.bytes;
      void file.release();
    }
  }
}

/** A small result as it is written: its rows as they are kept. */
type Plain = Omit<StatementResult, "chunks" | "file"> & {
  readonly chunks: readonly ({ readonly rowCount: number } & ({ readonly json: string } | { readonly batch: Batch }))[];
};

function plain(result: StatementResult): Plain {
  const { file: _, ...rest } = result;
  return {
    ...rest,
    chunks: result.chunks.map((chunk) =>
      chunk.source
        ? { rowCount: chunk.rowCount, batch: chunk.source.load() }
        : { rowCount: chunk.rowCount, json: chunk.json },
    ),
  };
}

function restored(stored: Plain): StatementResult {
  const types = stored.columns.map(({ type }) => type);
  return {
    ...stored,
    chunks: stored.chunks.map((chunk) =>
      "batch" in chunk ? new BatchChunk(chunk.rowCount, new BatchInMemory(chunk.batch), types) : chunk,
    ),
  };
}

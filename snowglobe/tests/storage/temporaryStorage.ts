import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Storage, type StorageOptions } from "../../src/storage";

export const TEST_OPTIONS: StorageOptions = { memoryLimit: "1GB", threads: 2, now: () => Date.now() * 1000 };

/** A storage in a directory of its own, which `remove` deletes. */
export class TemporaryStorage {
  private constructor(
    readonly directory: string,
    public storage: Storage,
    private readonly options: StorageOptions,
  ) {}

  static async create(options: Partial<StorageOptions> = {}): Promise<TemporaryStorage> {
    const directory = mkdtempSync(join(tmpdir(), "snowglobe-storage-"));
    const all = { ...TEST_OPTIONS, ...options };
    return new TemporaryStorage(directory, await Storage.open(join(directory, "test.duckdb"), all), all);
  }

  get path(): string {
    return join(this.directory, "test.duckdb");
  }

  async reopen(): Promise<Storage> {
    await this.storage.close();
    return this.open();
  }

  /** Opens it again after it was closed. */
  async open(): Promise<Storage> {
    this.storage = await Storage.open(this.path, this.options);
    return this.storage;
  }

  async remove(): Promise<void> {
    await this.storage.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** Bytes from which on a pack is full. */
const PACK_BYTES = 64 * 1024 * 1024;

interface Pack {
  readonly path: string;
  readonly descriptor: number;
  size: number;
  /** What is still kept of it. */
  live: number;
}

/** Where something lies. */
export interface PackedPlace {
  readonly pack: Pack;
  readonly at: number;
  readonly length: number;
}

/** Many small things in few files: one after the other, a file goes when nothing of it is kept any more. */
export class ResultPacks {
  private readonly packs = new Set<Pack>();
  private current: Pack | undefined;
  private made = 0;

  constructor(private readonly folder: string) {}

  append(bytes: Uint8Array): PackedPlace {
    const pack = this.room();
    const place = { pack, at: pack.size, length: bytes.length };
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(pack.descriptor, bytes, done, bytes.length - done, pack.size + done);
    }
    pack.size += bytes.length;
    pack.live += 1;
    return place;
  }

  read({ pack, at, length }: PackedPlace): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    readSync(pack.descriptor, bytes, 0, length, at);
    return bytes;
  }

  forget({ pack }: PackedPlace): void {
    pack.live -= 1;
    if (pack.live === 0 && pack !== this.current) this.remove(pack);
  }

  close(): void {
    for (const pack of this.packs) this.remove(pack);
  }

  private room(): Pack {
    if (this.current && this.current.size < PACK_BYTES) return this.current;
    const full = this.current;
    const file = path.join(this.folder, `${++this.made}.pack`);
    this.current = { path: file, descriptor: openSync(file, "wx+", 0o600), size: 0, live: 0 };
    this.packs.add(this.current);
    if (full?.live === 0) this.remove(full);
    return this.current;
  }

  private remove(pack: Pack): void {
    this.packs.delete(pack);
    closeSync(pack.descriptor);
    rmSync(pack.path, { force: true });
  }
}

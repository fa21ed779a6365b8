import { createReadStream, promises as fs } from "node:fs";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { SnowflakeError, unsupported } from "../../errors";
import type { StagedFile } from "../../account/stageFiles";

/** Bytes read, or unpacked, at a time. */
const CHUNK_BYTES = 1 << 20;

export type Compression = "gzip" | "brotli" | "deflate" | "raw_deflate" | "zstd" | "none";

/** What Node.js has from version 22.15 on. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Duplex };

/** @throws SnowflakeError on a Node.js that cannot unpack it */
function zstd(): Compression {
  if (createZstdDecompress) return "zstd";
  throw unsupported("COMPRESSION = ZSTD with this Node.js: it takes version 22.15 or later");
}

const UNPACK: Readonly<Record<Exclude<Compression, "none">, () => Duplex>> = {
  gzip: () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }),
  brotli: () => zlib.createBrotliDecompress({ chunkSize: CHUNK_BYTES }),
  deflate: () => zlib.createInflate({ chunkSize: CHUNK_BYTES }),
  raw_deflate: () => zlib.createInflateRaw({ chunkSize: CHUNK_BYTES }),
  zstd: () => createZstdDecompress!({ chunkSize: CHUNK_BYTES }),
};

/**
 * How a file is compressed: as the format says, or as its first bytes do.
 *
 * @param option COMPRESSION of the file format
 * @param name how messages call the file
 */
export async function compressionOf(staged: StagedFile, name: string, option: string): Promise<Compression> {
  if (option === "BZ2") throw unsupported("COMPRESSION = BZ2");
  if (option === "ZSTD") return zstd();
  if (option === "NONE") return "none";
  if (option === "BROTLI" || option === "DEFLATE" || option === "RAW_DEFLATE") {
    return option.toLowerCase() as Compression;
  }
  const magic = await firstBytes(staged);
  if (magic[0] === 0x1f && magic[1] === 0x8b) return "gzip";
  if (option === "GZIP" && staged.size > 0) throw damaged(name, "gzip");
  if (magic.readUInt32LE() === 0xfd2fb528) return zstd();
  if (magic.toString("latin1", 0, 3) === "BZh") throw unsupported("COMPRESSION = BZ2");
  // The header of zlib: method and window in the first byte, and a check over both.
  if (magic[0] === 0x78 && magic.readUInt16BE() % 31 === 0 && magic[1]! > 0x7f) return "deflate";
  return "none";
}

async function firstBytes(staged: StagedFile): Promise<Buffer> {
  const magic = Buffer.alloc(4);
  const handle = await fs.open(staged.file, "r");
  try {
    await handle.read(magic, 0, 4, 0);
  } finally {
    await handle.close();
  }
  return magic;
}

function damaged(name: string, compression: string): SnowflakeError {
  return new SnowflakeError(
    "100092",
    "22000",
    `File '${name}' cannot be unpacked: it is no ${compression} file, or cut off or damaged. Stage it again, or name its compression.`,
  );
}

/** A file's unpacked bytes. @param raw sees the bytes as they are in the stage */
export async function* unpackedBytes(
  staged: StagedFile,
  name: string,
  compression: Compression,
  raw?: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  const source = createReadStream(staged.file, { highWaterMark: CHUNK_BYTES });
  if (raw) source.on("data", (chunk) => raw(chunk as Buffer));
  if (compression === "none") {
    for await (const chunk of source) yield chunk as Buffer;
    return;
  }
  const unpacked = UNPACK[compression]();
  const piped = pipeline(source, unpacked).catch(() => undefined);
  try {
    for await (const chunk of unpacked) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw /^(Z_|ERR__?ERROR_FORMAT|ERR_BROTLI|ZSTD_)/.test(code) ? damaged(name, compression) : error;
  } finally {
    source.destroy();
    unpacked.destroy();
    await piped;
  }
}

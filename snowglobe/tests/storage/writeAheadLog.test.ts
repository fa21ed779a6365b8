/** A log that a computer's end has left behind: repaired where nothing is lost, told where something is. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { Storage } from "../../src/storage";

let folder: string;
let kept: string;
const options = { memoryLimit: "256MB", threads: 1, now: () => 1_000_000 };

/** A data file as a killed process leaves it: three commits in its log. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-log-"));
  kept = path.join(folder, "kept.duckdb");
  const live = path.join(folder, "live.duckdb");
  const storage = await Storage.open(live, options);
  for (let at = 0; at < 3; at++) {
    await storage.write(undefined, {}, async (writer) => {
      await writer.run(
        `CREATE TABLE IF NOT EXISTS catalog.notes (n INTEGER); INSERT INTO catalog.notes VALUES (${at})`,
      );
    });
  }
  for (const end of ["", ".wal"]) copyFileSync(live + end, kept + end);
  await storage.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a copy whose log was treated so. @returns the notes that are there, and what was told */
async function opened(treat: (log: string) => void): Promise<{ notes: unknown[]; told: string[] }> {
  const file = path.join(folder, "copy.duckdb");
  for (const end of ["", ".wal"]) copyFileSync(kept + end, file + end);
  treat(`${file}.wal`);
  const told: string[] = [];
  const storage = await Storage.open(file, { ...options, onNote: (line) => told.push(line) });
  try {
    return { notes: (await storage.query("SELECT n FROM catalog.notes ORDER BY n")).map(({ n }) => n), told };
  } finally {
    await storage.close();
  }
}

test("a log that ends well is replayed without a word", async () => {
  expect(await opened(() => undefined)).toEqual({ notes: [0, 1, 2], told: [] });
});

test.each([1, 16, 4096, 100_000])("%i zeros after its end are cut off", async (count) => {
  const { notes, told } = await opened((log) => appendFileSync(log, Buffer.alloc(count)));
  expect(notes).toEqual([0, 1, 2]);
  // Fewer bytes than an entry's head DuckDB leaves out by itself.
  expect(told).toHaveLength(count < 16 ? told.length : 1);
  for (const line of told) expect(line).toMatch(/copy\.duckdb\.wal ended in zeros|broke off/);
});

test("a log that breaks off is told", async () => {
  const { notes, told } = await opened((log) => truncateSync(log, statSync(log).size - 5));
  expect(notes).toEqual([0, 1]);
  expect(told).toEqual([expect.stringMatching(/copy\.duckdb\.wal broke off within a change, which is left out$/)]);
});

test("a log that is damaged in the midst is refused, by one line that says what to do", async () => {
  const damage = (log: string): void => {
    const bytes = readFileSync(log);
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    writeFileSync(log, bytes);
  };
  await expect(opened(damage)).rejects.toThrow(
    /^data file \S+ cannot be read, its log \S+\.wal is damaged: restore both/,
  );
});

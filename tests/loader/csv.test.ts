import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { readCsv, type CsvRecord } from "../../loader/csv";
import { SourceError } from "../../loader/errors";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "csv-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, name = "file.csv"): Promise<CsvRecord[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const records: CsvRecord[] = [];
  for await (const record of readCsv(path, () => undefined, name)) records.push(record);
  return records;
}

test("quotes, commas, newlines, blank lines, CRLF, byte order mark", async () => {
  const records = await read('\uFEFFa,b\r\n"x, ""y""","1\n2"\r\n\r\nz,\r\n');
  expect(records.map((record) => record.fields)).toEqual([
    ["a", "b"],
    ['x, "y"', "1\n2"],
    ["z", ""],
  ]);
});

test("a record knows its line, quoted newlines counted", async () => {
  const records = await read('a,b\n1,"x\ny"\n\n2,z\n');
  expect(records.map((record) => record.line)).toEqual([1, 3, 5]);
});

test("gzip is known by content, not by name, and bytes are those of the file", async () => {
  const packed = gzipSync("a,b\n1,2\n");
  const path = join(folder, "packed.csv");
  writeFileSync(path, packed);
  let bytes = 0;
  const fields: string[][] = [];
  for await (const record of readCsv(path, (count) => (bytes = count))) fields.push(record.fields);
  expect(fields).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
  expect(bytes).toBe(packed.length);
});

const rows = Array.from({ length: 20_000 }, (_, i) => `${i},"row, ${i}"\n`).join("");

test("many records arrive in order and whole", async () => {
  const records = await read(gzipSync(rows), "many.csv.gz");
  expect(records).toHaveLength(20_000);
  expect(records.every(({ fields }, i) => fields[0] === String(i) && fields[1] === `row, ${i}`)).toBe(true);
});

describe("faults in one line each", () => {
  const packed = gzipSync(rows);
  const damaged = Buffer.from(packed);
  damaged.fill(0x55, 2_000, 2_100);
  test.each<[string, string | Buffer, string, string]>([
    ["cut-off gzip", packed.subarray(0, packed.length - 500), "cut.csv.gz", "The gzip file cut.csv.gz is cut off"],
    ["gzip of a few bytes", packed.subarray(0, 5), "short.csv.gz", "The gzip file short.csv.gz is cut off"],
    ["damaged gzip", damaged, "bad.csv.gz", "The gzip file bad.csv.gz is damaged"],
    ["unclosed quote", 'a,b\n1,"x\n2,y\n', "quote.csv", "a quoted field is never closed"],
    ["endless record", `a,b\n1,"${"x".repeat(1_100_000)}`, "long.csv", "a row is longer than 1 MB"],
    ["other encoding", Buffer.from("a,b\n1,caf\xe9\n", "latin1"), "latin.csv", "The source is not UTF-8 text"],
    ["half a character", Buffer.from("a,b\n1,\xc3", "latin1"), "half.csv", "ends in the middle of a character"],
    ["nothing", "", "empty.csv", "empty.csv is empty"],
    ["a zip archive", Buffer.from("PK\x03\x04rest", "latin1"), "a.csv.zip", "a.csv.zip is a zip archive"],
    ["Parquet", "PAR1....", "a.parquet", "a.parquet is a Parquet file: save it as CSV"],
    [
      "UTF-16 with a mark",
      Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"),
      "a.csv",
      "a.csv is UTF-16 text: save it as UTF-8",
    ],
    ["UTF-16 without", Buffer.from("a,b\n1,2\n", "utf16le"), "b.csv", "b.csv is UTF-16 text"],
    ["a page for signing in", "<!DOCTYPE html><html>", "c.csv", "c.csv is a web page or XML, not CSV"],
  ])("%s", async (_what, content, name, message) => {
    const failure: unknown = await read(content, name).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SourceError);
    expect((failure as Error).message).toContain(message);
    expect((failure as Error).message).not.toContain("\n");
  });

  test("no file, a folder", async () => {
    const drain = async (path: string): Promise<void> => {
      for await (const record of readCsv(path, () => undefined)) expect(record).toBeUndefined();
    };
    await expect(drain(join(folder, "none.csv"))).rejects.toThrow("There is no file");
    await expect(drain(folder)).rejects.toThrow("is a folder");
  });
});

/** Files that this process has open, where the system shows them. */
const OPEN_FILES = "/proc/self/fd";

(existsSync(OPEN_FILES) ? test : test.skip)("a reader that stops early leaves no file open", async () => {
  const path = join(folder, "early.csv");
  writeFileSync(path, rows);
  const isOpen = (): boolean =>
    readdirSync(OPEN_FILES).some((entry) => {
      try {
        return readlinkSync(join(OPEN_FILES, entry)) === path;
      } catch {
        return false;
      }
    });
  for await (const record of readCsv(path, () => undefined)) {
    expect(record.fields[0]).toBe("0");
    expect(isOpen()).toBe(true);
    break;
  }
  for (let tries = 0; isOpen() && tries < 500; tries++) await sleep(10);
  expect(isOpen()).toBe(false);
});

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ChunkWriter } from "../../loader/chunks";
import { COLUMNS, columnIndex } from "../../loader/columns";
import { LoadError } from "../../loader/errors";
import { load, parseStates, type LoadOptions, type LoadReport } from "../../loader/load";
import { describeSource, parseSource, PUBLIC_SOURCE } from "../../loader/source";
import { FakeConnection } from "./fakeConnection";

const HEADER = COLUMNS.map((column) => column.name).join(",");
const WHOLE_LOAD = [
  "CREATE TEMPORARY STAGE",
  "PUT",
  "CREATE TEMPORARY TABLE",
  "COPY INTO",
  "CREATE TABLE IF",
  "INSERT OVERWRITE INTO",
  "DROP TABLE IF",
  "DROP STAGE IF",
];

let folder: string;
let fake: FakeConnection;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "load-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  fake = new FakeConnection();
});

function row(id: string, state: string, amount = "5000"): string {
  const fields = COLUMNS.map(() => "");
  fields[columnIndex("LOAN_ID")] = id;
  fields[columnIndex("LOAN_AMNT")] = amount;
  fields[columnIndex("ADDR_STATE")] = state;
  fields[columnIndex("DESC")] = '"Tuition, books\nand ""more"""';
  return fields.join(",");
}

function file(content: string | Buffer, name = "loans.csv"): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Three loans of Maine and one of California. */
const small = (): string =>
  file([HEADER, row("1", "ME"), row("2", "ME"), row("3", "CA"), row("4", "ME")].join("\n"), "small.csv");

const run = (options: LoadOptions): Promise<LoadReport> => load(options, fake.connection);

/** Loads what must fail, and returns the message. */
async function failing(options: LoadOptions): Promise<string> {
  const failure: unknown = await run(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LoadError);
  const { message } = failure as Error;
  expect(message).not.toContain("\n");
  return message;
}

describe("a whole load", () => {
  test("the sample's Californian loans", async () => {
    const report = await run({ source: "sample", states: ["ca"] });
    expect(report).toEqual({
      source: "built-in sample (synthetic)",
      synthetic: true,
      target: "RAW.LOANS.PERSONAL_LOANS",
      states: ["CA"],
      rowsRead: 42_535,
      rowsLoaded: 7_429,
      rowsOfOtherStates: 35_106,
      rowsRefused: 0,
      refusals: [],
      bytes: expect.any(Number) as number,
      seconds: expect.any(Number) as number,
    });
    expect(fake.verbs).toEqual(WHOLE_LOAD);
    expect(fake.staged).toHaveLength(7_429);
    expect(fake.staged.every((fields) => fields.length === 52 && fields[columnIndex("ADDR_STATE")] === "CA")).toBe(
      true,
    );
  });

  test("a file with a line above its heading, remarks and other states", async () => {
    const remark = "Total amount funded in policy code 1: 460296150";
    const lines = [
      "Notes offered by Prospectus",
      HEADER,
      row("1", "CA"),
      row("2", "NY"),
      row("3", "TX"),
      "",
      remark,
      row("", "CA"),
    ];
    const path = file(gzipSync(`${lines.join("\r\n")}\r\n`), "loans.csv.gz");
    const report = await run({
      source: path,
      states: ["NY", "CA", "NY"],
      database: "alice_raw",
      schema: "l",
      table: "t",
    });
    expect(report).toMatchObject({
      source: path,
      synthetic: false,
      target: "ALICE_RAW.L.T",
      states: ["NY", "CA"],
      rowsRead: 5,
      rowsLoaded: 2,
      rowsOfOtherStates: 1,
      rowsRefused: 2,
      refusals: [
        { reason: "a remark, not a loan (only its first field holds text)", rows: 1, firstRow: 4 },
        { reason: "LOAN_ID is empty", rows: 1, firstRow: 5 },
      ],
    });
    expect(fake.staged.map((fields) => [fields[0], fields[columnIndex("DESC")]])).toEqual([
      ["1", 'Tuition, books\nand "more"'],
      ["2", 'Tuition, books\nand "more"'],
    ]);
  });

  test("a URL", async () => {
    const server = createServer((_request, response) => response.end(gzipSync(`${HEADER}\n${row("1", "CA")}\n`)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/loans.csv.gz`;
      const steps: string[] = [];
      const progress = {
        step: (name: string) => steps.push(name),
        update: () => undefined,
        finish: () => steps.push("end"),
      };
      const report = await load({ source: `${address}?sig=secret` }, fake.connection, progress);
      expect(report).toMatchObject({ source: address, synthetic: false, states: null, rowsLoaded: 1 });
      expect([...new Set(steps)]).toEqual(["Downloading", "Loading", "Copying", "Replacing", "end"]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("nothing stays in the temporary folder", async () => {
    await run({ source: file(`${HEADER}\n${row("1", "CA")}\n`) });
    expect(existsSync(dirname(fake.files[0]!))).toBe(false);
  });
});

describe("bad input: one line, the table untouched, the stage removed", () => {
  afterEach(() => {
    expect(fake.verbs).not.toContain("INSERT OVERWRITE INTO");
    expect(fake.verbs).not.toContain("CREATE TABLE IF");
    if (fake.verbs.length > 0) expect(fake.verbs.slice(-2)).toEqual(["DROP TABLE IF", "DROP STAGE IF"]);
    for (const path of fake.files) expect(existsSync(path)).toBe(false);
  });

  test("a number that cannot be read, far into the file", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => row(String(i), "CA", i === 2345 ? "5k" : "5000"));
    const source = file(`${HEADER}\n${lines.join("\n")}\n`);
    expect(await failing({ source })).toBe("Row 2346 (line 4693), column LOAN_AMNT: '5k' is not a whole number");
  });

  test("a cut-off gzip file", async () => {
    const packed = gzipSync(`${HEADER}\n${Array.from({ length: 2000 }, (_, i) => row(String(i), "CA")).join("\n")}\n`);
    const source = file(packed.subarray(0, packed.length - 20), "cut.csv.gz");
    expect(await failing({ source })).toBe(`The gzip file ${source} is cut off: fetch it again. Nothing was loaded`);
  });

  test("a missing and an extra column", async () => {
    const source = file(`${HEADER.replace("DTI", "RATIO")}\n${row("1", "CA")}\n`);
    expect(await failing({ source })).toContain("lacks column DTI and has the unknown column RATIO");
  });

  test("a heading without loans", async () => {
    expect(await failing({ source: file(`${HEADER}\n`) })).toContain("holds no loan: the table keeps its rows");
  });

  test("a state without loans", async () => {
    expect(await failing({ source: small(), states: ["ND"] })).toContain("holds no loan of ND");
  });

  test("no such file", async () => {
    expect(await failing({ source: join(folder, "none.csv") })).toContain("There is no file");
  });

  test("a server that answers 404", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    expect(await failing({ source })).toBe(
      `Cannot download ${source}: the server answers 404 Not Found; check the address`,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  test("COPY INTO that loads fewer rows than were sent", async () => {
    fake.miscount = -1;
    expect(await failing({ source: small(), states: ["ME"] })).toContain("COPY INTO loaded 2 of 3 rows");
  });

  test("a statement that fails", async () => {
    fake.before = (sql) => {
      if (sql.startsWith("COPY")) throw Object.assign(new Error("No active warehouse\nselected"), { code: "000606" });
    };
    expect(await failing({ source: small(), states: ["ME"] })).toBe(
      "Loading RAW.LOANS.PERSONAL_LOANS failed, it keeps its rows: No active warehouse selected",
    );
  });

  test("an interrupt", async () => {
    const controller = new AbortController();
    fake.before = (sql) => {
      if (sql.startsWith("COPY")) controller.abort();
    };
    const message = await failing({ source: small(), states: ["ME"], signal: controller.signal });
    expect(message).toBe("Interrupted while loading RAW.LOANS.PERSONAL_LOANS: it keeps its rows");
  });

  test("a missing schema: said before anything is read", async () => {
    fake.before = (sql) => {
      if (sql.startsWith("CREATE"))
        throw Object.assign(new Error("Schema 'RAW.LOANS' does not exist or not authorized."), { code: "002003" });
    };
    expect(await failing({ source: "sample" })).toContain(
      "Schema RAW.LOANS does not exist, or the role may not use it: create it",
    );
    expect(fake.files).toEqual([]);
  });

  test.each([
    [{ source: "" }, "--source is empty"],
    [{ source: "ftp://host/x" }, "only http, https and file URLs"],
    [{ source: "http://" }, "is not a valid URL"],
    [{ source: "https://user:pw@host/x.csv" }, "secrets do not belong on a command line"],
    [{ source: "sample", states: ["CAL"] }, "State 'CAL' is not a two-letter code"],
    [{ source: "sample", table: "a b" }, "Table 'a b' is not a Snowflake name"],
  ])("options %p are refused before the first statement", async (options, message) => {
    expect(await failing(options)).toContain(message);
    expect(fake.statements).toEqual([]);
  });
});

test("a failure of the replacement itself leaves open which rows are there", async () => {
  fake.before = (sql) => {
    if (sql.startsWith("INSERT")) throw new Error("Network error");
  };
  expect(await failing({ source: small(), states: ["ME"] })).toBe(
    "Loading RAW.LOANS.PERSONAL_LOANS failed, it holds all of the old rows or all of the new: Network error",
  );
  expect(fake.verbs.slice(-2)).toEqual(["DROP TABLE IF", "DROP STAGE IF"]);
});

test("sources", () => {
  expect(describeSource(parseSource("public"))).toBe(PUBLIC_SOURCE);
  expect(parseSource("file:///tmp/a%20b.csv")).toEqual({ kind: "file", path: "/tmp/a b.csv" });
  expect(parseSource("C:/loans.csv")).toEqual({ kind: "file", path: "C:/loans.csv" });
  expect(describeSource(parseSource("https://host/x.csv?sig=1"))).toBe("https://host/x.csv");
});

test("states", () => {
  expect(parseStates(undefined)).toBeNull();
  expect(parseStates([" ", ""])).toBeNull();
  expect(parseStates([" ca", "NY", "CA"])).toEqual(["CA", "NY"]);
});

test("a large load goes to the stage in several files, one at a time", async () => {
  const seen: string[] = [];
  const sizes: number[] = [];
  const writer = new ChunkWriter(
    folder,
    async (path) => {
      seen.push(path);
      sizes.push(readdirSync(folder).filter((name) => name.startsWith("loans-0")).length);
      await Promise.resolve();
    },
    1_000,
  );
  for (let i = 0; i < 100; i++) await writer.add("x".repeat(99));
  await writer.add("last");
  await writer.end();
  expect(seen.map((path) => path.slice(folder.length + 1))).toEqual(
    Array.from({ length: 11 }, (_, i) => `loans-${String(i + 1).padStart(4, "0")}.csv.gz`),
  );
  expect(sizes.every((count) => count === 1)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith("loans-0"))).toEqual([]);
});

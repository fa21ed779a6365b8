/** A statement sees its snapshot alone, whatever is committed between the plan of its text and the run of that plan. */
import { DuckDBConnection } from "@duckdb/node-api";
import type { Storage } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

let temporary: TemporaryStorage;
let storage: Storage;

const table = { id: 1, mode: "shared" } as const;
const insert = () => storage.write(undefined, { tables: [table] }, (w) => w.insert(1, ["c1"], "FROM range(1)"));

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  await storage.write(undefined, {}, (w) => w.createTable(1, [{ name: "c1", type: "BIGINT" }]));
  await insert();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await temporary.remove();
});

/** After the next plan, something else is committed before the plan runs. */
function commitAfterNextPlan(work: () => Promise<unknown>): void {
  const prototype = DuckDBConnection.prototype;
  const prepare = Object.getOwnPropertyDescriptor(prototype, "prepare")!.value as DuckDBConnection["prepare"];
  jest.spyOn(prototype, "prepare").mockImplementationOnce(async function (this: DuckDBConnection, sql) {
    const prepared = await prepare.call(this, sql);
    await work();
    return prepared;
  });
}

async function count(from: (reader: Parameters<Parameters<Storage["read"]>[2]>[0]) => string): Promise<number> {
  let rows = 0;
  await storage.read(undefined, undefined, (reader) =>
    reader.chunks(`SELECT c1 FROM ${from(reader)} AS t`, (chunk) => {
      rows += chunk.rowCount;
      return Promise.resolve();
    }),
  );
  return rows;
}

test("rows that came later are not seen", async () => {
  commitAfterNextPlan(insert);
  expect(await count((reader) => reader.current(1))).toBe(1);
  expect(await count((reader) => reader.current(1))).toBe(2);
});

test("a changed row is seen once", async () => {
  commitAfterNextPlan(() =>
    storage.write(undefined, { tables: [{ id: 1, mode: "exclusive" }] }, (w) => w.update(1, { set: { c1: "7" } })),
  );
  expect(await count((reader) => reader.current(1))).toBe(1);
});

test("changes end where their window ends", async () => {
  const to = storage.lastVersion;
  commitAfterNextPlan(insert);
  expect(await count((reader) => reader.changes(1, 0, to, "APPEND_ONLY"))).toBe(1);
});

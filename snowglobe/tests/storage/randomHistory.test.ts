import { HistoryModel } from "./historyModel";
import { Random, RandomSession, type Run } from "./randomSession";
import { TemporaryStorage } from "./temporaryStorage";

const ROUNDS = Number(process.env["STORAGE_HISTORY_ROUNDS"] ?? 2);
const OPERATIONS = Number(process.env["STORAGE_HISTORY_OPERATIONS"] ?? 150);
const FIRST_SEED = Number(process.env["STORAGE_HISTORY_SEED"] ?? 1);
const SESSIONS = 6;
const TABLES = [1, 2, 3];

const seeds = Array.from({ length: ROUNDS }, (_, n) => FIRST_SEED + n);

test.each(seeds)(
  "six sessions at once: every read, past read and change window equals the model's (seed %i)",
  async (seed) => {
    const temporary = await TemporaryStorage.create();
    try {
      const { storage } = temporary;
      for (const table of TABLES) {
        await storage.write(undefined, {}, (writer) =>
          writer.createTable(table, [
            { name: "c1", type: "BIGINT" },
            { name: "c2", type: "BIGINT" },
            { name: "c3", type: "VARCHAR" },
          ]),
        );
      }
      const first = storage.lastVersion;
      const run: Run = {
        storage,
        tables: TABLES,
        random: new Random(seed),
        units: [],
        checks: [],
        rowIds: new Map(),
        reading: new Set(),
        horizon: first,
        nextId: 1,
        counts: {},
      };
      await Promise.all(Array.from({ length: SESSIONS }, () => new RandomSession(run).work(OPERATIONS)));

      const model = new HistoryModel(TABLES, first, run.units);
      for (const check of run.checks) {
        const { what, seen, due } = check(model);
        expect({ what, rows: seen.sort() }).toEqual({ what, rows: due.sort() });
      }
      expect(new Set(run.rowIds.values()).size).toBe(run.rowIds.size);
      for (const what of ["writes", "commits", "failures", "reads", "past reads", "windows", "purges", "checkpoints"]) {
        expect({ what, happened: (run.counts[what] ?? 0) > 0 }).toEqual({ what, happened: true });
      }

      const reopened = await temporary.reopen();
      for (const table of TABLES) {
        const rows = await reopened.read(undefined, undefined, (r) =>
          r.texts(`SELECT c1 || '|' || c2 FROM ${r.current(table)} t`),
        );
        const due = [...model.rowsAt(table, Infinity)].map(([id, row]) => `${id}|${row.c2}`);
        expect(rows.sort()).toEqual(due.sort());
      }
    } finally {
      await temporary.remove();
    }
  },
  600_000,
);

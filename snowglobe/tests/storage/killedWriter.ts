/**
 * A process to be killed: writers of all kinds on one data file. Each acknowledged unit of work is a line
 * `<writer> <number>` on standard output.
 *
 * Every unit inserts `unitSize` rows into table 1, sets its writer's row of table 2, and moves the writer's catalog row.
 */
import { Storage, type StatementWriter, type Transaction } from "../../src/storage";

export const WRITERS = [0, 1, 2, 3];

export function unitSize(writer: number, unit: number): number {
  return 1 + ((unit * 7919 + writer * 31) % 3000);
}

const rows = (mode: "shared" | "exclusive") => ({ tables: [{ id: 1, mode }] });
const marks = { tables: [{ id: 2, mode: "exclusive" as const }] };

function insertPart(writer: StatementWriter, who: number, unit: number, from: number, to: number): Promise<number> {
  return writer.insert(1, ["c1", "c2", "c3"], `SELECT ${who}, ${unit}, range FROM range(${from}, ${to})`);
}

function markSetter(who: number, unit: number) {
  return (writer: StatementWriter) => writer.update(2, { set: { c2: String(unit) }, where: `t.c1 = ${who}` });
}

function progressUpdate(who: number, unit: number): string {
  return `UPDATE catalog.progress SET unit = ${unit} WHERE writer = ${who}`;
}

async function oneUnit(storage: Storage, who: number, unit: number): Promise<void> {
  const size = unitSize(who, unit);
  const setMark = (writer: StatementWriter) => writer.update(2, { set: { c2: String(unit) }, where: `t.c1 = ${who}` });
  const progress = `UPDATE catalog.progress SET unit = ${unit} WHERE writer = ${who}`;
  if (who % 2 === 0) {
    await storage.write(undefined, { tables: [...rows("shared").tables, ...marks.tables] }, async (writer) => {
      await insertPart(writer, who, unit, 0, size);
      await setMark(writer);
      await writer.run(progress);
    });
    return;
  }
  const transaction = storage.begin();
  try {
    await inTransaction(storage, transaction, who, unit);
  } catch (error) {
    // Two of them may hold the shared lock and both want the exclusive one.
    if (!String(error).includes("deadlock")) throw error;
    await storage.rollback(transaction);
    await oneUnit(storage, who, unit);
  }
}

async function inTransaction(storage: Storage, transaction: Transaction, who: number, unit: number): Promise<void> {
  const size = unitSize(who, unit);
  const half = size >> 1;
  const setMark = markSetter(who, unit);
  const progress = progressUpdate(who, unit);
  await storage.write(transaction, rows("shared"), (writer) => insertPart(writer, who, unit, 0, half + 1));
  await storage.write(transaction, rows("exclusive"), async (writer) => {
    await writer.delete(1, { where: `c1 = ${who} AND c2 = ${unit} AND c3 = ${half}` });
    await insertPart(writer, who, unit, half, size);
  });
  await storage.write(transaction, marks, setMark);
  if (unit % 7 === 3) {
    await storage.rollback(transaction);
    await storage.write(undefined, {}, (writer) => writer.run(progress));
    return;
  }
  await storage.commit(transaction, async (sql) => {
    await sql.run(progress);
  });
}

async function main(path: string): Promise<void> {
  const storage = await Storage.open(path, { memoryLimit: "500MB", threads: 2, now: () => Date.now() * 1000 });
  const progress = await storage.query("SELECT writer, unit::INTEGER AS unit FROM catalog.progress");
  const work = progress.map(async ({ writer, unit }) => {
    for (let next = Number(unit) + 1; ; next += 1) {
      await oneUnit(storage, Number(writer), next);
      process.stdout.write(`${String(writer)} ${next}\n`);
    }
  });
  const housekeeping = async () => {
    for (;;) {
      await storage.purge(() => storage.lastVersion - 50);
      await storage.checkpoint();
    }
  };
  await Promise.all([...work, housekeeping()]);
}

if (process.argv[2] === "--run") void main(process.argv[3]!);

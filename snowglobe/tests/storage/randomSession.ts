import type { DeleteSpec, Storage, StatementWriter, Transaction, UpdateSpec } from "../../src/storage";
import type { Change, Editor, HistoryModel, Row, Unit } from "./historyModel";

/** A small deterministic generator (mulberry32). */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)]!;
  }
}

/** Something that was read, to be compared with the model when all is over. */
export type Check = (model: HistoryModel) => { readonly what: string; readonly seen: string[]; readonly due: string[] };

/** What the sessions of one run share. */
export interface Run {
  readonly storage: Storage;
  readonly tables: readonly number[];
  readonly random: Random;
  readonly units: Unit[];
  readonly checks: Check[];
  /** Row ids seen, by table and `c1`. */
  readonly rowIds: Map<string, string>;
  /** The oldest versions that reads in progress ask for. */
  readonly reading: Set<number>;
  horizon: number;
  nextId: number;
  readonly counts: Record<string, number>;
}

interface Operation {
  run(writer: StatementWriter): Promise<unknown>;
  effect(editor: Editor): void;
}

const show = (id: number, row: Row) => `${id}|${row.c2}|${row.c3 ?? "~"}`;
const SHOWN = "c1 || '|' || c2 || '|' || coalesce(c3, '~')";

/** One client that does random things; several run at once. */
export class RandomSession {
  private transaction: Transaction | undefined;
  private unit: Unit | undefined;

  constructor(private readonly run: Run) {}

  async work(operations: number): Promise<void> {
    const { random } = this.run;
    for (let n = 0; n < operations; n += 1) {
      const dice = random.next();
      if (dice < 0.1) await this.beginOrEnd();
      else if (dice < 0.6) await this.write();
      else if (dice < 0.75) await this.readCurrent();
      else if (dice < 0.86) await this.readPast();
      else if (dice < 0.98) await this.readChanges();
      else await this.purge();
    }
    if (this.transaction) await this.end(random.chance(0.7));
  }

  private count(what: string): void {
    this.run.counts[what] = (this.run.counts[what] ?? 0) + 1;
  }

  private async beginOrEnd(): Promise<void> {
    if (this.transaction) return this.end(this.run.random.chance(0.7));
    this.transaction = this.run.storage.begin();
    this.unit = { statements: [] };
  }

  private async end(commit: boolean): Promise<void> {
    const { transaction, unit } = this;
    this.transaction = undefined;
    this.unit = undefined;
    if (!commit) return this.run.storage.rollback(transaction!);
    const version = await this.run.storage.commit(transaction!);
    this.count("commits");
    if (version !== undefined) this.run.units.push({ ...unit!, version });
  }

  private async write(): Promise<void> {
    const { random, storage } = this.run;
    const table = random.pick(this.run.tables);
    const insertOnly = random.chance(0.4);
    const operations = insertOnly ? [this.insert(table)] : this.changes(table);
    const fails = random.chance(0.15);
    try {
      const { snapshot, version } = await storage.write(
        this.transaction,
        { tables: [{ id: table, mode: insertOnly ? "shared" : "exclusive" }], lockTimeoutSeconds: 30 },
        async (writer) => {
          for (const operation of operations) await operation.run(writer);
          if (fails) await writer.run("SELECT error('meant to fail')");
        },
      );
      this.count("writes");
      const statement = {
        snapshot,
        effect: (editor: Editor) => operations.forEach((operation) => operation.effect(editor)),
      };
      if (this.unit) this.unit.statements.push(statement);
      else if (version !== undefined) this.run.units.push({ statements: [statement], version });
    } catch (error) {
      const text = String(error);
      if (fails && text.includes("meant to fail")) this.count("failures");
      else if (this.transaction && text.includes("deadlock")) {
        this.count("deadlocks");
        await this.end(false);
      } else throw error;
    }
  }

  private insert(table: number): Operation {
    const { random } = this.run;
    const size = 1 + random.int(6);
    const first = this.run.nextId;
    this.run.nextId += 1000;
    const rows = Array.from({ length: size }, (_, n): [number, Row] => [
      first + n,
      { c2: random.int(50), c3: random.chance(0.2) ? null : `s${random.int(9)}` },
    ]);
    const values = rows.map(([id, row]) => `(${id}, ${row.c2}, ${row.c3 === null ? "NULL" : `'${row.c3}'`})`);
    if (random.chance(0.3)) return this.insertFromOther(table, first);
    return {
      run: (writer) => writer.insert(table, ["c1", "c2", "c3"], `VALUES ${values.join(", ")}`),
      effect: (editor) => rows.forEach(([id, row]) => editor.put(table, id, row)),
    };
  }

  private insertFromOther(table: number, first: number): Operation {
    const other = this.run.random.pick(this.run.tables);
    return {
      run: (writer) =>
        writer.insert(
          table,
          ["c1", "c2"],
          `SELECT ${first} + row_number() OVER (ORDER BY c1), c2 FROM ${writer.current(other)} t ORDER BY c1 LIMIT 4`,
        ),
      effect: (editor) => {
        const rows = [...editor.rows(other)].sort(([a], [b]) => a - b).slice(0, 4);
        rows.forEach(([, row], n) => editor.put(table, first + n + 1, { c2: row.c2, c3: null }));
      },
    };
  }

  private changes(table: number): Operation[] {
    const dice = this.run.random.next();
    if (dice < 0.42) return [this.update(table)];
    if (dice < 0.72) return [this.delete(table)];
    if (dice < 0.76) return [this.truncate(table)];
    if (dice < 0.84) return [this.replace(table)];
    // As a MERGE does.
    return [this.update(table), this.delete(table), this.insert(table), this.update(table)];
  }

  private update(table: number): Operation {
    const { random } = this.run;
    const modulus = random.pick([1, 2, 3, 5, 20]);
    const rest = random.int(modulus);
    const plus = random.int(3);
    const where = `t.c2 % ${modulus} = ${rest}`;
    const spec: UpdateSpec = random.pick([
      { set: { c2: `t.c2 + ${plus}` }, where },
      { set: { c2: "t.c2 + s.plus" }, from: `, (SELECT ${plus} AS plus) AS s`, where },
      { set: { c2: "t.c2 + $1::BIGINT" }, where, parameters: [BigInt(plus)] },
    ]);
    return {
      run: (writer) => writer.update(table, spec),
      effect: (editor) => {
        for (const [id, row] of editor.rows(table)) {
          if (row.c2 % modulus === rest) editor.put(table, id, { c2: row.c2 + plus, c3: row.c3 });
        }
      },
    };
  }

  private delete(table: number): Operation {
    const { random } = this.run;
    const modulus = random.pick([3, 5, 11]);
    const rest = random.int(modulus);
    const byRow = random.chance(0.5);
    return {
      run: (writer) => {
        const spec: DeleteSpec = byRow
          ? { rows: `SELECT _rid FROM ${writer.current(table)} t WHERE c2 % ${modulus} = ${rest}` }
          : { where: `c2 % ${modulus} = ${rest}` };
        return writer.delete(table, spec);
      },
      effect: (editor) => {
        for (const [id, row] of editor.rows(table)) if (row.c2 % modulus === rest) editor.put(table, id, null);
      },
    };
  }

  private truncate(table: number): Operation {
    return {
      run: (writer) => writer.truncate(table),
      effect: (editor) => {
        for (const id of editor.rows(table).keys()) editor.put(table, id, null);
      },
    };
  }

  private replace(table: number): Operation {
    const first = this.run.nextId;
    this.run.nextId += 1000;
    return {
      run: (writer) =>
        writer.replace(
          table,
          ["c1", "c2", "c3"],
          `SELECT ${first} + row_number() OVER (ORDER BY c1), c2, c3 FROM ${writer.current(table)} t ORDER BY c1 LIMIT 20`,
        ),
      effect: (editor) => {
        const old = [...editor.rows(table)].sort(([a], [b]) => a - b);
        for (const [id] of old) editor.put(table, id, null);
        old.slice(0, 20).forEach(([, row], n) => editor.put(table, first + n + 1, row));
      },
    };
  }

  private async readCurrent(): Promise<void> {
    const { random, storage, tables } = this.run;
    const chosen = [random.pick(tables), random.pick(tables)];
    const { unit } = this;
    const statements = unit?.statements.length ?? 0;
    await storage.read(this.transaction, undefined, async (reader) => {
      for (const table of chosen) {
        const { columns } = await reader.columns(
          `SELECT ${SHOWN}, c1::VARCHAR, _rid::VARCHAR FROM ${reader.current(table)} t`,
        );
        const [seen, ids, rowIds] = columns as string[][];
        ids!.forEach((id, n) => this.noteRowId(table, id, rowIds![n]!));
        this.run.checks.push((model) => ({
          what: `table ${table} at ${reader.snapshot}`,
          seen: seen!,
          due: [...model.rowsSeen(table, reader.snapshot, unit, statements)].map(([id, row]) => show(id, row)),
        }));
        this.count("reads");
      }
    });
  }

  private noteRowId(table: number, id: string, rowId: string): void {
    const key = `${table}:${id}`;
    const known = this.run.rowIds.get(key);
    if (known !== undefined && known !== rowId) throw new Error(`row ${key} had id ${known}, has ${rowId}`);
    this.run.rowIds.set(key, rowId);
  }

  /** Some version that housekeeping has not reached. */
  private pastVersion(): number {
    const { random, storage, horizon } = this.run;
    return horizon + random.int(storage.lastVersion - horizon + 1);
  }

  private async keeping<T>(version: number, work: () => Promise<T>): Promise<T> {
    this.run.reading.add(version);
    try {
      return await work();
    } finally {
      this.run.reading.delete(version);
    }
  }

  private async readPast(): Promise<void> {
    const table = this.run.random.pick(this.run.tables);
    const version = this.pastVersion() + this.run.random.next();
    await this.keeping(version, async () => {
      const at = Math.floor(version);
      const seen = await this.run.storage.read(this.transaction, undefined, (reader) =>
        reader.texts(`SELECT ${SHOWN} FROM ${reader.asOf(table, at)} t`),
      );
      this.count("past reads");
      this.run.checks.push((model) => ({
        what: `table ${table} as of ${at}`,
        seen: seen as string[],
        due: [...model.rowsAt(table, at)].map(([id, row]) => show(id, row)),
      }));
    });
  }

  private async readChanges(): Promise<void> {
    const { random } = this.run;
    const table = random.pick(this.run.tables);
    const mode = random.pick(["DEFAULT", "DEFAULT", "APPEND_ONLY", "ROWS ALONE"] as const);
    const from = this.pastVersion() + random.next();
    await this.keeping(from, async () => {
      const v0 = Math.floor(from);
      await this.run.storage.read(this.transaction, undefined, async (reader) => {
        const v1 = v0 + random.int(reader.snapshot - v0 + 1);
        const alone = mode === "ROWS ALONE";
        const changes = alone ? reader.changedRows(table, v0, v1) : reader.changes(table, v0, v1, mode);
        const seen = await reader.texts(
          `SELECT concat_ws('|', _action, ${alone ? "" : "_isupdate, "}${SHOWN}) FROM ${changes} t`,
        );
        this.count("windows");
        const shown = ({ action, isUpdate, id, row }: Change) =>
          [action, ...(alone ? [] : [isUpdate]), show(id, row)].join("|");
        this.run.checks.push((model) => ({
          what: `${mode} changes of table ${table} from ${v0} to ${v1}`,
          seen: seen as string[],
          due: (mode === "APPEND_ONLY" ? model.appended(table, v0, v1) : model.changes(table, v0, v1)).map(shown),
        }));
      });
    });
  }

  private async purge(): Promise<void> {
    const { run } = this;
    run.horizon = Math.max(run.horizon, Math.floor(Math.min(run.storage.lastVersion - 40, ...run.reading)));
    await run.storage.purge(() => run.horizon);
    if (await run.storage.checkpoint()) this.count("checkpoints");
    this.count("purges");
  }
}

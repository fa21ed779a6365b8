import type { StatementReader } from "../../storage";
import { rewritePlan, type Plan, type ScanNode } from "../../translate";
import { relation } from "./planNodes";
import type { Sizes } from "./refreshCost";

/** The two states that a refresh lies between. */
export type Moment = "before" | "after";

/** One stored table that the query reads, with the versions that the last refresh and this one see. */
export interface InputVersion {
  /** As in the scans' `relation.tag`. */
  readonly tag: number;
  readonly storageId: number;
  readonly before: number;
  readonly after: number;
  /** Rows are known by a key among their values: one that came as another one went is no change. */
  readonly keyed?: boolean;
}

/** The rows of one input that came and that went, in a temporary table. */
interface Changes {
  readonly name: string;
  readonly inserted: number;
  readonly deleted: number;
}

/** The inputs of a refresh: their rows before and after, and what changed between. */
export class InputVersions {
  private readonly byTag: ReadonlyMap<number, InputVersion>;
  private readonly known = new Map<number, Promise<Changes | undefined>>();

  /**
   * @param used the physical columns that the query uses, by tag
   * @param lastChange the version of a stored table's last change
   */
  constructor(
    inputs: readonly InputVersion[],
    private readonly used: ReadonlyMap<number, readonly string[]>,
    private readonly reader: StatementReader,
    private readonly lastChange: (storageId: number) => number,
  ) {
    this.byTag = new Map(inputs.map((input) => [input.tag, input]));
  }

  /** The plan over the inputs as they were, or are. */
  at(plan: Plan, moment: Moment): Plan {
    return rewritePlan(plan, {
      node: (node) =>
        node.kind === "scan" ? { ...relation(this.rows(node, moment), node.columns), physical: node.physical } : node,
    });
  }

  /** Rows of a scan that came and that went, each undefined where there are none. */
  async changesOf(scan: ScanNode): Promise<{ readonly plus?: Plan; readonly minus?: Plan }> {
    const changes = await this.changes(this.input(scan));
    if (!changes) return {};
    const of = (action: "INSERT" | "DELETE"): Plan => ({
      ...relation(`(SELECT * FROM ${changes.name} WHERE _action = '${action}')`, scan.columns),
      physical: scan.physical,
    });
    return {
      ...(changes.inserted > 0 ? { plus: of("INSERT") } : {}),
      ...(changes.deleted > 0 ? { minus: of("DELETE") } : {}),
    };
  }

  /** What the costs of a refresh depend on. */
  async sizes(result: number): Promise<Sizes> {
    const inputs = [...this.byTag.values()];
    const stored = await this.reader.estimatedRows([result, ...inputs.map((input) => input.storageId)]);
    const changed = new Map<number, number>();
    const gone = new Map<number, number>();
    for (const { tag, storageId, before, after } of inputs) {
      if (this.isUnchanged(tag)) continue;
      if (this.byTag.get(tag)!.keyed) {
        const known = await this.changes(this.byTag.get(tag)!);
        changed.set(tag, (known?.inserted ?? 0) + (known?.deleted ?? 0));
        gone.set(tag, known?.deleted ?? 0);
        continue;
      }
      const changes = this.reader.changedRows(storageId, before, after);
      const [counts] = await this.reader.rows(
        `SELECT CAST(count(*) AS DOUBLE) AS n, CAST(count_if(_action = 'DELETE') AS DOUBLE) AS gone FROM ${changes}`,
      );
      changed.set(tag, counts!.n as number);
      gone.set(tag, counts!.gone as number);
    }
    return {
      rows: new Map(inputs.map(({ tag, storageId }) => [tag, stored.get(storageId) ?? 0])),
      changed,
      gone,
      stored: stored.get(result) ?? 0,
    };
  }

  /** Whether all rows of an input went and some came again as other ones, as INSERT OVERWRITE without a key leaves them. */
  async isRewritten(): Promise<boolean> {
    for (const input of this.byTag.values()) if (!input.keyed && (await this.wasRewritten(input))) return true;
    return false;
  }

  private async wasRewritten(input: InputVersion): Promise<boolean> {
    const changes = await this.changes(input);
    if (!changes || changes.inserted === 0 || changes.deleted === 0) return false;
    const columns = (this.used.get(input.tag) ?? []).join(", ") || "1";
    const of = (action: string): string => `SELECT ${columns} FROM ${changes.name} WHERE _action = '${action}'`;
    const again = await this.reader.value(`SELECT EXISTS (${of("INSERT")} INTERSECT ${of("DELETE")})`);
    return Boolean(again) && changes.deleted === (await this.rowsBefore(input.tag));
  }

  /** How many rows an input had at the last refresh. */
  async rowsBefore(tag: number): Promise<number> {
    const { storageId, before } = this.byTag.get(tag)!;
    return Number(await this.reader.value(`SELECT count(*) FROM ${this.reader.asOf(storageId, before)} AS t`));
  }

  /** Whether nothing of an input can have changed. Costs no SQL. */
  private isUnchanged(tag: number): boolean {
    const input = this.byTag.get(tag)!;
    return this.lastChange(input.storageId) <= input.before;
  }

  private rows(scan: ScanNode, moment: Moment): string {
    const { storageId, [moment]: version } = this.input(scan);
    // The current rows alone, where nothing has come since, which spares the history.
    return this.lastChange(storageId) <= version
      ? this.reader.current(storageId)
      : this.reader.asOf(storageId, version);
  }

  private input(scan: ScanNode): InputVersion {
    return this.byTag.get(scan.relation.tag as number)!;
  }

  /** Rows that changed in columns that the query does not use have not changed for it. */
  private changes(input: InputVersion): Promise<Changes | undefined> {
    let made = this.known.get(input.tag);
    if (!made) {
      made = this.materialize(input);
      this.known.set(input.tag, made);
    }
    return made;
  }

  private async materialize(input: InputVersion): Promise<Changes | undefined> {
    if (this.isUnchanged(input.tag)) return undefined;
    const values = this.used.get(input.tag) ?? [];
    const columns = [...values, "_rid"].join(", ");
    const changes = this.reader.changedRows(input.storageId, input.before, input.after);
    // Both versions of a row that did not change for the query are alike, and no others are.
    const { name, count } = await this.reader.materialize(
      input.keyed
        ? netByValue(changes, values)
        : `SELECT ${columns}, any_value(_action) AS _action FROM ${changes} GROUP BY ${columns} HAVING count(*) = 1`,
    );
    if (count === 0) return undefined;
    const inserted = Number(await this.reader.value(`SELECT count(*) FROM ${name} WHERE _action = 'INSERT'`));
    return { name, inserted, deleted: count - inserted };
  }
}

/** The rows that came and went, those left out that are there again, whatever their ids. */
function netByValue(changes: string, values: readonly string[]): string {
  const list = values.map((column) => `${column}, `).join("");
  const by = values.length > 0 ? `GROUP BY ${values.join(", ")}` : "";
  const net = `SELECT ${list}CAST(sum(CASE _action WHEN 'INSERT' THEN 1 ELSE -1 END) AS BIGINT) AS n FROM ${changes} ${by} HAVING n <> 0`;
  return `SELECT ${list}_action FROM (SELECT ${list}CASE WHEN n > 0 THEN 'INSERT' ELSE 'DELETE' END AS _action, unnest(range(abs(n))) FROM (${net}))`;
}

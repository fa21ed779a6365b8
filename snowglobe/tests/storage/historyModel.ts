/** What the storage should answer, computed from the recorded statements alone: plain maps and no SQL. */
export interface Row {
  readonly c2: number;
  readonly c3: string | null;
}

/** A table's rows by `c1`, which is unique over all time. A new version of a row is a new object. */
export type State = ReadonlyMap<number, Row>;

export interface Editor {
  rows(table: number): State;
  /** `null` deletes. */
  put(table: number, id: number, row: Row | null): void;
}

export interface Statement {
  readonly snapshot: number;
  readonly effect: (editor: Editor) => void;
}

/** An explicit transaction, or a statement that was committed by itself. */
export interface Unit {
  readonly statements: Statement[];
  version?: number;
}

type Overlay = Map<number, Map<number, Row | null>>;

export interface Change {
  readonly id: number;
  readonly row: Row;
  readonly action: "INSERT" | "DELETE";
  readonly isUpdate: boolean;
}

export class HistoryModel {
  /** The tables' states after each commit, ascending. */
  private readonly commits: { version: number; states: ReadonlyMap<number, State> }[] = [];
  private readonly births: { version: number; table: number; id: number; row: Row }[] = [];

  constructor(tables: readonly number[], first: number, units: readonly Unit[]) {
    this.commits.push({ version: first, states: new Map(tables.map((table) => [table, new Map()])) });
    const committed = units.filter((unit) => unit.version !== undefined).sort((a, b) => a.version! - b.version!);
    for (const unit of committed) this.apply(unit);
  }

  rowsAt(table: number, version: number): State {
    let low = 0;
    let high = this.commits.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.commits[middle]!.version <= version) low = middle;
      else high = middle - 1;
    }
    return this.commits[low]!.states.get(table)!;
  }

  /** What a statement sees that runs at `snapshot` after the first `statements` of its own transaction. */
  rowsSeen(table: number, snapshot: number, unit?: Unit, statements = 0): State {
    const own = unit ? this.replay(unit, statements).get(table) : undefined;
    return merge(this.rowsAt(table, snapshot), own);
  }

  changes(table: number, from: number, to: number): Change[] {
    const before = this.rowsAt(table, from);
    const after = this.rowsAt(table, to);
    const result: Change[] = [];
    for (const [id, row] of before) {
      const now = after.get(id);
      if (now === row) continue;
      result.push({ id, row, action: "DELETE", isUpdate: now !== undefined });
      if (now) result.push({ id, row: now, action: "INSERT", isUpdate: true });
    }
    for (const [id, row] of after) {
      if (!before.has(id)) result.push({ id, row, action: "INSERT", isUpdate: false });
    }
    return result;
  }

  appended(table: number, from: number, to: number): Change[] {
    return this.births
      .filter((birth) => birth.table === table && birth.version > from && birth.version <= to)
      .map(({ id, row }) => ({ id, row, action: "INSERT" as const, isUpdate: false }));
  }

  private apply(unit: Unit): void {
    const { states } = this.commits.at(-1)!;
    const next = new Map(states);
    for (const [table, overlay] of this.replay(unit, unit.statements.length)) {
      const before = states.get(table)!;
      const after = merge(before, overlay);
      for (const [id, row] of after) {
        if (!before.has(id)) this.births.push({ version: unit.version!, table, id, row });
      }
      next.set(table, after);
    }
    this.commits.push({ version: unit.version!, states: next });
  }

  private replay(unit: Unit, statements: number): Overlay {
    const overlay: Overlay = new Map();
    for (const { snapshot, effect } of unit.statements.slice(0, statements)) {
      effect({
        rows: (table) => merge(this.rowsAt(table, snapshot), overlay.get(table)),
        put: (table, id, row) => {
          const changed = overlay.get(table) ?? new Map<number, Row | null>();
          changed.set(id, row);
          overlay.set(table, changed);
        },
      });
    }
    return overlay;
  }
}

function merge(state: State, overlay: ReadonlyMap<number, Row | null> | undefined): State {
  if (!overlay) return state;
  const merged = new Map(state);
  for (const [id, row] of overlay) {
    if (row) merged.set(id, row);
    else merged.delete(id);
  }
  return merged;
}

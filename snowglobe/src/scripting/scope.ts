import type { DataType } from "../sql/ast/dataType";
import { compilationError, invalidIdentifier } from "../errors";
import type { TypedValue } from "../translate";
import type { Cursor } from "./cursor";
import type { ResultSet } from "./resultSet";
import type { UserException } from "./exceptions";
import type { NestedProcedure } from "./nestedProcedure";

export interface Variable {
  readonly kind: "variable";
  readonly type: DataType;
  value: TypedValue;
}
/** The row of a FOR loop: its columns by name. */
export interface RowVariable {
  readonly kind: "row";
  readonly columns: ReadonlyMap<string, TypedValue>;
}
export type Entry = Variable | RowVariable | Cursor | ResultSet | UserException | NestedProcedure;

/** The names of one block, loop or handler, inside those around it. Source: "Understanding blocks in Snowflake Scripting". */
export class BlockScope {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly parent?: BlockScope) {}

  declare(name: string, entry: Entry): void {
    this.entries.set(name, entry);
  }

  find(name: string): Entry | undefined {
    return this.entries.get(name) ?? this.parent?.find(name);
  }

  /** @throws SnowflakeError 000904 when the name is not declared, or is of another kind */
  require<K extends Entry["kind"]>(name: string, ...kinds: readonly K[]): Extract<Entry, { kind: K }> {
    const found = this.find(name);
    if (!found) throw invalidIdentifier(name);
    if (!(kinds as readonly string[]).includes(found.kind)) {
      throw compilationError(`'${name}' is a ${found.kind}, not a ${kinds.join(" or ")}`);
    }
    return found as Extract<Entry, { kind: K }>;
  }

  /** All values that statements may name as `:name`; a loop's row gives `ROW.COLUMN`. */
  values(): Map<string, TypedValue> {
    const values = this.parent?.values() ?? new Map<string, TypedValue>();
    for (const [name, entry] of this.entries) {
      if (entry.kind === "variable") values.set(name, entry.value);
      else values.delete(name);
      if (entry.kind !== "row") continue;
      for (const [column, value] of entry.columns) values.set(`${name}.${column}`, value);
    }
    return values;
  }
}

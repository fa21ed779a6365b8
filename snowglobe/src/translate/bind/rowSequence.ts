import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { columnRef, constantValue } from "../construct";
import type { Plan, PlanColumn, WindowCall } from "../plan";
import type { BindState } from "./context";

const BITS: ReadonlyMap<string, number> = new Map([
  ["SEQ1", 8],
  ["SEQ2", 16],
  ["SEQ4", 32],
  ["SEQ8", 64],
]);

export function isRowSequence(name: string): boolean {
  return BITS.has(name);
}

/** The SEQ1 ... SEQ8 of one place: columns that number the rows which come there. */
export class RowSequences {
  private readonly entries: { readonly call: WindowCall; readonly column: PlanColumn }[] = [];

  constructor(private readonly state: BindState) {}

  /**
   * 0, 1, 2 ..., and after the largest number of so many bytes 0 again or, with `sign` 1, the smallest.
   * Source: "SEQ1 / SEQ2 / SEQ4 / SEQ8".
   */
  add(name: string, sign: BoundExpression | undefined): BoundExpression {
    const given = sign === undefined ? "0" : constantValue(sign);
    if (given !== "0" && given !== "1") throw unsupported(`${name} of other than the constants 0 and 1`);
    const half = 2n ** BigInt(BITS.get(name)! - 1);
    const wrapper =
      given === "0"
        ? ["CAST((CAST(", 0, ` AS HUGEINT) - 1) % ${half} AS DECIMAL(19,0))`]
        : ["CAST((CAST(", 0, ` AS HUGEINT) - 1 + ${half}) % ${2n * half} - ${half} AS DECIMAL(19,0))`];
    const type: DataType = { kind: "NUMBER", precision: 19, scale: 0 };
    const column: PlanColumn = { id: this.state.newId(), name, type, nullable: false };
    const call: WindowCall = {
      name,
      args: [],
      template: ["row_number()"],
      wrapper,
      distinct: false,
      partitionBy: [],
      orderBy: [],
      type,
      nullable: false,
    };
    this.entries.push({ call, column });
    return columnRef(column);
  }

  /** The plan with the columns of those sequences that are wanted. */
  over(input: Plan, wanted: (id: string) => boolean = () => true): Plan {
    const chosen = this.entries.filter((entry) => wanted(entry.column.id));
    if (chosen.length === 0) return input;
    return {
      kind: "window",
      input,
      windows: chosen.map((entry) => entry.call),
      columns: [...input.columns, ...chosen.map((entry) => entry.column)],
    };
  }
}

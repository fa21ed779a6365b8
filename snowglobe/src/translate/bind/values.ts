import { compilationError } from "../../errors";
import type { Expression } from "../../sql/ast/expression";
import { castTo } from "../cast";
import { requireListed } from "../limits";
import type { Plan, PlanColumn } from "../plan";
import { columnType, commonType } from "../types/supertype";
import type { BindContext } from "./context";
import type { ExpressionBinder } from "./expression";

/** VALUES: columns are called COLUMN1, COLUMN2 ...; a column's type is what its values have in common. */
export function bindValues(
  context: BindContext,
  rows: readonly (readonly Expression[])[],
  binder: ExpressionBinder,
): Plan {
  requireListed(rows.length);
  const width = rows[0]?.length ?? 0;
  const bound = rows.map((row) => {
    if (row.length !== width) throw compilationError("VALUES clause has rows of different lengths", "002056");
    return row.map((value) => binder.bind(value));
  });
  const columns: PlanColumn[] = [];
  for (let i = 0; i < width; i++) {
    let type = bound[0]![i]!.type;
    let nullable = false;
    for (const row of bound) {
      const value = row[i]!;
      nullable ||= value.nullable;
      const common = commonType(type, value.type);
      if (!common) throw compilationError(`VALUES column ${i + 1} has values of incompatible types`, "002016");
      type = common;
    }
    const untyped = type.kind === "NULL" && { untyped: true as const };
    columns.push({ id: context.state.newId(), name: `COLUMN${i + 1}`, type: columnType(type), nullable, ...untyped });
  }
  const session = context.environment.session;
  return {
    kind: "values",
    rows: bound.map((row) => row.map((value, i) => castTo(value, columns[i]!.type, session))),
    columns,
  };
}

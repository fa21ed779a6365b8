import { dataTypeText } from "../sql/ast/dataType";
import type { BoundColumn, BoundExpression } from "./boundExpression";
import { mapChildren, walkExpression, walkPlan } from "./planWalk";
import { isRepeatable } from "./repetition";

/**
 * What `make` makes of some operands, each of which is computed once however often it uses them: those that matter are
 * handed to it as columns, and are put back where they are used once.
 *
 * @param newId makes column ids
 */
export function computedOnce(
  operands: readonly BoundExpression[],
  newId: () => string,
  make: (operands: readonly BoundExpression[]) => BoundExpression,
): BoundExpression {
  if (operands.every(isRepeatable)) return make(operands);
  const columns = operands.map((operand): BoundColumn | undefined =>
    isRepeatable(operand)
      ? undefined
      : {
          kind: "column",
          id: newId(),
          name: dataTypeText(operand.type),
          type: operand.type,
          nullable: operand.nullable,
        },
  );
  const made = make(operands.map((operand, i) => columns[i] ?? operand));
  const uses = countUses(made);
  const values = new Map<string, BoundExpression>();
  const shared: { column: BoundColumn; value: BoundExpression }[] = [];
  columns.forEach((column, i) => {
    if (!column) return;
    if ((uses.times.get(column.id) ?? 0) < 2) values.set(column.id, operands[i]!);
    else shared.push({ column, value: operands[i]! });
  });
  const body = values.size > 0 ? withValues(made, values) : made;
  if (shared.length === 0) return body;
  const inSubquery = shared.some(({ column }) => uses.inSubqueries.has(column.id));
  return inSubquery ? asSubquery(shared, body, newId) : asLet(shared, body);
}

type Shared = readonly { readonly column: BoundColumn; readonly value: BoundExpression }[];

function asLet(shared: Shared, body: BoundExpression): BoundExpression {
  return {
    kind: "let",
    columns: shared.map(({ column }) => column),
    values: shared.map(({ value }) => value),
    body,
    type: body.type,
    nullable: body.nullable,
  };
}

/** `(SELECT body FROM (SELECT value AS column))`: a subquery in the body sees the columns of a plan only. */
function asSubquery(shared: Shared, body: BoundExpression, newId: () => string): BoundExpression {
  const columns = shared.map(({ column }) => ({ ...column, name: "" }));
  return {
    kind: "subquery",
    plan: {
      kind: "project",
      input: {
        kind: "project",
        input: { kind: "values", rows: [[]], columns: [] },
        expressions: shared.map(({ value }) => value),
        columns,
      },
      expressions: [body],
      columns: [{ id: newId(), name: "", type: body.type, nullable: body.nullable }],
    },
    type: body.type,
    nullable: body.nullable,
  };
}

interface Uses {
  readonly times: ReadonlyMap<string, number>;
  readonly inSubqueries: ReadonlySet<string>;
}

/** How often an expression uses each column; inside a lambda or a subquery counts as twice. */
function countUses(expression: BoundExpression): Uses {
  const times = new Map<string, number>();
  const inSubqueries = new Set<string>();
  const add = (id: string, count: number): unknown => times.set(id, (times.get(id) ?? 0) + count);
  const visit = (at: BoundExpression): void => {
    walkExpression(at, (one) => {
      if (one.kind === "column") add(one.id, 1);
      else if (one.kind === "lambda") walkExpression(one.body, (inner) => inner.kind === "column" && add(inner.id, 1));
      else if (one.kind === "subquery" || one.kind === "exists" || one.kind === "inQuery") {
        walkPlan(one.plan, {
          expression: (inner) => {
            if (inner.kind !== "column") return;
            add(inner.id, 2);
            inSubqueries.add(inner.id);
          },
        });
        if (one.kind !== "inQuery") return;
        for (const operand of one.operands) {
          walkExpression(operand, (inner) => inner.kind === "column" && inSubqueries.add(inner.id));
        }
      }
    });
  };
  visit(expression);
  return { times, inSubqueries };
}

/** Columns replaced by what they stand for, under the type that the column was used with. */
function withValues(expression: BoundExpression, values: ReadonlyMap<string, BoundExpression>): BoundExpression {
  if (expression.kind === "column") {
    const value = values.get(expression.id);
    if (!value) return expression;
    return value.type === expression.type && value.nullable === expression.nullable
      ? value
      : { ...value, type: expression.type, nullable: expression.nullable };
  }
  return mapChildren(expression, (child) => withValues(child, values));
}

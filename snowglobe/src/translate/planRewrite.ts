import type { BoundExpression } from "./boundExpression";
import type { CteDefinition, Plan } from "./plan";
import { type ChildMapper, mapExpression, mapNode } from "./planWalk";

export interface Rewriter {
  /** The new id of a column; absent: ids stay. */
  readonly id?: (id: string) => string;
  /** Replaces a node whose inputs have been rewritten already. */
  readonly node?: (plan: Plan) => Plan;
}

/** A rewritten copy of a plan, subqueries in its expressions included. */
export function rewritePlan(plan: Plan, rewriter: Rewriter): Plan {
  const made = mapNode(plan, mapperOf(rewriter));
  return rewriter.node ? rewriter.node(made) : made;
}

export function rewriteExpression(expression: BoundExpression, rewriter: Rewriter): BoundExpression {
  return mapExpression(expression, mapperOf(rewriter));
}

function mapperOf(rewriter: Rewriter): ChildMapper {
  return {
    plan: (plan) => rewritePlan(plan, rewriter),
    expression: (expression) => rewriteExpression(expression, rewriter),
    id: rewriter.id ?? ((id) => id),
  };
}

/** Puts definitions in the place of their references; `chosen` says which. */
export function inlineDefinitions(plan: Plan, definitions: readonly CteDefinition[]): Plan {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  return rewritePlan(plan, {
    node: (node) => {
      const definition = node.kind === "cteReference" ? byId.get(node.cte) : undefined;
      if (!definition || node.kind !== "cteReference") return node;
      return {
        kind: "project",
        input: definition.plan,
        columns: node.columns,
        expressions: node.columns.map((column, i) => ({
          kind: "column",
          id: definition.plan.columns[i]!.id,
          name: column.name,
          type: definition.plan.columns[i]!.type,
          nullable: column.nullable,
        })),
      };
    },
  });
}

/**
 * The plan without WITH: every reference becomes its own copy of the definition, with ids of its own. Recursive
 * definitions stay.
 */
export function inlineCtes(plan: Plan): Plan {
  let copies = 0;
  const definitions = new Map<string, CteDefinition>();
  const inline = (at: Plan): Plan =>
    rewritePlan(at, {
      node: (node) => {
        if (node.kind === "cteReference") {
          const definition = definitions.get(node.cte);
          if (!definition) return node;
          copies += 1;
          const suffix = `_${copies}`;
          const copy = rewritePlan(definition.plan, { id: (id) => `${id}${suffix}` });
          return inlineDefinitions(node, [{ ...definition, plan: copy }]);
        }
        return node;
      },
    });
  const unfold = (at: Plan): Plan => {
    // Definitions must be known before the references below them are met: outermost WITH first.
    if (at.kind === "with") {
      const kept: CteDefinition[] = [];
      for (const definition of at.definitions) {
        const made = { ...definition, plan: inline(unfold(definition.plan)) };
        if (made.recursive) kept.push(made);
        else definitions.set(made.id, made);
      }
      const input = inline(unfold(at.input));
      return kept.length > 0 ? { ...at, definitions: kept, input } : input;
    }
    return "input" in at
      ? ({ ...at, input: unfold(at.input) } as Plan)
      : "left" in at
        ? ({ ...at, left: unfold(at.left), right: unfold(at.right) } as Plan)
        : at;
  };
  return unfold(plan);
}

import { columnRef, type BoundExpression, type JoinNode, type PlanColumn } from "../../translate";
import { idsOf, refersOnlyTo } from "./planNodes";

/** The equalities of a join's condition that have one side of the join on each side. */
export interface JoinKeys {
  readonly left: readonly BoundExpression[];
  readonly right: readonly BoundExpression[];
  /** Which of them NULL never fulfils. */
  readonly strict: readonly boolean[];
}

export function joinKeys(join: JoinNode): JoinKeys {
  const left = idsOf(join.left);
  const right = idsOf(join.right);
  const keys = { left: [] as BoundExpression[], right: [] as BoundExpression[], strict: [] as boolean[] };
  const visit = (condition: BoundExpression | undefined): void => {
    if (condition?.kind !== "call") return;
    if (condition.name === "AND") return condition.args.forEach(visit);
    const [a, b] = condition.args;
    const strict = condition.name === "=";
    if (!a || !b || condition.args.length > 2 || (!strict && !isNullSafe(condition.template))) return;
    // Equal instants may differ in their offsets: not one value then.
    if (a.type.kind === "TIMESTAMP_TZ" || b.type.kind === "TIMESTAMP_TZ") return;
    const forth = refersOnlyTo(a, left) && refersOnlyTo(b, right);
    if (!forth && !(refersOnlyTo(b, left) && refersOnlyTo(a, right))) return;
    keys.left.push(forth ? a : b);
    keys.right.push(forth ? b : a);
    keys.strict.push(strict);
  };
  visit(join.condition);
  return keys;
}

function isNullSafe(template: readonly (string | number)[]): boolean {
  return template.some((part) => part === " IS NOT DISTINCT FROM ");
}

/** That no key is NULL where a NULL matches nothing; undefined where that cannot be. */
export function matchable(keys: JoinKeys, columns: readonly PlanColumn[]): BoundExpression | undefined {
  const strict = columns.filter((_, i) => keys.strict[i]);
  if (strict.length === 0) return undefined;
  return {
    kind: "call",
    name: "AND",
    args: strict.map((column) => columnRef(column)),
    template: ["(", ...strict.flatMap((_, i) => [...(i > 0 ? [" AND "] : []), i, " IS NOT NULL"]), ")"],
    type: { kind: "BOOLEAN" },
    nullable: false,
    volatility: "deterministic",
  };
}

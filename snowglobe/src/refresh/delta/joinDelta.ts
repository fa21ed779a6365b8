import { type BoundExpression, type JoinNode, type Plan, type PlanColumn } from "../../translate";
import { NotCovered, both, present, type DeltaSource } from "./deltaSource";
import type { Moment } from "./inputVersions";
import { joinKeys, matchable, type JoinKeys } from "./joinKeys";
import { byKeys, type Keys } from "./planNodes";
import { restrict } from "./restrict";
import {
  isEmpty,
  sumOf,
  weightOf,
  weightProduct,
  type Delta,
  type Part,
  type Side,
  type WeightedRows,
} from "./weightedRows";

type Derive = (plan: Plan, source: DeltaSource) => Promise<Delta>;

/** What changed in a join's rows. @throws NotCovered for joins without an equality that are more than a product */
export async function joinDelta(join: JoinNode, source: DeltaSource, derive: Derive): Promise<Delta> {
  if (join.lateral) return lateralDelta(join, source, derive);
  switch (join.type) {
    case "INNER":
    case "CROSS":
      return new JoinedDelta(join, source).inner(await kept(join.left), await kept(join.right));
    case "LEFT":
    case "RIGHT":
      return new JoinedDelta(join, source).outer(await kept(join.left), await kept(join.right));
    case "FULL":
      return new JoinedDelta(join, source).full(await kept(join.left), await kept(join.right));
    default:
      throw new NotCovered(`${join.type} JOIN`);
  }

  async function kept(plan: Plan): Promise<Delta> {
    return source.keepDelta(await derive(plan, source));
  }
}

/** FLATTEN and the like: rows made of each row of the left side by itself. */
async function lateralDelta(join: JoinNode, source: DeltaSource, derive: Derive): Promise<Delta> {
  const follows = join.type === "INNER" || join.type === "CROSS" || join.type === "LEFT";
  if (!follows || join.right.kind !== "tableFunction") throw new NotCovered("a lateral join");
  const { plus, minus } = await derive(join.left, source);
  const side = (rows: WeightedRows | undefined): WeightedRows | undefined =>
    rows && { ...rows, plan: { ...join, left: rows.plan, columns: [...join.columns, ...weightOf(rows)] } };
  return present(side(plus), side(minus));
}

const MOMENT: Readonly<Record<Side, Moment>> = { plus: "after", minus: "before" };

/** In the comments, L and R are the rows of the two sides in one state, dL and dR those that changed. */
class JoinedDelta {
  private readonly keys: JoinKeys;

  constructor(
    private readonly join: JoinNode,
    private readonly source: DeltaSource,
  ) {
    this.keys = joinKeys(join);
  }

  /** dL with R, and L with dR; pairs of dL and dR are in both, so once less. */
  async inner(left: Delta, right: Delta): Promise<Delta> {
    return this.sides(left, right, async (l, r, moment) => {
      const parts: Part[] = [];
      if (l) parts.push(this.part(l, { plan: await this.matching("right", l, moment) }));
      if (r) parts.push(this.part({ plan: await this.matching("left", r, moment) }, r));
      if (l && r) parts.push(this.part(l, r, -1));
      return parts;
    });
  }

  /**
   * An outer join follows its preserved side row by row, while the other side does not change. Where that changes, the
   * preserved rows with its keys are joined anew, and are left out of the first part.
   */
  async outer(left: Delta, right: Delta): Promise<Delta> {
    if (this.keys.left.length === 0) throw new NotCovered("an outer join without an equality");
    const preserved = this.join.type === "LEFT" ? "left" : "right";
    const other = preserved === "left" ? "right" : "left";
    const changed = await this.source.keysOf(both({ left, right }[other], this.keys[other]), (columns) =>
      matchable(this.keys, columns),
    );
    const pair = (p: WeightedRows, o: Plan): Part =>
      preserved === "left" ? this.part(p, { plan: o }) : this.part({ plan: o }, p);
    return this.sides(left, right, async (l, r, moment) => {
      const rows = { left: l, right: r }[preserved];
      const parts: Part[] = [];
      if (rows) {
        const apart = changed
          ? await this.source.keep(byKeys("ANTI", rows.plan, this.keys[preserved], changed))
          : rows.plan;
        const unaffected = apart && { ...rows, plan: apart };
        if (unaffected) parts.push(pair(unaffected, await this.matching(other, unaffected, moment)));
      }
      if (changed) {
        const affected = this.byKeys(preserved, changed, moment);
        parts.push(pair({ plan: affected }, this.byKeys(other, changed, moment)));
      }
      return parts;
    });
  }

  /** Both sides' rows with a key that a changed row of either side has. */
  async full(left: Delta, right: Delta): Promise<Delta> {
    const { keys } = this;
    const comparable = keys.left.every((one, i) => JSON.stringify(one.type) === JSON.stringify(keys.right[i]!.type));
    if (keys.left.length === 0 || !comparable) throw new NotCovered("a full join without an equality of one type");
    const changed = await this.source.keysOf([...both(left, keys.left), ...both(right, keys.right)]);
    if (!changed) return {};
    const side = (moment: Moment): WeightedRows => ({
      plan: {
        ...this.join,
        left: this.byKeys("left", changed, moment),
        right: this.byKeys("right", changed, moment),
      },
    });
    return { plus: side("after"), minus: side("before") };
  }

  private async sides(
    left: Delta,
    right: Delta,
    parts: (l: WeightedRows | undefined, r: WeightedRows | undefined, moment: Moment) => Promise<readonly Part[]>,
  ): Promise<Delta> {
    if (isEmpty(left) && isEmpty(right)) return {};
    const side = async (name: Side): Promise<WeightedRows | undefined> =>
      sumOf(await parts(left[name], right[name], MOMENT[name]), this.join.columns, this.source.newId());
    return present(await side("plus"), await side("minus"));
  }

  private part(left: WeightedRows, right: WeightedRows, sign: 1 | -1 = 1): Part {
    const weights: readonly PlanColumn[] = [...weightOf(left), ...weightOf(right)];
    const plan: Plan = {
      ...this.join,
      left: left.plan,
      right: right.plan,
      columns: [...this.join.columns, ...weights],
    };
    const weight = weights.length > 0 || sign < 0 ? { weight: weightProduct([left, right], sign) } : {};
    return { plan, columns: this.join.columns, ...weight };
  }

  /** The rows of a side that may match given rows of the other one. */
  private async matching(side: "left" | "right", rows: WeightedRows, moment: Moment): Promise<Plan> {
    const state = this.source.inputs.at(this.join[side], moment);
    // A join by itself is restriction enough to rows that are merely filtered.
    if (this.keys.left.length === 0 || isRowByRow(state)) return state;
    const on = this.keys[side === "left" ? "right" : "left"];
    const keys = await this.source.keysOf([{ rows, on }], (columns) => matchable(this.keys, columns));
    return keys ? restrict(state, this.keys[side], keys) : nothing(state);
  }

  private byKeys(side: "left" | "right", keys: Keys, moment: Moment): Plan {
    return restrict(this.source.inputs.at(this.join[side], moment), this.keys[side], keys);
  }
}

function isRowByRow(plan: Plan): boolean {
  if (plan.kind === "project" || plan.kind === "filter" || plan.kind === "sort") return isRowByRow(plan.input);
  return plan.kind === "sql" || plan.kind === "values";
}

/** No rows, of a plan's columns. */
function nothing(plan: Plan): Plan {
  const condition: BoundExpression = {
    kind: "literal",
    sql: "false",
    value: "false",
    type: { kind: "BOOLEAN" },
    nullable: false,
  };
  return { kind: "filter", clause: "WHERE", input: plan, condition, columns: plan.columns };
}

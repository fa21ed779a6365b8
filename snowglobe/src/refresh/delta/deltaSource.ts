import type { StatementWriter } from "../../storage";
import { emitPlan, type BoundExpression, type Plan, type PlanColumn } from "../../translate";
import type { InputVersions } from "./inputVersions";
import { project, relation, type Keys } from "./planNodes";
import { weightOf, type Delta, type WeightedRows } from "./weightedRows";

/** A query that cannot be refreshed by what changed, for the reason given: it is computed anew then. */
export class NotCovered extends Error {}

/** Rows, and expressions over them that are their keys. */
export interface KeyedRows {
  readonly rows: WeightedRows | undefined;
  readonly on: readonly BoundExpression[];
}

/** Both sides of a delta with the same keys. */
export function both({ plus, minus }: Delta, on: readonly BoundExpression[]): KeyedRows[] {
  return [
    { rows: plus, on },
    { rows: minus, on },
  ];
}

/** What deriving a delta works on: the inputs, a place for intermediate results, and new ids. */
export class DeltaSource {
  private lastId = 0;

  constructor(
    readonly inputs: InputVersions,
    readonly writer: StatementWriter,
  ) {}

  newId(): string {
    this.lastId += 1;
    return `d${this.lastId}`;
  }

  /** Text of a plan made by `InputVersions`. */
  sql(plan: Plan): string {
    return emitPlan(plan, {
      scan: (node) => {
        throw new Error(`a scan of ${node.relation.id} without a version`);
      },
    });
  }

  /** Keeps a plan's rows until the statement ends. @returns undefined where there are none */
  async keep(plan: Plan): Promise<Plan | undefined> {
    const { name, count } = await this.writer.materialize(this.sql(plan));
    return count === 0 ? undefined : relation(name, plan.columns);
  }

  /** Keeps what is read more than once. */
  async keepDelta(delta: Delta): Promise<Delta> {
    const kept = async (rows: WeightedRows | undefined): Promise<WeightedRows | undefined> => {
      const plan = rows && (await this.keep(rows.plan));
      return plan && { ...rows, plan };
    };
    return present(await kept(delta.plus), await kept(delta.minus));
  }

  /**
   * The values that rows have of expressions.
   *
   * @param condition which values; absent: all
   * @returns undefined where there are none
   */
  async keysOf(
    parts: readonly KeyedRows[],
    condition?: (columns: readonly PlanColumn[]) => BoundExpression | undefined,
  ): Promise<Keys | undefined> {
    const on = parts[0]!.on;
    const columns = on.map((one): PlanColumn => {
      const id = this.newId();
      return { id, name: id, type: one.type, nullable: true };
    });
    const arms = parts.flatMap(({ rows, on: values }) => (rows ? [project(rows.plan, columns, values)] : []));
    if (arms.length === 0) return undefined;
    const all = arms.reduce<Plan>(
      (left, right) => ({ kind: "setOperation", operator: "UNION", all: true, left, right, columns }),
      arms.shift()!,
    );
    const only = condition?.(columns);
    const chosen: Plan = only ? { kind: "filter", clause: "WHERE", input: all, condition: only, columns } : all;
    const kept = await this.keep({ kind: "distinct", input: chosen, columns });
    return kept?.kind === "sql" ? { plan: kept } : undefined;
  }

  /** A delta without rows that went and came as they were. All rows of both sides are counted once there. */
  async net(delta: Delta, columns: readonly PlanColumn[]): Promise<Delta> {
    const { plus, minus } = delta;
    const counted = (rows: WeightedRows | undefined, sign: string): string[] => {
      if (!rows) return [];
      const [weight] = weightOf(rows);
      const list = [...columns.map((column) => column.id), `${sign}${weight?.id ?? "1"} AS n`];
      return [`SELECT ${list.join(", ")} FROM (${this.sql(rows.plan)})`];
    };
    const arms = [...counted(plus, "+"), ...counted(minus, "-")];
    if (arms.length === 0) return {};
    const list = columns.map((column) => `${column.id}, `).join("");
    const { name, count } = await this.writer.materialize(
      `SELECT ${list}CAST(sum(n) AS BIGINT) AS n FROM (${arms.join(" UNION ALL ")}) GROUP BY ALL HAVING sum(n) <> 0`,
    );
    if (count === 0) return {};
    const came = Number(await this.writer.value(`SELECT count(*) FROM ${name} WHERE n > 0`));
    const repeated = (condition: string): WeightedRows => ({
      plan: relation(
        `(SELECT * FROM (SELECT ${list}unnest(range(abs(n))) AS n FROM ${name} WHERE ${condition}))`,
        columns,
      ),
    });
    return present(came > 0 ? repeated("n > 0") : undefined, came < count ? repeated("n < 0") : undefined);
  }
}

/** A delta of what there is. */
export function present(plus: WeightedRows | undefined, minus: WeightedRows | undefined): Delta {
  return { ...(plus ? { plus } : {}), ...(minus ? { minus } : {}) };
}

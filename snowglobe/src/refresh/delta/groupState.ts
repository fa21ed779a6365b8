import { columnDefinition } from "../../storage";
import { NUMBER, type DataType } from "../../sql/ast/dataType";
import {
  columnRef,
  physicalType,
  traitsOf,
  type AggregateCall,
  type AggregateNode,
  type FunctionTraits,
  type Plan,
  type PlanColumn,
} from "../../translate";
import { NotCovered, type DeltaSource } from "./deltaSource";
import { relation, type Keys } from "./planNodes";
import { restrict } from "./restrict";
import { SIDES, isEmpty, weightOf, type Delta } from "./weightedRows";

type Merge = NonNullable<FunctionTraits["merge"]>;

const ORDERED = new Set(["BINARY", "BOOLEAN", "DATE", "NUMBER", "TIME", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "VARCHAR"]);

/** From this size on, sums of changed values might pass the 38 digits that a NUMBER has, though the whole sum does not. */
const LARGE = "1e27";
/** Numbers of so many digits are never as large. */
const SMALL_PRECISION = 27;

/** Where the groups of a stored result are kept. @param storageId the result's; empty: what all such names begin with */
export function groupTable(storageId: number | ""): string {
  return `catalog.dynamic_table_groups_${storageId}`;
}

/**
 * The groups of a query's topmost grouping, kept beside its result: the aggregates as they are before anything is done
 * with them, and of how many rows they are made. With these, a refresh of counts and exact sums costs by the change
 * alone: what came is added, what went is taken away. MIN and MAX too, unless a value went that was the extreme: those
 * groups are computed anew.
 *
 * Sums of floats depend on the order of addition and would drift: they have no such state.
 */
export class GroupState {
  private readonly merges: readonly (Merge | undefined)[];
  /** The node with the counts that the merge needs: of all rows, and of the values that each sum has. */
  private readonly counted: AggregateNode;

  private constructor(
    /** The table's name. */
    private readonly name: string,
    readonly groups: AggregateNode,
    private readonly source: DeltaSource,
  ) {
    this.merges = groups.aggregates.map((one) => traitsOf(one.name).merge);
    const counts = [
      countOf([]),
      ...groups.aggregates.flatMap((one, i) => (this.merges[i] === "SUM" ? [countOf(one.args)] : [])),
    ];
    this.counted = {
      ...groups,
      aggregates: [...groups.aggregates, ...counts],
      columns: [...groups.columns, ...counts.map(() => numberColumn(source.newId()))],
    };
  }

  /** @returns undefined for groups whose aggregates do not follow from their old values */
  static of(name: string, groups: AggregateNode, source: DeltaSource): GroupState | undefined {
    return isKept(groups) ? new GroupState(name, groups, source) : undefined;
  }

  /** See {@link hasExtremes}. */
  get hasExtremes(): boolean {
    return hasExtremes(this.groups);
  }

  /** The groups as the state has them. */
  rows(): Plan {
    return this.columnsOf(this.name, "");
  }

  /** Makes the state anew. */
  async rebuild(): Promise<void> {
    const rows = this.source.inputs.at(this.counted, "after");
    const keys = this.groups.groups.map((group, i) => ({ name: `g${i}`, type: physicalType(group.type) }));
    const values = this.values().map((name) => ({ name, type: this.typeOf(name) }));
    await this.source.writer.run(
      `CREATE OR REPLACE TABLE ${this.name} (${[...keys, ...values].map(columnDefinition).join(", ")});` +
        ` INSERT INTO ${this.name} ${this.source.sql(rows)}`,
    );
  }

  /**
   * Brings the state to what the changes make of it.
   *
   * @param changed the changes of the rows that are grouped
   * @returns the changes of the groups; some may not differ
   */
  async merge(changed: Delta): Promise<Delta> {
    const { source, name } = this;
    const kept = await source.keepDelta(changed);
    if (isEmpty(kept)) return {};
    await this.requireSmallSums(kept);
    let touched = await this.touched(kept);
    const { existed, born, gone, lost } = await this.count(touched);
    if (lost > 0) touched = await this.recomputeLost(touched);
    if (existed > 0) {
      const set = this.values().map((column) => `${column} = t.${column}`);
      await source.writer.run(
        `UPDATE ${name} AS s SET ${set.join(", ")} FROM ${touched} AS t WHERE t.existed AND ${this.sameGroup("s", "t")}`,
      );
    }
    // Without GROUP BY there is a row even of nothing.
    const keyed = this.groups.groups.length > 0;
    if (gone > 0 && keyed) await source.writer.run(`DELETE FROM ${name} WHERE n = 0`);
    if (born > 0) {
      await source.writer.run(
        `INSERT INTO ${name} SELECT ${this.names().join(", ")} FROM ${touched} WHERE NOT existed AND n > 0`,
      );
    }
    const there = keyed ? "n > 0" : "true";
    return {
      plus: { plan: this.columnsOf(`(SELECT * FROM ${touched} WHERE ${there})`, "") },
      ...(existed > 0 ? { minus: { plan: this.columnsOf(`(SELECT * FROM ${touched} WHERE existed)`, "o_") } } : {}),
    };
  }

  /** The groups that the changes belong to: their old values (`o_...`), whether they existed, and their new values. */
  private async touched(changed: Delta): Promise<string> {
    const g = this.groupNames();
    const arms = SIDES.flatMap((side) => {
      const rows = changed[side];
      if (!rows) return [];
      const [weight] = weightOf(rows);
      const sign = `${side === "plus" ? "" : "-"}${weight ? "w" : "1"}`;
      const names = [...g, ...(weight ? ["w"] : []), ...this.values()];
      const plan: AggregateNode = weight
        ? {
            ...this.counted,
            input: rows.plan,
            groups: [...this.groups.groups, columnRef(weight)],
            columns: [...this.counted.columns.slice(0, g.length), weight, ...this.counted.columns.slice(g.length)],
          }
        : { ...this.counted, input: rows.plan };
      return [
        `SELECT ${[...g, `${sign} AS sign`, ...this.values()].join(", ")} FROM (${this.source.sql(plan)}) AS q(${names.join(", ")})`,
      ];
    });
    const change = this.values().map((column) => {
      const merge = this.mergeOf(column);
      if (merge === "COUNT" || merge === "SUM") {
        return `coalesce(sum(${column}) FILTER (sign = 1), 0) - coalesce(sum(${column}) FILTER (sign = -1), 0) AS ${column}`;
      }
      return `${merge}(${column}) FILTER (sign = 1) AS ${column}, ${merge}(${column}) FILTER (sign = -1) AS gone_${column}`;
    });
    const by = g.length > 0 ? ` GROUP BY ${g.join(", ")}` : "";
    const changes = `SELECT ${[...g, ...change].join(", ")} FROM (${arms.join(" UNION ALL ")})${by}`;
    const merged = this.values().map((column) => `CAST(${this.merged(column)} AS ${this.typeOf(column)}) AS ${column}`);
    const { name } = await this.source.writer.materialize(
      `SELECT ${[
        ...g.map((column) => `c.${column}`),
        ...g.map((column) => `c.${column} AS o_${column}`),
        ...this.values().map((column) => `s.${column} AS o_${column}`),
        "s.n IS NOT NULL AS existed",
        ...merged,
        `${this.lost()} AS lost`,
      ].join(", ")} FROM (${changes}) AS c LEFT JOIN ${this.name} AS s ON ${this.sameGroup("s", "c")}`,
    );
    return name;
  }

  /** The new value of a column from the state `s` and the change `c`. */
  private merged(column: string): string {
    const merge = this.mergeOf(column);
    // DuckDB's least and greatest leave NULL out.
    if (merge === "MIN") return `least(s.${column}, c.${column})`;
    if (merge === "MAX") return `greatest(s.${column}, c.${column})`;
    const sum = `coalesce(s.${column}, 0) + c.${column}`;
    if (merge === "COUNT") return sum;
    // A sum of no values is NULL.
    const count = `b_${column}`;
    return `CASE WHEN coalesce(s.${count}, 0) + c.${count} > 0 THEN ${sum} END`;
  }

  /** Whether a group's extreme may have gone, of which only the rows know the next one. */
  private lost(): string {
    const terms = this.values().flatMap((column) => {
      const merge = this.mergeOf(column);
      if (merge === "MIN") return [`coalesce(c.gone_${column} <= s.${column}, c.gone_${column} IS NOT NULL)`];
      if (merge === "MAX") return [`coalesce(c.gone_${column} >= s.${column}, c.gone_${column} IS NOT NULL)`];
      return [];
    });
    if (terms.length === 0) return "false";
    const extremeGone = `(${terms.join(" OR ")})`;
    // A group that is gone has no values, unless it is the one that is there without GROUP BY.
    return this.groups.groups.length > 0 ? `(coalesce(s.n, 0) + c.n > 0 AND ${extremeGone})` : extremeGone;
  }

  private async count(touched: string): Promise<Record<"existed" | "born" | "gone" | "lost", number>> {
    const conditions = { existed: "existed", born: "NOT existed AND n > 0", gone: "existed AND n = 0", lost: "lost" };
    const counts = Object.entries(conditions).map(
      ([name, condition]) => `CAST(count_if(${condition}) AS INTEGER) AS ${name}`,
    );
    const [row] = await this.source.writer.rows(`SELECT ${counts.join(", ")} FROM ${touched}`);
    return row as Record<keyof typeof conditions, number>;
  }

  private async recomputeLost(touched: string): Promise<string> {
    const { source } = this;
    const g = this.groupNames();
    const columns = this.groups.groups.map((group, i): PlanColumn => {
      return { id: g[i]!, name: "", type: group.type, nullable: true };
    });
    const keys: Keys = { plan: relation(`(SELECT ${g.join(", ")} FROM ${touched} WHERE lost)`, columns) };
    const input = source.inputs.at(this.groups.input, "after");
    const fresh: AggregateNode = {
      ...this.counted,
      input: g.length > 0 ? restrict(input, this.groups.groups, keys) : input,
    };
    const values = this.values().map((column) => `CASE WHEN t.lost THEN r.${column} ELSE t.${column} END AS ${column}`);
    const { name } = await source.writer.materialize(
      `SELECT t.* REPLACE (${values.join(", ")}) FROM ${touched} AS t` +
        ` LEFT JOIN (${source.sql(fresh)}) AS r(${this.names().join(", ")}) ON ${this.sameGroup("r", "t")}`,
    );
    return name;
  }

  /** @throws NotCovered for sums of values so large that their difference may be more than a NUMBER holds */
  private async requireSmallSums(changed: Delta): Promise<void> {
    const sums = this.groups.aggregates.filter((one, i) => {
      const type = one.args[0]?.type;
      return this.merges[i] === "SUM" && type?.kind === "NUMBER" && type.precision > SMALL_PRECISION;
    });
    if (sums.length === 0) return;
    for (const side of SIDES) {
      const rows = changed[side];
      if (!rows) continue;
      const ids = sums.map(() => this.source.newId());
      const values: Plan = {
        kind: "project",
        input: rows.plan,
        expressions: sums.map((one) => one.args[0]!),
        columns: ids.map(numberColumn),
      };
      const large = ids.map((id) => `coalesce(bool_or(abs(${id}) >= ${LARGE}), false)`).join(" OR ");
      if (await this.source.writer.value(`SELECT ${large} FROM (${this.source.sql(values)})`)) {
        throw new NotCovered("sums of very large numbers");
      }
    }
  }

  private groupNames(): string[] {
    return this.groups.groups.map((_, i) => `g${i}`);
  }

  /** `a0`, `a1` ... the aggregates; `n` the number of rows; `b_a0` ... the number of values in a sum. */
  private values(): string[] {
    const aggregates = this.merges.map((_, i) => `a${i}`);
    return [...aggregates, "n", ...aggregates.filter((_, i) => this.merges[i] === "SUM").map((name) => `b_${name}`)];
  }

  private names(): string[] {
    return [...this.groupNames(), ...this.values()];
  }

  private mergeOf(column: string): Merge {
    return column.startsWith("a") ? this.merges[Number(column.slice(1))]! : "COUNT";
  }

  private typeOf(column: string): string {
    return physicalType(column.startsWith("a") ? this.groups.aggregates[Number(column.slice(1))]!.type : COUNTED);
  }

  private sameGroup(a: string, b: string): string {
    const terms = this.groupNames().map((column) => `${a}.${column} IS NOT DISTINCT FROM ${b}.${column}`);
    return terms.length > 0 ? terms.join(" AND ") : "true";
  }

  /** Groups in a table of the state's form, as rows of the node. */
  private columnsOf(from: string, prefix: string): Plan {
    const names = [...this.groupNames(), ...this.merges.map((_, i) => `a${i}`)];
    return { ...relation(from, this.groups.columns), physical: names.map((name) => `${prefix}${name}`) };
  }
}

/** Whether a grouping's state is kept: all its aggregates follow from their old values and the changes. */
export function isKept(groups: AggregateNode): boolean {
  return groups.aggregates.every(isMergeable);
}

/** Whether there are aggregates that the rows have to be asked for when a value goes. */
export function hasExtremes(groups: AggregateNode): boolean {
  return groups.aggregates.some(({ name }) => ["MIN", "MAX"].includes(traitsOf(name).merge ?? ""));
}

function isMergeable(call: AggregateCall): boolean {
  const merge = traitsOf(call.name).merge;
  if (merge === undefined || call.distinct || call.orderBy.length > 0) return false;
  if (merge === "SUM") return call.args[0]!.type.kind === "NUMBER";
  return merge === "COUNT" || ORDERED.has(call.type.kind);
}

const COUNTED: DataType = { kind: "NUMBER", precision: 18, scale: 0 };

function countOf(args: AggregateCall["args"]): AggregateCall {
  return {
    name: "COUNT",
    args,
    template: args.length > 0 ? ["CAST(count(", 0, ") AS DECIMAL(18,0))"] : ["CAST(count(*) AS DECIMAL(18,0))"],
    distinct: false,
    orderBy: [],
    type: COUNTED,
    nullable: false,
  };
}

function numberColumn(id: string): PlanColumn {
  return { id, name: "", type: NUMBER, nullable: true };
}

import { physicalType, type AggregateNode, type Plan } from "../../translate";
import { distinctAsGroups } from "./deriveDelta";

/** Name of the call that gives a result the physical type that it is stored with. Other casts may change values. */
export const STORED_AS = "STORED AS";

/** A query whose topmost grouping is only projected and filtered further. */
export interface GroupedRoot {
  readonly groups: AggregateNode;
  /** The whole plan over other rows of the grouping's columns. */
  over(rows: Plan): Plan;
  /**
   * For each group key the place of the column that shows it; absent where one is not shown. With them a row of the
   * result is known by its group.
   */
  readonly keys?: readonly number[];
}

export function groupedRoot(plan: Plan): GroupedRoot | undefined {
  switch (plan.kind) {
    case "project":
    case "filter":
    case "sort": {
      const below = groupedRoot(plan.input);
      return (
        below && {
          groups: below.groups,
          over: (rows) => ({ ...plan, input: below.over(rows) }),
          ...shown(plan, below.groups),
        }
      );
    }
    case "aggregate":
      return plan.groupingSets ? undefined : { groups: plan, over: (rows) => rows, ...shown(plan, plan) };
    case "distinct":
      return groupedRoot(distinctAsGroups(plan));
    case "setOperation":
      return plan.operator === "UNION" && !plan.all ? groupedRoot(distinctAsGroups(plan)) : undefined;
    default:
      return undefined;
  }
}

function shown(plan: Plan, { groups, columns }: AggregateNode): Pick<GroupedRoot, "keys"> {
  const origins = plan.columns.map((column) => originOf(plan, column.id));
  const keys = groups.map((_, i) => origins.indexOf(columns[i]!.id));
  return keys.includes(-1) ? {} : { keys };
}

/** The id that a column has at the bottom of a chain of projections and filters, where it is merely passed on. */
function originOf(plan: Plan, id: string): string | undefined {
  if (plan.kind === "filter" || plan.kind === "sort") return originOf(plan.input, id);
  if (plan.kind !== "project") return id;
  let from = plan.expressions[plan.columns.findIndex((column) => column.id === id)]!;
  if (from.kind === "call" && from.name === STORED_AS && physicalType(from.type) === physicalType(from.args[0]!.type)) {
    from = from.args[0]!;
  }
  return from.kind === "column" ? originOf(plan.input, from.id) : undefined;
}

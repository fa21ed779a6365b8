/** Aggregates and window calls over one column. Types that a function does not take are counted instead. */
import type { ValueType } from "./values";

type Item = readonly [expression: string, type: ValueType];

/** Types whose values add up. */
const NUMERIC: readonly ValueType[] = ["int", "dec", "float"];

function numeric(call: string): (column: string, type: ValueType) => Item {
  return (column, type) => {
    if (!NUMERIC.includes(type)) return [`count(${column})`, "int"];
    return [`${call}(${column})`, type === "float" ? "float" : call === "sum" ? type : "dec"];
  };
}

/** MIN and MAX are not for booleans. */
function extreme(call: string): (column: string, type: ValueType) => Item {
  return (column, type) => (type === "bool" ? [`count(${column})`, "int"] : [`${call}(${column})`, type]);
}

export const AGGREGATES: readonly ((column: string, type: ValueType) => Item)[] = [
  () => ["count(*)", "int"],
  (column) => [`count(${column})`, "int"],
  numeric("sum"),
  numeric("avg"),
  extreme("min"),
  extreme("max"),
  (column) => [`count(distinct ${column})`, "int"],
  (column) => [`count_if(${column} is null)`, "int"],
  (column) => [`listagg(${column}::varchar, ',') within group (order by ${column})`, "text"],
  (column, type) => (type === "bool" ? [`boolor_agg(${column})`, "bool"] : [`count(distinct ${column})`, "int"]),
];

type WindowCall = (column: string, type: ValueType, partition: string, order: string) => Item;

const ranking =
  (call: string): WindowCall =>
  (_column, _type, partition, order) => [`${call}() over (${partition} ${order})`, "int"];
const beside =
  (call: string): WindowCall =>
  (column, type, partition, order) => [`${call}(${column}) over (${partition} ${order})`, type];

export const WINDOW_CALLS: readonly WindowCall[] = [
  ranking("row_number"),
  ranking("rank"),
  ranking("dense_rank"),
  (column, type, partition) => {
    const [call, result] = numeric("sum")(column, type);
    return [`${call} over (${partition})`, result];
  },
  (_column, _type, partition) => [`count(*) over (${partition})`, "int"],
  (column, type, partition) => {
    const [call, result] = extreme("max")(column, type);
    return [`${call} over (${partition})`, result];
  },
  beside("lag"),
  beside("lead"),
  beside("first_value"),
  (column, type, partition, order) => {
    const [call, result] = numeric("sum")(column, type);
    return [`${call} over (${partition} ${order} rows between 1 preceding and current row)`, result];
  },
];

/** Deterministic expressions and tests over one column. */
import type { Choice } from "./query";
import type { ValueType } from "./values";

type Item = readonly [expression: string, type: ValueType];

const EXPRESSIONS: Readonly<Record<ValueType, readonly ((column: string) => Item)[]>> = {
  int: [
    (c) => [`${c} + 1`, "int"],
    (c) => [`${c} % 3`, "int"],
    (c) => [`nullif(${c}, 2)`, "int"],
    (c) => [`iff(${c} > 2, ${c}, 0)`, "int"],
    (c) => [`to_varchar(${c})`, "text"],
    (c) => [`${c} / 4`, "dec"],
    (c) => [`${c}::float`, "float"],
  ],
  text: [
    (c) => [`upper(${c})`, "text"],
    (c) => [`${c} || 'x'`, "text"],
    (c) => [`length(${c})`, "int"],
    (c) => [`coalesce(${c}, 'none')`, "text"],
    (c) => [`${c} in ('a', 'b')`, "bool"],
    (c) => [`substr(${c}, 1, 1)`, "text"],
  ],
  dec: [
    (c) => [`round(${c}, 1)`, "dec"],
    (c) => [`${c} * 2`, "dec"],
    (c) => [`${c}::int`, "int"],
    (c) => [`coalesce(${c}, 0.5)`, "dec"],
  ],
  float: [(c) => [`${c} * 2`, "float"], (c) => [`coalesce(${c}, 0.5)`, "float"], (c) => [`${c} > 0`, "bool"]],
  bool: [(c) => [`not ${c}`, "bool"], (c) => [`iff(${c}, 1, 0)`, "int"]],
  date: [(c) => [`dateadd(day, 1, ${c})`, "date"], (c) => [`day(${c})`, "int"], (c) => [`to_varchar(${c})`, "text"]],
  list: [(c) => [`array_size(${c})`, "int"], (c) => [`${c}[0]::varchar`, "text"]],
};

const TESTS: Readonly<Record<ValueType, readonly ((column: string) => string)[]>> = {
  int: [(c) => `${c} > 2`, (c) => `${c} in (1, 3, 5)`, (c) => `${c} <> 4`, (c) => `${c} between 1 and 4`],
  text: [(c) => `${c} like 'a%'`, (c) => `${c} = 'b'`, (c) => `${c} <> 'a'`, (c) => `length(${c}) > 0`],
  dec: [(c) => `${c} > 0.5`, (c) => `${c} <= 2`],
  float: [(c) => `${c} > 0.25`, (c) => `${c} < 0.5`],
  bool: [(c) => c, (c) => `not ${c}`],
  date: [(c) => `${c} > '2026-01-02'::date`],
  list: [(c) => `array_size(${c}) > 0`],
};

/** A column, itself or changed. */
export function columnExpression(column: string, type: ValueType, choice: Choice): Item {
  const own = EXPRESSIONS[type];
  const place = choice % (own.length + 1);
  return place === 0 ? [column, type] : own[place - 1]!(column);
}

/** A condition on a column. */
export function columnTest(column: string, type: ValueType, choice: Choice): string {
  const own = [...TESTS[type], (c: string) => `${c} is null`, (c: string) => `${c} is not null`];
  return own[choice % own.length]!(column);
}

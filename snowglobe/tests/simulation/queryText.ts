/** From a query's tree to SQL over given relations. */
import type { Choice, Query } from "./query";
import { columnExpression, columnTest } from "./columnExpression";
import { AGGREGATES, WINDOW_CALLS } from "./calls";
import type { ValueType } from "./values";

export interface Column {
  readonly name: string;
  readonly type: ValueType;
}

/** What a relation is like to queries that read it. */
export interface Shape {
  readonly columns: readonly Column[];
  /** As of a QueryText. */
  readonly degree: number;
}

/** Something that a query may read. */
export interface Relation extends Shape {
  readonly name: string;
}

/** A SELECT whose columns are `c0`, `c1` and so on. */
export interface QueryText {
  readonly sql: string;
  readonly types: readonly ValueType[];
  /** How many base tables its rows are combinations of: with so many rows in each, it has at most their power. */
  readonly degree: number;
}

/** Columns that an operator hands on at most: joins would multiply them. */
const WIDEST = 5;

/** What joins of joins may come to: of a dozen rows in each base table, some ten thousand. */
const HIGHEST_DEGREE = 4;

export function pick<T>(from: readonly T[], choice: Choice): T {
  return from[choice % from.length]!;
}

/** @param relations at least one */
export function queryText(query: Query, relations: readonly Relation[]): QueryText {
  const text = (one: Query): QueryText => queryText(one, relations);
  switch (query.op) {
    case "table": {
      const { name, columns, degree } = pick(relations, query.source);
      return select(
        columns.map((column) => [column.name, column.type]),
        `from ${name}`,
        degree,
      );
    }
    case "project": {
      const input = text(query.input);
      return select(
        query.picks.map(([column, as]) => columnExpression(...chosen(input, column), as)),
        from(input),
        input.degree,
      );
    }
    case "divide": {
      const input = text(query.input);
      const numbers = all(input).filter(([, type]) => type === "int");
      if (numbers.length === 0) return input;
      // Fails for a row with 3.
      return select(
        [...all(input).slice(0, WIDEST - 1), [`100 / (${pick(numbers, query.column)[0]} - 3)`, "dec"]],
        from(input),
        input.degree,
      );
    }
    case "filter": {
      const input = text(query.input);
      const tests = query.terms.map(([column, test]) => columnTest(...chosen(input, column), test));
      const where = tests.join(query.terms[0]![1] % 2 === 0 ? " and " : " or ");
      return select(all(input), `${from(input)} where ${where}`, input.degree);
    }
    case "join":
      return join(query, text(query.left), text(query.right));
    case "unionAll":
      return united("union all", text(query.left), text(query.right));
    case "union":
    case "except":
    case "intersect":
      return united(query.op, comparable(text(query.left)), comparable(text(query.right)));
    case "distinct": {
      const input = comparable(text(query.input));
      const columns = all(input).slice(0, 1 + (query.width % input.types.length));
      return select(columns, from(input), input.degree, "distinct ");
    }
    case "group": {
      const input = comparable(text(query.input));
      const keys = query.keys.map((key) => chosen(input, key));
      const values = query.aggregates.map(([call, column]) => pick(AGGREGATES, call)(...chosen(input, column)));
      const by = keys.length === 0 ? "" : ` group by ${keys.map(([name]) => name).join(", ")}`;
      const having = query.having === undefined ? "" : ` having count(*) > ${query.having % 3}`;
      return select([...keys, ...values], `${from(input)}${by}${having}`, Math.min(input.degree, keys.length));
    }
    case "rollup": {
      const input = comparable(text(query.input));
      const keys = query.keys.map((key) => chosen(input, key));
      return select(
        [...keys, ["count(*)", "int"]],
        `${from(input)} group by rollup (${keys.map(([name]) => name).join(", ")})`,
        Math.min(input.degree, keys.length),
      );
    }
    case "window":
      return windows(query, comparable(text(query.input)));
    case "cte": {
      const input = comparable(text(query.input));
      const [key] = chosen(input, query.key);
      const whole = select(all(input), "from w", input.degree);
      const half = select(all(input), `from w where ${key} is not null`, input.degree);
      const body =
        query.use === "union" || 2 * input.degree > HIGHEST_DEGREE
          ? united("union all", half, whole)
          : select(
              columnsOf(input, "l").slice(0, 3).concat(columnsOf(input, "r").slice(0, 2)),
              `from w l join w r on l.${key} = r.${key}`,
              2 * input.degree,
            );
      return { ...body, sql: `with w as (${input.sql}) ${body.sql}` };
    }
    case "flatten":
      return flatten(query, text(query.input));
    case "sort": {
      const input = text(query.input);
      return { ...input, sql: `select * from (${input.sql}) q order by 1` };
    }
    case "limit": {
      const input = comparable(text(query.input));
      const order = all(input).map(([name]) => name);
      return select(all(input), `${from(input)} order by ${order.join(", ")} limit ${query.rows}`, 1);
    }
    case "in": {
      const input = comparable(text(query.input));
      const among = text(query.among);
      const [column] = chosen(input, query.column);
      const [other] = chosen(comparable(among), query.column);
      // NOT IN over a NULL holds for no row, which is worth little here.
      const test = `${column}::varchar ${query.not ? "not " : ""}in (select ${other}::varchar ${from(comparable(among))} where ${other} is not null)`;
      return select(all(input), `${from(input)} where ${test}`, input.degree);
    }
  }
}

type Item = readonly [expression: string, type: ValueType];

function select(items: readonly Item[], rest: string, degree: number, distinct = ""): QueryText {
  const list = items.map(([expression], index) => `${expression} as c${index}`);
  return { sql: `select ${distinct}${list.join(", ")} ${rest}`, types: items.map(([, type]) => type), degree };
}

function from(input: QueryText): string {
  return `from (${input.sql}) q`;
}

function all(input: QueryText): Item[] {
  return input.types.map((type, index) => [`c${index}`, type]);
}

function columnsOf(input: QueryText, alias: string): Item[] {
  return input.types.map((type, index) => [`${alias}.c${index}`, type]);
}

function chosen(input: QueryText, column: Choice): Item {
  return pick(all(input), column);
}

/** Without semi-structured columns, which are neither ordered nor grouped here. */
function comparable(input: QueryText): QueryText {
  if (!input.types.includes("list")) return input;
  const kept = all(input).filter(([, type]) => type !== "list");
  return select(kept.length > 0 ? kept : [["c0::varchar", "text"]], from(input), input.degree);
}

/** Of a join that would multiply too much the left side alone. */
function join(query: Extract<Query, { op: "join" }>, left: QueryText, right: QueryText): QueryText {
  const degree = left.degree + right.degree;
  if (degree > HIGHEST_DEGREE) return left;
  const items = [...columnsOf(left, "l").slice(0, 3), ...columnsOf(right, "r").slice(0, WIDEST - 3)];
  const sides = (type: string, condition: string): string =>
    `from (${left.sql}) l ${type} join (${right.sql}) r${condition}`;
  if (query.type === "cross") return select(items, sides("cross", ""), degree);
  const keysOf = (side: QueryText, alias: string): Item[] =>
    columnsOf(side, alias).filter(([, type]) => type !== "list");
  const [lefts, rights] = [keysOf(left, "l"), keysOf(right, "r")];
  if (lefts.length === 0 || rights.length === 0) return select(items, sides("cross", ""), degree);
  const conditions = query.keys.map(([one, other]) => {
    const [a, type] = pick(lefts, one);
    const alike = rights.filter((right) => right[1] === type);
    const [x, y] =
      alike.length > 0 ? [a, pick(alike, other)[0]] : [`${a}::varchar`, `${pick(rights, other)[0]}::varchar`];
    if (query.type === "inequality") return `${x} < ${y}`;
    return query.nullSafe ? `${x} is not distinct from ${y}` : `${x} = ${y}`;
  });
  const type = query.type === "inequality" ? "inner" : query.type;
  return select(items, sides(type, ` on ${conditions.join(" and ")}`), degree);
}

/** Both sides with as many columns as the narrower one, those of different types as text. */
function united(operator: string, left: QueryText, right: QueryText): QueryText {
  const width = Math.min(left.types.length, right.types.length);
  const side = (one: QueryText): QueryText =>
    select(
      all(one)
        .slice(0, width)
        .map(([name, type], index) =>
          left.types[index] === right.types[index] ? [name, type] : [`${name}::varchar`, "text"],
        ),
      from(one),
      one.degree,
    );
  const [first, second] = [side(left), side(right)];
  const degree = Math.max(left.degree, right.degree);
  return { sql: `${first.sql} ${operator} ${second.sql}`, types: first.types, degree };
}

function windows(query: Extract<Query, { op: "window" }>, input: QueryText): QueryText {
  // By all columns: rows that tie are alike.
  const order = `order by ${all(input)
    .map(([name]) => name)
    .join(", ")}`;
  const over = (partition: Choice): string => {
    if (partition % 8 === 7) return "";
    return `partition by ${chosen(input, partition)[0]}`;
  };
  const calls = query.calls.map(([call, column, partition]) =>
    pick(WINDOW_CALLS, call)(...chosen(input, column), over(partition), order),
  );
  const [, , partition] = query.calls[0]!;
  const qualify =
    query.qualify === undefined
      ? ""
      : ` qualify row_number() over (${over(partition)} ${order}) <= ${1 + (query.qualify % 3)}`;
  // Two windows may number rows that are alike in different ways; what stands beside what is chance then.
  const partitions = new Set(query.calls.map((call) => over(call[2])));
  const rows = partitions.size > 1 ? { ...input, sql: `select distinct * ${from(input)}` } : input;
  return select([...all(input).slice(0, 3), ...calls], `${from(rows)}${qualify}`, input.degree);
}

function flatten(query: Extract<Query, { op: "flatten" }>, input: QueryText): QueryText {
  const lists = columnsOf(input, "q").filter(([, type]) => type === "list");
  const [own] = pick(columnsOf(input, "q"), query.column);
  const list = lists.length > 0 ? pick(lists, query.column)[0] : `split(${own}::varchar, ',')`;
  const outer = query.outer ? ", outer => true" : "";
  return select(
    [...columnsOf(input, "q").slice(0, 3), ["f.index", "int"], ["f.value::varchar", "text"]],
    `${from(input)}, lateral flatten(input => ${list}${outer}) f`,
    input.degree,
  );
}

/** Random queries as trees; what their numbers mean depends on the tables they are put on, see queryText.ts. */
import fc from "fast-check";

/** A number that is taken modulo the choices there are. */
export type Choice = number;

export type JoinType = "inner" | "left" | "right" | "full" | "cross" | "inequality";

/** A query. Numbers are Choices of columns, expressions and so on. */
export type Query =
  | { readonly op: "table"; readonly source: Choice }
  | {
      readonly op: "project";
      readonly input: Query;
      readonly picks: readonly (readonly [column: Choice, as: Choice])[];
    }
  | { readonly op: "divide"; readonly input: Query; readonly column: Choice }
  | {
      readonly op: "filter";
      readonly input: Query;
      readonly terms: readonly (readonly [column: Choice, test: Choice])[];
    }
  | {
      readonly op: "join";
      readonly type: JoinType;
      readonly left: Query;
      readonly right: Query;
      readonly keys: readonly (readonly [left: Choice, right: Choice])[];
      readonly nullSafe: boolean;
    }
  | { readonly op: "unionAll" | "union"; readonly left: Query; readonly right: Query }
  | { readonly op: "distinct"; readonly input: Query; readonly width: Choice }
  | {
      readonly op: "group";
      readonly input: Query;
      readonly keys: readonly Choice[];
      readonly aggregates: readonly (readonly [aggregate: Choice, column: Choice])[];
      readonly having: Choice | undefined;
    }
  | {
      readonly op: "window";
      readonly input: Query;
      readonly calls: readonly (readonly [call: Choice, column: Choice, partition: Choice])[];
      readonly qualify: Choice | undefined;
    }
  | { readonly op: "cte"; readonly input: Query; readonly use: "join" | "union"; readonly key: Choice }
  | { readonly op: "flatten"; readonly input: Query; readonly column: Choice; readonly outer: boolean }
  | { readonly op: "sort"; readonly input: Query }
  | FullQuery;

/** What no incremental refresh follows. */
export type FullQuery =
  | { readonly op: "limit"; readonly input: Query; readonly rows: number }
  | { readonly op: "except" | "intersect"; readonly left: Query; readonly right: Query }
  | { readonly op: "in"; readonly input: Query; readonly among: Query; readonly column: Choice; readonly not: boolean }
  | { readonly op: "rollup"; readonly input: Query; readonly keys: readonly [Choice, Choice] };

export type Operator = Query["op"];

export const FULL_OPERATORS: readonly FullQuery["op"][] = ["limit", "except", "intersect", "in", "rollup"];
export const INCREMENTAL_OPERATORS: readonly Exclude<Operator, FullQuery["op"]>[] = [
  "table",
  "project",
  "divide",
  "filter",
  "join",
  "unionAll",
  "union",
  "distinct",
  "group",
  "window",
  "cte",
  "flatten",
  "sort",
];

const choice = fc.nat(63);
const pairs = (minLength: number, maxLength: number) => fc.array(fc.tuple(choice, choice), { minLength, maxLength });
const option = fc.option(choice, { nil: undefined });
const op = <const T extends Operator>(name: T) => fc.constant(name);

const table: fc.Arbitrary<Query> = fc.record({ op: op("table"), source: choice });

function project(input: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.record({ op: op("project"), input, picks: pairs(1, 4) });
}

function filter(input: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.record({ op: op("filter"), input, terms: pairs(1, 2) });
}

function join(input: fc.Arbitrary<Query>, ...types: readonly JoinType[]): fc.Arbitrary<Query> {
  return fc.record({
    op: op("join"),
    type: fc.constantFrom(...types),
    left: input,
    right: input,
    keys: pairs(1, 2),
    nullSafe: fc.integer({ min: 0, max: 3 }).map((n) => n === 3),
  });
}

function unionAll(input: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.record({ op: op("unionAll"), left: input, right: input });
}

/** Queries that can be refreshed incrementally. */
const incrementalQuery: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => {
  const input = tie("query");
  return {
    query: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: table, weight: 3 },
      { arbitrary: project(input), weight: 3 },
      { arbitrary: filter(input), weight: 3 },
      { arbitrary: join(input, "inner", "left", "right", "full", "cross", "inequality"), weight: 5 },
      { arbitrary: unionAll(input), weight: 2 },
      { arbitrary: fc.record({ op: op("union"), left: input, right: input }), weight: 1 },
      { arbitrary: fc.record({ op: op("distinct"), input, width: choice }), weight: 2 },
      {
        arbitrary: fc.record({
          op: op("group"),
          input,
          keys: fc.array(choice, { maxLength: 2 }),
          aggregates: pairs(1, 3),
          having: option,
        }),
        weight: 5,
      },
      {
        arbitrary: fc.record({
          op: op("window"),
          input,
          calls: fc.array(fc.tuple(choice, choice, choice), { minLength: 1, maxLength: 2 }),
          qualify: option,
        }),
        weight: 4,
      },
      {
        arbitrary: fc.record({ op: op("cte"), input, use: fc.constantFrom("join", "union"), key: choice }),
        weight: 1,
      },
      { arbitrary: fc.record({ op: op("flatten"), input, column: choice, outer: fc.boolean() }), weight: 2 },
      { arbitrary: fc.record({ op: op("divide"), input, column: choice }), weight: 1 },
      { arbitrary: fc.record({ op: op("sort"), input }), weight: 1 },
    ),
  };
}).query;

const fullQuery: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ op: op("limit"), input: incrementalQuery, rows: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ op: fc.constantFrom("except", "intersect"), left: incrementalQuery, right: incrementalQuery }),
  fc.record({
    op: op("in"),
    input: incrementalQuery,
    among: incrementalQuery,
    column: choice,
    not: fc.boolean(),
  }),
  fc.record({ op: op("rollup"), input: incrementalQuery, keys: fc.tuple(choice, choice) }),
);

/** Any query of a dynamic table. */
export const anyQuery: fc.Arbitrary<Query> = fc.oneof(
  { arbitrary: incrementalQuery, weight: 9 },
  { arbitrary: fullQuery, weight: 1 },
);

/** Queries of views that a stream can be on. Source: "Introduction to streams". */
export const streamableQuery: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => {
  const input = tie("query");
  return {
    query: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { arbitrary: table, weight: 2 },
      { arbitrary: project(input), weight: 1 },
      { arbitrary: filter(input), weight: 2 },
      { arbitrary: join(input, "inner", "cross"), weight: 2 },
      { arbitrary: unionAll(input), weight: 1 },
    ),
  };
}).query;

/** The operators of a query, each as often as it occurs. */
export function operatorsOf(query: Query): Operator[] {
  const found: Operator[] = [query.op];
  if ("input" in query) found.push(...operatorsOf(query.input));
  if ("left" in query) found.push(...operatorsOf(query.left), ...operatorsOf(query.right));
  if ("among" in query) found.push(...operatorsOf(query.among));
  return found;
}

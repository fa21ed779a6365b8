import { DeltaSource } from "../../../src/refresh/delta/deltaSource";
import { GroupState } from "../../../src/refresh/delta/groupState";
import { isWorthFollowing, type Sizes } from "../../../src/refresh/delta/refreshCost";
import { groupedRoot } from "../../../src/refresh/delta/groupedRoot";
import { parseQuery } from "../../../src/sql";
import { NUMBER } from "../../../src/sql/ast/dataType";
import { bindQuery, type Plan, type StoredRelation } from "../../../src/translate";
import { session } from "../../translate/harness";

const FACTS = 1;
const DIMENSION = 2;

function relation(tag: number, name: string, columns: readonly string[]): StoredRelation {
  const described = columns.map((column, i) => ({ name: column, type: NUMBER, nullable: true, physical: `c${i + 1}` }));
  return { kind: "stored", id: tag, path: ["D", "PUBLIC", name], columns: described, tag };
}

const RELATIONS = new Map([
  ["FACTS", relation(FACTS, "FACTS", ["ID", "K", "D", "X"])],
  ["DIMENSION", relation(DIMENSION, "DIMENSION", ["D", "LABEL"])],
]);

function planOf(query: string): Plan {
  const resolveRelation = (name: readonly { readonly name: string }[]) => RELATIONS.get(name.at(-1)!.name)!;
  const binds = { positional: [], named: new Map() };
  return bindQuery(parseQuery(query), query, { session, binds, resolveRelation }).plan;
}

/**
 * @param changed rows of the facts, of the dimension
 * @param removed whether rows went
 */
function sizes(rows: number, changed: readonly [number, number], stored: number, removed = false): Sizes {
  return {
    rows: new Map([
      [FACTS, rows],
      [DIMENSION, 1_000],
    ]),
    changed: new Map([
      [FACTS, changed[0]],
      [DIMENSION, changed[1]],
    ]),
    gone: new Map([[FACTS, removed ? 1 : 0]]),
    stored,
  };
}

const follows = (query: string, sizes: Sizes): boolean => {
  const plan = planOf(query);
  const root = groupedRoot(plan);
  // Of a source, a state that is only asked what it can do wants ids alone.
  const source = new DeltaSource(undefined as never, undefined as never);
  const state = root && GroupState.of("groups", root.groups, source);
  return isWorthFollowing({ plan, ...(root ? { root } : {}), ...(state ? { state } : {}) }, sizes);
};

const FILTER = "select id, x * 2 as y from facts where x < 70";
const WINDOW = "select id, row_number() over (partition by k order by id) as r from facts";
const COUNTS = "select k, count(*) as n, sum(x) as s from facts group by k";
const EXTREMES = "select k, min(x) as low, max(x) as high from facts group by k";
const JOIN = "select facts.id, dimension.label from facts join dimension on facts.d = dimension.d";

test.each<[string, string, Sizes]>([
  ["few of a million filtered", FILTER, sizes(1e6, [1e3, 0], 7e5)],
  ["few of a million joined", JOIN, sizes(1e6, [1e3, 0], 1e6)],
  ["many of ten million counted by group", COUNTS, sizes(1e7, [1e5, 0], 1e4, true)],
  ["many that came to groups with their extremes", EXTREMES, sizes(1e7, [1e5, 0], 1e4)],
  ["few that went from groups with their extremes", EXTREMES, sizes(1e7, [2e3, 0], 1e4, true)],
  ["few of ten million in partitions", WINDOW, sizes(1e7, [1e3, 0], 1e7)],
])("follows %s", (_what, query, given) => {
  expect(follows(query, given)).toBe(true);
});

test.each<[string, string, Sizes]>([
  ["a table of a few rows", FILTER, sizes(100, [10, 0], 70)],
  ["a table of which all rows changed", FILTER, sizes(1e6, [2e6, 0], 7e5)],
  ["a dimension of which all rows changed", JOIN, sizes(1e6, [0, 2e3], 1e6)],
  ["a small table's groups", COUNTS, sizes(1e4, [10, 0], 100)],
  ["many that went from groups with their extremes", EXTREMES, sizes(1e7, [2e5, 0], 1e4, true)],
  ["many partitions", WINDOW, sizes(1e6, [1e5, 0], 1e6)],
])("compares %s", (_what, query, given) => {
  expect(follows(query, given)).toBe(false);
});

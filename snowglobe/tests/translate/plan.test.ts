import { parseExpression, parseQuery } from "../../src/sql";
import { NUMBER, VARCHAR, type DataType } from "../../src/sql/ast/dataType";
import {
  assignmentCast,
  Binder,
  decodeFromWire,
  emitExpression,
  emitPlan,
  encodeForWire,
  inlineCtes,
  literalFromBind,
  planProperties,
  scansOf,
  translateDuckDbError,
  walkPlan,
} from "../../src/translate";
import { openFixture } from "./fixture";
import { type Harness, session } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

describe("emitted SQL", () => {
  test.each([
    [
      "select a from t where b = 'x'",
      "SELECT x1 AS x4 FROM (SELECT c1 AS x1, c2 AS x2, c3 AS x3 FROM data.t1) WHERE (x2 = 'x')",
    ],
    [
      "select b, count(*) from t group by b order by 2 limit 3",
      "SELECT x2 AS x5, x4 AS x6 FROM (SELECT x2, CAST(count(*) AS DECIMAL(18,0)) AS x4 FROM (SELECT c1 AS x1, c2 AS x2, c3 AS x3 FROM data.t1) GROUP BY 1) ORDER BY x6 ASC NULLS LAST LIMIT 3",
    ],
    ["select 1", "SELECT CAST(1 AS DECIMAL(1,0)) AS x1"],
  ])("%s", (sql, expected) => {
    expect(harness.sql(sql)).toBe(expected);
  });
});

describe("what a dynamic table may do incrementally", () => {
  test.each([
    ["select a::varchar, upper(b) from t where c > 1", []],
    ["select b, count(*), sum(c) from t group by b order by b", []],
    ["select t.a from t left join u on t.a = u.a", []],
    ["select a, row_number() over (partition by b order by a) from t", []],
    ["with x as (select a from t) select * from x union all select a from u", []],
    ["select f.value from j, lateral flatten(input => v:a) f", []],
    ["select a from t order by a limit 10", ["Unsupported query operator type: Limit"]],
    ["select a from t minus select a from u", ["Unsupported query operator type: SetOperation[EXCEPT]"]],
    ["select a from t where a in (select a from u)", ["Unsupported query operator type: Subquery"]],
    ["select current_role() from t", ["Unsupported function: CURRENT_ROLE"]],
    ["select random() from t", ["Unsupported function: RANDOM"]],
    ["select median(a) from t", ["Unsupported aggregate function: MEDIAN"]],
    ["select approx_count_distinct(a) n from t group by b", []],
    [
      "select approx_count_distinct(a) n from t group by b having n > 1",
      ["Unsupported use outside of the SELECT list: APPROX_COUNT_DISTINCT"],
    ],
    [
      "select t.a from t left join u on t.a > u.a",
      ["Unsupported query operator type: OuterJoin with non-equality predicate"],
    ],
  ])("%s", (sql, reasons) => {
    expect(planProperties(harness.bind(sql).plan).fullRefreshReasons).toEqual(reasons);
  });

  test("functions by how their value may change", () => {
    const { stableFunctions, sessionFunctions, volatileFunctions } = harness.bind(
      "select uuid_string(), current_user() from t where a < date_part(year, current_timestamp())",
    ).properties;
    expect([stableFunctions, sessionFunctions, volatileFunctions]).toEqual([
      ["CURRENT_TIMESTAMP"],
      ["CURRENT_USER"],
      ["UUID_STRING"],
    ]);
  });
});

describe("plans", () => {
  test("references tell what is read directly and through which views", () => {
    const { references } = harness.bind("select * from w, u");
    expect(
      references.map(({ relation, through }) => [relation.path.join("."), through.map((path) => path.join("."))]),
    ).toEqual([
      ["DB.PUBLIC.W", []],
      ["DB.PUBLIC.T", ["DB.PUBLIC.W"]],
      ["DB.PUBLIC.U", []],
    ]);
  });

  test("column ids are unique and every scan has its own number", () => {
    const { plan } = harness.bind("select * from t a join t b on a.a = b.a join w on w.a = a.a");
    const scans = scansOf(plan);
    expect(new Set(scans.map((scan) => scan.scanId)).size).toBe(3);
    const ids = scans.flatMap((scan) => scan.columns.map((column) => column.id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("inlineCtes leaves no WITH and the same rows", async () => {
    const sql =
      "with x as (select a from t), y as (select a from x where a > 1) select x.a, y.a from x join y on x.a = y.a join x z on z.a = x.a order by 1";
    const bound = harness.bind(sql);
    const inlined = inlineCtes(bound.plan);
    walkPlan(inlined, { node: (node) => expect(["with", "cteReference"]).not.toContain(node.kind) });
    const rows = await harness.connection.runAndReadAll(harness.emit({ ...bound, plan: inlined }));
    expect(rows.getRowsJson()).toEqual([
      ["2", "2"],
      ["3", "3"],
    ]);
  });

  test("an argument whose value changes at each call is evaluated once", async () => {
    expect(
      await harness.value(
        "select count(*) from table(generator(rowcount => 200)) where zeroifnull(nullif(mod(abs(random()), 2), 0)) not in (0, 1)",
      ),
    ).toBe("0");
  });

  test("DML: a target with its row id, a source, and expressions over both", async () => {
    const text = "t.a + s.d_len";
    const relation = { ...scansOf(harness.bind("select * from t").plan)[0]!.relation };
    if (relation.kind !== "stored") throw new Error("T is a stored table");
    const binder = new Binder(harness.environment(), text);
    const target = binder.target(relation);
    const source = binder.query(parseQuery("select a as k, length(d) as d_len from u where d = 'one'"));
    const scope = binder.combine(target.scope, binder.scope("S", source.columns));
    const value = assignmentCast(binder.scalar(parseExpression(text), scope), NUMBER, session);
    expect(target.scan.rowId).toBeDefined();
    const options = {
      scan: (node: { relation: { id: number } }) => `(SELECT *, rowid AS _rid FROM data.t${node.relation.id})`,
    };
    const sql = `SELECT ${emitExpression(value, options)} FROM (${emitPlan(target.scan, options)}) JOIN (${emitPlan(source.plan, options)}) ON ${target.scan.columns[0]!.id} = ${source.columns[0]!.id}`;
    expect((await harness.connection.runAndReadAll(sql)).getRowsJson()).toEqual([["4"]]);
  });

  test("text too long for a column is an error, not cut", async () => {
    const binder = new Binder(harness.environment(), "");
    const value = assignmentCast(binder.scalar(parseExpression("'abcd'")), { kind: "VARCHAR", length: 3 }, session);
    const sql = emitExpression(value, { scan: () => "" });
    const error: unknown = await harness.connection.run(`SELECT ${sql}`).catch((caught: unknown) => caught);
    expect(translateDuckDbError(error)).toMatchObject({
      code: "100078",
      message: "String 'abcd' is too long and would be truncated",
    });
  });
});

describe("binds and the wire", () => {
  test("binds by position and by name", async () => {
    const environment = harness.environment({
      binds: {
        positional: [
          literalFromBind("FIXED", "12.50"),
          literalFromBind("TEXT", "it's"),
          literalFromBind("DATE", "1704067200000"),
          literalFromBind("TIMESTAMP_TZ", "1704067200000000000 1020"),
        ],
        named: new Map([["X", { type: NUMBER, value: "7" }]]),
      },
    });
    expect(await harness.rows("select ?, ?, ?, ?, :x + 1, :1 * 2", environment)).toEqual([
      ["12.50", "it's", "19723", "1704067200.000000000 1020", "8", "25.00"],
    ]);
  });

  test.each<readonly [DataType, string]>([
    [{ kind: "NUMBER", precision: 38, scale: 2 }, "-123456789012345678.05"],
    [VARCHAR, 'quote " and \\ and\nline'],
    [{ kind: "BOOLEAN" }, "1"],
    [{ kind: "DATE" }, "-1"],
    [{ kind: "TIME", scale: 9 }, "45296.123456000"],
    [{ kind: "TIME", scale: 0 }, "45296"],
    [{ kind: "TIMESTAMP_NTZ", scale: 9 }, "-1.500000000"],
    [{ kind: "TIMESTAMP_NTZ", scale: 3 }, "-1.500"],
    [{ kind: "TIMESTAMP_LTZ", scale: 6 }, "1700000000.123456"],
    [{ kind: "TIMESTAMP_LTZ", scale: 0 }, "1700000000"],
    [{ kind: "TIMESTAMP_TZ", scale: 7 }, "1700000000.1234560 1020"],
    [{ kind: "TIMESTAMP_TZ", scale: 1 }, "1700000000.1 1020"],
    [{ kind: "BINARY", length: 8 }, "DEADBEEF"],
    [{ kind: "VARIANT" }, '{"a":[1,null]}'],
    [{ kind: "FLOAT" }, "3.25"],
  ])("%j survives encoding and decoding", async (type, cell) => {
    const literal = `'${cell.replaceAll("'", "''")}'`;
    const reader = await harness.connection.runAndReadAll(
      `SELECT ${encodeForWire(decodeFromWire(literal, type), type)}`,
    );
    expect(reader.getRowsJson()).toEqual([[cell]]);
  });
});

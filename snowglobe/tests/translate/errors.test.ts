import { SnowflakeError } from "../../src/errors";
import { openFixture } from "./fixture";
import type { Harness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

const COMPILATION = "SQL compilation error:\n";

describe("codes and texts", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["select foo from t", "000904", `${COMPILATION}error line 1 at position 7\ninvalid identifier 'FOO'`],
    ["select a,\n  t.foo from t", "000904", `${COMPILATION}error line 2 at position 2\ninvalid identifier 'T.FOO'`],
    ["select a from t, u", "001052", `${COMPILATION}ambiguous column name 'A'`],
    ["select a, b from t group by a", "000979", `${COMPILATION}[T.B] is not a valid group by expression`],
    [
      "select t.b, (select max(d) from u where u.a = t.a) from t group by t.b",
      "000979",
      `${COMPILATION}[T.A] is not a valid group by expression`,
    ],
    ["select nosuch(1)", "002140", `${COMPILATION}Unknown function NOSUCH`],
    ["select abs('2024-01-01'::date)", "001044", `${COMPILATION}Invalid argument types for function 'ABS': (DATE)`],
    ["select upper('a', 'b')", "000939", `${COMPILATION}too many arguments for function [UPPER] expected 1, got 2`],
    ["select * from nosuch", "002003", `${COMPILATION}Object 'NOSUCH' does not exist or not authorized.`],
    [
      "select 1 union all select 1, 2",
      "001789",
      `${COMPILATION}invalid number of result columns for set operator input branches, expected 1, got 2 in branch {2}`,
    ],
    ["select 1/0", "100051", "Division by zero"],
    ["select a % 0 from t", "100051", "Division by zero"],
    ["select 'abc'::number", "100038", "Numeric value 'abc' is not recognized"],
    ["select '1_000'::number", "100038", "Numeric value '1_000' is not recognized"],
    ["select 1 where 1 = 'x'", "100038", "Numeric value 'x' is not recognized"],
    ["select '2024-02-30'::date", "100040", "Date '2024-02-30' is not recognized"],
    ["select '2024-01-01 99:00:00'::timestamp", "100035", "Timestamp '2024-01-01 99:00:00' is not recognized"],
    ["select 'abc'::boolean", "100037", "Boolean value 'abc' is not recognized"],
    ["select (select a from t)", "090150", "Single-row subquery returns more than one row."],
    [
      "select sum(x) from values (99999999999999999999999999999999999999), (1) v(x)",
      "100058",
      "Value overflow in a SUM aggregate",
    ],
    [
      "select sum(x) from (select 999999999999999999999999999999.99999999::number(38, 8) as x union all select 0.1)",
      "100058",
      "Value overflow in a SUM aggregate",
    ],
    ["select parse_xml('<a/>')", "000002", "Unsupported feature 'PARSE_XML'."],
    [
      "select dateadd(fortnight, 1, current_date)",
      "001007",
      `${COMPILATION}'FORTNIGHT' is not a valid date/time component for function DATEADD.`,
    ],
  ];
  test.each(cases)("%s", async (sql, code, message) => {
    const error = await harness.rows(sql).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SnowflakeError);
    expect([(error as SnowflakeError).code, (error as SnowflakeError).message]).toEqual([code, message]);
  });
});

describe("numbers out of range are errors, never wrong values", () => {
  test.each([
    "select 99999999999999999999999999999999999999 + 1",
    "select a + 99999999999999999999999999999999999999 from t",
    "select 12345::number(3,0)",
    "select 99999999999999999999999999999999999999 * a * 10 from t",
    "select 1e39::number",
  ])("%s", async (sql) => {
    await expect(harness.rows(sql)).rejects.toMatchObject({ code: "100046" });
  });
});

describe("where aggregates and window functions may not stand", () => {
  test.each([
    "select a from t where sum(a) > 1",
    "select a from t where row_number() over (order by a) = 1",
    "select sum(sum(a)) from t",
    "select count(*) from t group by count(*)",
    "select count(*) n from t where n > 1",
    "select row_number() over (order by a) rn from t where rn = 1",
    "select count(*) n from t group by n",
    "select row_number() from t",
    "select upper(b) over (order by a) from t",
  ])("%s", (sql) => {
    expect(() => harness.bind(sql)).toThrow(/^SQL compilation error:/);
  });
});

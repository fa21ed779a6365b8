import type { DataType } from "../../src/sql/ast/dataType";
import {
  BINARY,
  BOOLEAN,
  DATE,
  FLOAT,
  NUMBER,
  TIME,
  TIMESTAMP_LTZ,
  TIMESTAMP_NTZ,
  TIMESTAMP_TZ,
  VARCHAR,
  VARIANT,
} from "../../src/sql/ast/dataType";
import { parseQuery } from "../../src/sql";
import { emitPlan } from "../../src/translate";
import { BindState } from "../../src/translate/bind/context";
import { bindQueryPlan } from "../../src/translate/bind/query";
import { EMPTY_SCOPE } from "../../src/translate/bind/scope";
import { builtInFunctions, findFunction } from "../../src/translate/functions/registry";
import { ENGINE_MACROS, factsOf } from "../../src/translate/repetition";
import { Harness } from "./harness";

const COLUMNS: readonly (readonly [string, DataType, string])[] = [
  ["N", NUMBER, "number"],
  ["S", VARCHAR, "varchar"],
  ["V", VARIANT, "variant"],
  ["A", { kind: "ARRAY" }, "array"],
  ["O", { kind: "OBJECT" }, "object"],
  ["TS", TIMESTAMP_NTZ, "timestamp_ntz"],
  ["D", DATE, "date"],
  ["F", FLOAT, "float"],
  ["B", BOOLEAN, "boolean"],
  ["X", BINARY, "binary"],
  ["TM", TIME, "time"],
  ["TZ", TIMESTAMP_TZ, "timestamp_tz"],
  ["LTZ", TIMESTAMP_LTZ, "timestamp_ltz"],
];
/** Constants where a function takes no column: formats, scales, date parts, lambdas. */
const CONSTANTS = ["1", "'a'", "'day'", "'YYYY-MM-DD'", "'UTC'", "x -> x", "'{}'", "true"];

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
  await harness.table(
    "E",
    COLUMNS.map(([name, type]) => [name, type] as const),
  );
  await harness.table("T", [["N", NUMBER]], "select seq4() + 1 from table(generator(rowcount => 2000))");
});
afterAll(() => harness.close());

function binds(expression: string): boolean {
  try {
    harness.bind(`select ${expression} from e`);
    return true;
  } catch {
    return false;
  }
}

/** The first arguments, of each kind in turn, that a function takes. */
function argumentsOf(name: string, count: number): readonly string[] | undefined {
  const candidates = [...COLUMNS.map(([column]) => column), ...CONSTANTS];
  const chosen: string[] = [];
  const search = (budget: { left: number }): boolean => {
    if (chosen.length === count) return budget.left-- > 0 && binds(`${name}(${chosen.join(", ")})`);
    for (const candidate of candidates) {
      if (budget.left <= 0) return false;
      chosen.push(candidate);
      if (search(budget)) return true;
      chosen.pop();
    }
    return false;
  };
  return search({ left: 500 }) ? chosen : undefined;
}

/** Calls of each scalar function with a column at one place, where the call itself can stand when it is cast. */
function templatesOf(name: string): readonly ((operand: string) => string)[] {
  const { min, max } = findFunction(name)!;
  const made: ((operand: string) => string)[] = [];
  for (let count = Math.max(1, min); count <= Math.min(max, Math.max(3, min)); count++) {
    const args = argumentsOf(name, count);
    args?.forEach((arg, at) => {
      const type = COLUMNS.find(([column]) => column === arg)?.[2];
      if (type === undefined) return;
      const call = (operand: string): string =>
        `${name}(${args.map((one, i) => (i === at ? operand : one)).join(", ")})`;
      for (const cast of ["", `::${type}`, `::varchar::${type}`]) {
        if (!binds(call(`${call(arg)}${cast}`))) continue;
        made.push((operand) => call(operand === "" ? arg : `${operand}${cast}`));
        break;
      }
    });
  }
  return made;
}

function nested(template: (operand: string) => string, depth: number): string {
  let text = "";
  for (let i = 0; i < depth; i++) text = template(text);
  return `select ${text} as r from e`;
}

/** Of a query's text and of what macros make of it. Past the bound on nesting, which is another test's affair. */
function lengths(query: string): readonly number[] {
  const context = { state: new BindState(), environment: harness.environment(), text: query, through: [] };
  const plan = bindQueryPlan(context, parseQuery(query), EMPTY_SCOPE);
  if (plan.kind !== "project") throw new Error("a projection is expected");
  return [emitPlan(plan, { scan: () => "e" }).length, factsOf(plan.expressions[0]!).size];
}

function expectLinear(template: (operand: string) => string): void {
  const small = lengths(nested(template, 60));
  const large = lengths(nested(template, 180));
  small.forEach((length, i) => expect(large[i]! / length).toBeLessThan(3.6));
}

describe("the engine's text grows with the depth of nesting, not as a power of it", () => {
  const operators: Readonly<Record<string, (operand: string) => string>> = {
    "+": (x) => `(${x || "n"} + n)::number`,
    "-": (x) => `-(${x || "n"} - n)::number`,
    "*": (x) => `(${x || "n"} * n)::number(38,0)`,
    "/": (x) => `(${x || "n"} / n)::number(20,2)`,
    "/ below": (x) => `(n / ${x || "n"})::number(20,2)`,
    "%": (x) => `(n % ${x || "n"})`,
    "float /": (x) => `(${x || "f"} / f)`,
    "||": (x) => `(${x || "s"} || s)`,
    between: (x) => `(${x || "n"} between n and n + 1)::number`,
    in: (x) => `(${x || "n"} in (1, n, 's'))::number`,
    "row in": (x) => `((${x || "n"}, n) in ((1, 2), (3, 4)))::number`,
    like: (x) => `(${x || "s"} like any ('a', 'b'))::varchar`,
    "case operand": (x) => `case ${x || "n"} when 1 then 2 when 2 then 3 else n end`,
    "case result": (x) => `case n when 1 then ${x || "n"} when 2 then 3 else n end`,
    path: (x) => `(${x || "v"}):a.b[0]`,
    "path as text": (x) => `to_variant((${x || "v"}):a::varchar)`,
    "date + n": (x) => `(${x || "d"} + 1)`,
    interval: (x) => `(${x || "ts"} + interval '1 month, 1 day')`,
    object: (x) => `object_construct('a', ${x || "o"}, 'b', n)`,
    "literal object": (x) => `{'a': ${x || "o"}}`,
    array: (x) => `[${x || "a"}, 1]`,
    "is distinct": (x) => `(${x || "n"} is distinct from n)::number`,
    not: (x) => `(not ${x || "b"})`,
    ...Object.fromEntries(
      COLUMNS.flatMap(([column, , type]) =>
        COLUMNS.map(
          ([, , other]) => [`${type} as ${other}`, (x: string) => `(${x || column}::${other})::${type}`] as const,
        ),
      ),
    ),
  };
  test.each(Object.entries(operators))("%s", (_, template) => {
    if (!binds(template(""))) return;
    expectLinear(template);
  });

  test.each([...builtInFunctions().keys()].filter((name) => findFunction(name)!.kind === "scalar"))("%s", (name) => {
    for (const template of templatesOf(name)) expectLinear(template);
  });
});

describe("the engine plans what is nested deeply", () => {
  test.each([
    "x / n",
    "split_part(x, 'a', 1)",
    "x:a.b.c::varchar",
    "object_construct('a', x, 'b', object_construct('c', n))",
    "x::date::varchar",
    "case x when 1 then 2 when 2 then 1 else 3 end",
    "nullif(x, n)",
    "decode(x, 1, 2, 2, 1, 3)",
    "greatest(x, n, 1)",
    "x between n and 3",
  ])("%s", async (template) => {
    const column = /:a|object/.test(template) ? "v" : /split|date/.test(template) ? "s" : "n";
    const type = { v: "variant", s: "varchar", n: "number(20,2)" }[column];
    const query = nested(
      (x) => `(${template.replaceAll(/\bx\b/g, x || column)})::${column === "v" ? "varchar::" : ""}${type}`,
      30,
    );
    expect(await harness.rows(query)).toEqual([]);
  });
});

describe("an operand with a new value at each call is computed once", () => {
  const draw = "uniform(1, 3, random())";
  test.each([
    ["CASE", `case ${draw} when 1 then 1 when 2 then 2 when 3 then 3 end`],
    ["DECODE", `decode(${draw}, 1, 1, 2, 2, 3, 3)`],
    ["IN and NOT IN", `iff(${draw} in (1, 2, 3), 1, null)`],
    ["IN of values of several types", `iff(${draw} in (1, '2', 3.0), 1, null)`],
    ["rows IN", `iff((${draw}, 1) in ((1, 1), (2, 1), (3, 1)), 1, null)`],
    ["COALESCE", `coalesce(nullif(${draw}, 0), null)`],
    ["NULLIF", `iff(nullif(${draw}, 2) = 2, null, 1)`],
    ["GREATEST", `iff(greatest(${draw}, 2) in (2, 3), 1, null)`],
    ["LIKE ANY", `iff(to_char(${draw}) like any ('1', '2', '3'), 1, null)`],
    ["IFF and ZEROIFNULL", `zeroifnull(${draw})`],
    ["a path", `object_construct('a', ${draw}):a::number`],
    ["NVL2", `nvl2(${draw}, 1, null)`],
    ["a condition with a subquery in a branch", `case ${draw} when 1 then (select 1) when 2 then 2 when 3 then 3 end`],
    ["UUID_STRING", `(select iff(u = u, 1, null) from (select split_part(uuid_string(), '-', 1) as u))`],
  ])("%s", async (_, expression) => {
    // FLOAT keeps the values of random arithmetic out of the way: only the NULLs count.
    expect(await harness.value(`select count(*) - count(e) from (select ${expression} as e from t)`)).toBe("0");
  });

  test("BETWEEN its own bounds", async () => {
    const within = `uniform(1, 3, random()) between 2 and 2`;
    const both = await harness.rows(`select ${within} as b, count(*) from t group by all order by 1`);
    expect(both.map(([value]) => value)).toEqual(["0", "1"]);
    // A third of the rows; two draws would make it 4/9.
    const share = Number(both[1]![1]) / 2000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.4);
  });

  test("as an argument of an aggregate that uses it more than once", async () => {
    const query = "select array_size(array_agg(nullif(uniform(0, 1, random()), 0))) as n from t";
    const size = Number(await harness.value(query));
    expect(size).toBeGreaterThan(800);
    expect(size).toBeLessThan(1200);
  });
});

test("the engine's own macros use their arguments as often as is known here", async () => {
  const reader = await harness.connection.runAndReadAll(
    "SELECT function_name, list_transform(parameters, lambda p: len(regexp_extract_all(macro_definition, '\\b' || p || '\\b'))) FROM duckdb_functions() WHERE function_type = 'macro' AND internal",
  );
  const uses = new Map(reader.getRowsJson().map((row) => [row[0], row[1]]));
  for (const [name, known] of Object.entries(ENGINE_MACROS))
    expect([name, uses.get(name)?.valueOf()]).toEqual([name, known.map(String)]);
});

describe("computing an operand once changes nothing else", () => {
  test.each([
    ["a branch that is not taken is not computed", "select iff(n > 0, 1, 1 / (n - n)) from t limit 1", "1.000000"],
    ["nor the results of DECODE", "select decode(n * 2 + n / 7, -1, 1 / (n - n), 5) from t limit 1", "5.000000"],
    [
      "equal keys stay equal",
      "select count(*) from (select decode(n % 3 / 7 * 2, 0, 'a', 'b') k, count(*) from t group by decode(n % 3 / 7 * 2, 0, 'a', 'b')) where k is not null",
      "2",
    ],
    [
      "a subquery among the operands",
      "select n / (select 2) / (select max(n) from t) / 1 from t order by n limit 1",
      "0.000250000000",
    ],
    [
      "a correlated subquery",
      "select t.n / (select max(b.n) from t b where b.n <= t.n + 1) / 1 from t order by 1 limit 1",
      "0.500000000000",
    ],
    [
      "an EXISTS in a branch",
      "select case n / 7 / 1 when 5 then 0 else iff(exists (select 1 from t b where b.n = t.n + 1), 1, 0) end from t order by n limit 1",
      "1",
    ],
    [
      "IN (subquery) in a branch",
      "select case n / 7 / 1 when 5 then 0 else iff(n in (select n from t), 1, 0) end from t order by n limit 1",
      "1",
    ],
    ["in a join's condition", "select count(*) from t a join t b on a.n / 3 / 1 between b.n and b.n and a.n < 10", "3"],
    ["in a lambda", "select transform([1, 2], x -> x::number / 2 / 1)::varchar", "[0.5,1]"],
  ])("%s", async (_, query, expected) => {
    expect(await harness.value(query)).toBe(expected);
  });
});

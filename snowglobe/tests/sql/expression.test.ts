import { type Expression, parseExpression, parseQuery, printExpression } from "../../src/sql";
import { structure } from "./structure";

const column = (name: string) => ({ kind: "column", parts: [{ name, quoted: false }] });
const number = (text: string) => ({ kind: "number", text });
const parsed = (text: string) => structure(parseExpression(text));

describe("precedence", () => {
  // The right side says how the left one is understood.
  test.each([
    ["a or b and not c = d", "a or (b and (not (c = d)))"],
    ["a + b * c || d", "(a + (b * c)) || d"],
    ["-a::int", "-(a::int)"],
    ["-v:x::int", "-((v:x)::int)"],
    ["v:x.y[0]::string || 'a'", "(((v:x.y[0])::string) || 'a')"],
    ["a between 1 and 2 and b", "(a between 1 and 2) and b"],
    ["not a is null", "not (a is null)"],
    ["a = b is null", "(a = b) is null"],
    ["a not like 'x' or b", "(a not like 'x') or b"],
    ["a - b - c", "(a - b) - c"],
    ["a < b + 1 and c", "(a < (b + 1)) and c"],
    ["a || b collate 'en'", "a || (b collate 'en')"],
  ])("%s", (text, meaning) => {
    expect(parsed(text)).toEqual(parsed(meaning));
  });

  test("parentheses change it", () => {
    expect(parsed("(a or b) and c")).not.toEqual(parsed("a or b and c"));
    expect(parsed("(-a)::int")).not.toEqual(parsed("-a::int"));
    expect(parsed("a - (b - c)")).not.toEqual(parsed("a - b - c"));
  });
});

describe("exact trees", () => {
  test("a path keeps the case of unquoted keys; names are folded", () => {
    expect(parsed("v:Ab.\"C d\"[0]['e']")).toEqual({
      kind: "path",
      base: column("V"),
      steps: [
        { kind: "key", key: "Ab" },
        { kind: "key", key: "C d" },
        { kind: "index", index: number("0") },
        { kind: "key", key: "e" },
      ],
    });
  });

  test("v:a::string is a cast of the path", () => {
    expect(parsed("v:a::string")).toMatchObject({ kind: "cast", type: { kind: "VARCHAR" }, operand: { kind: "path" } });
  });

  test("an identifier folds, a quoted one does not", () => {
    expect(parsed('t."a ""b"""')).toEqual({
      kind: "column",
      parts: [
        { name: "T", quoted: false },
        { name: 'a "b"', quoted: true },
      ],
    });
  });

  test("keyword forms become plain calls", () => {
    const call = (name: string, ...args: unknown[]) => ({
      kind: "call",
      name: [{ name, quoted: false }],
      args,
      namedArgs: [],
      distinct: false,
    });
    expect(parsed("extract(year from d)")).toEqual(call("DATE_PART", { kind: "string", value: "year" }, column("D")));
    expect(parsed("trim(leading 'x' from a)")).toEqual(call("LTRIM", column("A"), { kind: "string", value: "x" }));
    expect(parsed("substring(a from 2 for 3)")).toEqual(call("SUBSTRING", column("A"), number("2"), number("3")));
    expect(parsed("position(a in b)")).toEqual(call("POSITION", column("A"), column("B")));
    expect(parsed("current_timestamp")).toEqual(call("CURRENT_TIMESTAMP"));
  });

  test("binds, session variables and columns by position", () => {
    expect(parsed("f(?, ?, :1, :name, $v, $2, t.$3, k => 1)")).toMatchObject({
      args: [
        { kind: "bind", index: 1 },
        { kind: "bind", index: 2 },
        { kind: "bind", index: 1 },
        { kind: "bind", name: "NAME" },
        { kind: "sessionVariable", name: "V" },
        { kind: "positional", position: 2 },
        { kind: "positional", position: 3, qualifier: { name: "T" } },
      ],
      namedArgs: [{ name: "K", value: number("1") }],
    });
  });

  test.each<[string, Expression["kind"]]>([
    ["a in (select 1)", "inQuery"],
    ["a in ((select 1))", "inQuery"],
    ["a in ((select 1), 2)", "inList"],
    ["((select 1) union (select 2))", "subquery"],
    ["((select 1) + 2)", "binary"],
    ["(((select 1)))", "subquery"],
    ["(a, b)", "row"],
    ["((a, b)) ", "row"],
    ["x -> x + 1", "column"],
  ])("%s is of kind %s", (text, kind) => {
    const argument = text.includes("->") ? undefined : parseExpression(text);
    if (argument) expect(argument.kind).toBe(kind);
    // A lambda stands in arguments only.
    else expect(() => parseExpression(text)).toThrow("unexpected '->'");
  });
});

describe("strings", () => {
  test.each([
    ["'it''s'", "it's"],
    [String.raw`'a\nb\tc\\d\'e'`, "a\nb\tc\\d'e"],
    [String.raw`'\x41\u00e9\101\z'`, "AéAz"],
    [String.raw`$$a\n'b'$$`, String.raw`a\n'b'`],
    ["''", ""],
  ])("%s", (text, value) => {
    expect(parsed(text)).toEqual({ kind: "string", value });
  });
});

describe("names that are keywords elsewhere", () => {
  const names =
    "desc title url state name type date text value key index first last comment account schema database view left right top";

  test.each(names.split(" "))("%s is a column and an alias", (name) => {
    const query = parseQuery(
      `select ${name}, cast(${name} as text) as ${name} from t where ${name} = 1 order by ${name} desc`,
    );
    const select = query.body as Extract<typeof query.body, { kind: "select" }>;
    expect(select.items.map((item) => item.alias?.name)).toEqual([undefined, name.toUpperCase()]);
    expect(structure(select.items[0]!.expression)).toEqual(column(name.toUpperCase()));
    expect(query.orderBy[0]!.descending).toBe(true);
  });

  test.each("select from where group order table values union rows row set start with by in like".split(" "))(
    "%s is reserved",
    (name) => {
      expect(() => parseQuery(`select 1 as ${name}`)).toThrow(`unexpected '${name}'`);
      expect(parseQuery(`select 1 as "${name}"`).body).toMatchObject({ items: [{ alias: { name, quoted: true } }] });
    },
  );
});

test("printing adds only the parentheses that are needed", () => {
  const text = "A + B * (C - D) - E OR NOT F = 'x''y' AND (G OR H)";
  expect(printExpression(parseExpression(text.toLowerCase().replace("'x''y'", "'x''y'")))).toBe(text);
});

test("MATCH_RECOGNIZE is refused by name", () => {
  expect(() => parseQuery("select * from t match_recognize (order by a)")).toThrow(
    "Unsupported feature 'MATCH_RECOGNIZE'",
  );
});

import { lineAndPosition, parseDataType, parseObjectName, parseStatement, parseStatements } from "../../src/sql";

describe("a syntax error says where: line from 1, position from 0", () => {
  test.each([
    ["select 1 frm t x", 1, 13, "t"],
    ["select\n  a b c\nfrom t", 2, 6, "c"],
    ["select 1 +", 1, 10, "<EOF>"],
    ["selec 1", 1, 0, "selec"],
    ["-- comment\nselect (1", 2, 9, "<EOF>"],
    ["select * from where", 1, 14, "where"],
    ["select 'abc", 1, 11, "<EOF>"],
    ['select "abc', 1, 11, "<EOF>"],
    ["select 1 /* no end", 1, 18, "<EOF>"],
    ["select a from t where a in ()", 1, 28, ")"],
    ["select a.* + 1 from t where t.*", 1, 30, "*"],
    ["create table t", 1, 14, "<EOF>"],
    ["create table t (a int,)", 1, 22, ")"],
    ["drop t", 1, 5, "t"],
    ["insert t values (1)", 1, 7, "t"],
    ["select 1; select 2", 1, 10, "select"],
    ["begin return 1 end", 1, 15, "end"],
    ["", 1, 0, "<EOF>"],
  ])("%j", (text, line, position, token) => {
    expect(() => parseStatement(text)).toThrow(
      expect.objectContaining({
        code: "001003",
        sqlState: "42000",
        message: `SQL compilation error:\nsyntax error line ${line} at position ${position} unexpected '${token}'.`,
        at: { line, position },
      }),
    );
  });

  test("in a text of several statements positions count from its start", () => {
    expect(() => parseStatements("select 1;\n\nselect from;")).toThrow("line 3 at position 7 unexpected 'from'");
  });
});

test("what Snowflake has and this server has not is refused by name", () => {
  expect(() => parseDataType("geography")).toThrow("Unsupported feature 'data type GEOGRAPHY'");
  expect(
    parseStatement("create aggregation policy p as () returns aggregation_constraint -> no_aggregation_constraint()"),
  ).toMatchObject({
    kind: "unsupportedStatement",
    feature: "CREATE AGGREGATION POLICY",
  });
  expect(parseStatement("create external table t (a int) location = @s;")).toMatchObject({
    feature: "CREATE EXTERNAL TABLE",
  });
});

test("an unknown type is no syntax error", () => {
  expect(() => parseStatement("create table t (a foo)")).toThrow(
    expect.objectContaining({ code: "002040", message: "SQL compilation error:\nUnsupported data type 'foo'." }),
  );
});

test("a name must be whole", () => {
  expect(parseObjectName('a."B c".d').map((part) => part.name)).toEqual(["A", "B c", "D"]);
  expect(parseObjectName("db..t").map((part) => part.name)).toEqual(["DB", "PUBLIC", "T"]);
  expect(() => parseObjectName("a b")).toThrow("unexpected 'b'");
});

test("line and position", () => {
  expect(lineAndPosition("ab\ncd\n", 0)).toEqual({ line: 1, position: 0 });
  expect(lineAndPosition("ab\ncd\n", 2)).toEqual({ line: 1, position: 2 });
  expect(lineAndPosition("ab\ncd\n", 4)).toEqual({ line: 2, position: 1 });
});

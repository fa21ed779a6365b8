import { parseExpression, parseQuery, parseStatement, printExpression, printQuery } from "../../src/sql";

const nested = (open: string, depth: number, close: string) => open.repeat(depth) + "1" + close.repeat(depth);

test.each([
  ["parentheses", nested("(", 1_000, ")")],
  ["sums to the right", nested("1 + (", 1_000, ")")],
  ["CASE", nested("case when a then ", 1_000, " end")],
  ["arrays", nested("[", 1_000, "]")],
  ["NOT", "not ".repeat(1_000) + "a"],
  ["calls", nested("f(", 500, ")")],
  ["subqueries", nested("(select ", 500, ")")],
])("deeply nested %s are read and printed", (_, text) => {
  const expression = parseExpression(text);
  expect(printExpression(parseExpression(printExpression(expression)))).toBe(printExpression(expression));
});

test.each([
  ["calls", nested("f(", 100_000, ")")],
  ["parentheses", nested("(", 100_000, ")")],
  ["subqueries", nested("(select ", 100_000, ")")],
])("nesting without measure (%s) is an error, no crash", (_, text) => {
  expect(() => parseExpression(text)).toThrow("The statement is nested too deeply.");
});

test.each([["or"], ["||"], ["+"], ["and"]])("a chain of 20,000 terms joined by %s", (operator) => {
  const text = Array.from({ length: 20_000 }, (_, at) => `c${at}`).join(` ${operator} `);
  expect(printExpression(parseExpression(text))).toBe(text.toUpperCase());
});

test("a chain of 5,000 UNION ALL", () => {
  const text = Array.from({ length: 5_000 }, (_, at) => `SELECT ${at}`).join(" UNION ALL ");
  expect(printQuery(parseQuery(text))).toBe(text);
});

test("parenthesised unions are read once, not once a level", () => {
  const text = "(".repeat(200) + "select 1" + ") union select 2".repeat(200);
  expect(parseQuery(text).body).toMatchObject({ kind: "setOperation", operator: "UNION" });
});

test("20,000 rows of VALUES", () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `(${at}, 'name ${at}', null, ${at}.5, -1)`);
  const statement = parseStatement(`insert into t values ${rows.join(",\n")}`);
  expect(statement).toMatchObject({ kind: "insert" });
  const body = statement.kind === "insert" && statement.query.body;
  expect(body && body.kind === "values" && body.rows.length).toBe(20_000);
});

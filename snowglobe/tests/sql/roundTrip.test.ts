import { parseStatement, printStatement } from "../../src/sql";
import { corpus } from "./corpus";
import { structure } from "./structure";

describe.each(["workshop.sql", "grammar.sql"])("every statement of %s", (file) => {
  const statements = corpus(file);

  test("the file holds statements", () => {
    expect(statements.length).toBeGreaterThan(70);
  });

  test.each(statements)("%s", (text) => {
    const statement = parseStatement(text);
    expect(statement.kind).not.toBe("unsupportedStatement");
    expect(statement.span).toEqual({ start: 0, end: text.length });
    const printed = printStatement(statement);
    expect(structure(parseStatement(printed))).toEqual(structure(statement));
    expect(printStatement(parseStatement(printed))).toBe(printed);
  });
});

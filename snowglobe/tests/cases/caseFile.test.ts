import { parseCases } from "./caseFile";
import { matches } from "./values";

describe("a case file", () => {
  it("is read with pages, titles, statements over lines, rows and errors", () => {
    const text = [
      "--- A PAGE",
      "create table t (n int);",
      "-- what it is about",
      "select n,",
      "  ';' as s from t;",
      '=> N NUMBER(38,0), "a b" VARCHAR',
      "| 1 | 'a | b'",
      "| NULL | ",
      "select x;",
      "!! 000904 invalid identifier",
      "select n from t;",
      "~>",
    ].join("\n");

    expect(parseCases(text, "f.case")).toEqual([
      expect.objectContaining({
        page: "A PAGE",
        sql: "create table t (n int)",
        expected: { kind: "success" },
        line: 2,
      }),
      expect.objectContaining({
        title: "what it is about",
        sql: "select n,\n  ';' as s from t",
        expected: {
          kind: "rows",
          ordered: true,
          columns: [
            { name: "N", type: "NUMBER(38,0)" },
            { name: "a b", type: "VARCHAR" },
          ],
          rows: [
            ["1", "'a | b'"],
            ["NULL", ""],
          ],
        },
      }),
      expect.objectContaining({ expected: { kind: "error", code: "000904", text: "invalid identifier" } }),
      expect.objectContaining({ expected: { kind: "rows", ordered: false, columns: undefined, rows: [] } }),
    ]);
  });

  it.each([
    ["select 1;", "f.case:1: a page"],
    ["--- P\nselect 1", "f.case:3: the statement does not end"],
    ["--- P\nselect 1;\n!!", "f.case:4: an error needs a code"],
  ])("is refused with its line: %j", (text, message) => {
    expect(() => parseCases(text, "f.case")).toThrow(message);
  });
});

describe("a value", () => {
  const ntz = { kind: "timestamp", text: "2026-03-01 00:00:00.123456", digits: 6 } as const;
  it.each([
    [{ kind: "number", text: "1.50", exact: true } as const, "1.5", true],
    [{ kind: "number", text: "-0.00", exact: true } as const, "0", true],
    [{ kind: "number", text: "12345678901234567890.1", exact: true } as const, "12345678901234567890.2", false],
    [{ kind: "number", text: "NaN", exact: false } as const, "nan", true],
    [{ kind: "text", text: "NULL" } as const, "NULL", false],
    [{ kind: "text", text: "NULL" } as const, "'NULL'", true],
    [{ kind: "text", text: "a\n'b" } as const, "'a\\n''b'", true],
    [{ kind: "json", text: "[\n  1,\n  undefined\n]" } as const, "[1,undefined]", true],
    [{ kind: "json", text: "[1,null]" } as const, "[1,undefined]", false],
    [ntz, "2026-03-01 00:00:00.123456789", true],
    [ntz, "2026-03-01 00:00:00.123457", false],
    [{ ...ntz, offset: -480 }, "2026-03-01 00:00:00.123456 -0800", true],
    [{ ...ntz, offset: -480 }, "2026-03-01 08:00:00.123456 +0000", false],
    [{ ...ntz, offset: -480, local: true }, "2026-03-01 08:00:00.123456 +0000", true],
  ])("%j is %s: %s", (seen, cell, same) => {
    expect(matches(seen, cell)).toBe(same);
  });
});

/** The worksheet's splitter: Snowflake's rules, and agreement with snowglobe, whose parser is written apart from it. */
import { readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { splitWorksheet } from "../../cli/worksheet/split";
import { splitStatements } from "../../snowglobe/src/sql";
import { ROOT } from "./support/context";

const texts = (text: string): string[] =>
  splitWorksheet(text).items.flatMap((item) => (item.kind === "statement" ? [item.text] : []));

test("semicolons in literals, names, comments, $$ and Scripting blocks end nothing", () => {
  expect(
    texts(`select ';', 'it''s; \\';' ; -- a;b
      select "a;""b" /* ; */ from t; // c;d
      create function f() returns int as $$ a; b $$;
      ;; begin; insert into t values (1); commit;
      create task t as begin delete from a; if (x) then null; end if; end; put file:///tmp/a;b @s//x;y;
      show tables ->> select * from $1`),
  ).toEqual([
    `select ';', 'it''s; \\';'`,
    `select "a;""b" /* ; */ from t`,
    "create function f() returns int as $$ a; b $$",
    "begin",
    "insert into t values (1)",
    "commit",
    "create task t as begin delete from a; if (x) then null; end if; end",
    "put file:///tmp/a",
    "b @s//x",
    "y",
    "show tables ->> select * from $1",
  ]);
});

test("every item has the line where it begins", () => {
  const { items, open, consumed } = splitWorksheet("-- one\n\nselect 1;\n-- shell: ./workshop load\n!quit\nselect\n2");
  expect(items).toEqual([
    { kind: "statement", text: "select 1", line: 3, isTerminated: true },
    { kind: "shell", text: "./workshop load", line: 4 },
    { kind: "client", text: "!quit", line: 5 },
    { kind: "statement", text: "select\n2", line: 6, isTerminated: false },
  ]);
  expect(open).toBeUndefined();
  expect(consumed).toBe("-- one\n\nselect 1;\n-- shell: ./workshop load\n!quit".length);
});

test.each([
  ["select 1;\n select 'abc", { what: "string literal", line: 2 }],
  ['select "abc', { what: "quoted name", line: 1 }],
  ["\n\nselect $$ abc;", { what: "text between $$", line: 3 }],
  ["select 1; /* abc", { what: "comment", line: 1 }],
  ["select 1;\nbegin\n select 1;", { what: "block", line: 2 }],
  ["declare x int;", { what: "block", line: 1 }],
])("%j leaves something open", (text, open) => {
  expect(splitWorksheet(text).open).toEqual(open);
});

test("a shell step inside of a statement is a comment, and ! elsewhere than at its beginning an operator", () => {
  expect(splitWorksheet("select 1\n-- shell: rm\n!= 2;").items).toEqual([
    { kind: "statement", text: "select 1\n-- shell: rm\n!= 2", line: 1, isTerminated: true },
  ]);
});

test.each(readdirSync(path.join(ROOT, "sql")).filter((name) => name.endsWith(".sql")))(
  "%s as snowglobe cuts it",
  (name) => {
    const text = readFileSync(path.join(ROOT, "sql", name), "utf8");
    expect(texts(text).length).toBeGreaterThan(5);
    expect(texts(text)).toEqual(splitStatements(text).map((statement) => statement.text));
  },
);

const PIECES = [
  ..."begin|end|declare|case|when|then|else|if|end if|for i in 1 to 2 do|end for|loop|end loop|while|repeat|create task t as|alter alert a modify action|begin transaction|begin name x|begin work|execute immediate|select 1|a.end|a.case|let x := 1|put file:///a//b @s|get @s//c file:///d|get".split(
    "|",
  ),
  ...[";", ";", ";", "->>", "$1", "$end", "(", ")", ".", "!=", "@stage//a", "1e5", ":="],
  ...["';'", "'it''s'", "'\\';'", '"a;""b"', "$$ ; $$", "-- c;\n", "// c;\n", "/* ; */", "\n", " ", "''", '""'],
];

test("any mixture of them is cut as snowglobe cuts it", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }), (pieces) => {
      const text = pieces.join(" ");
      expect(texts(text)).toEqual(splitStatements(text).map((statement) => statement.text));
    }),
    { numRuns: 3_000 },
  );
});

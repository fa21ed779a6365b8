import { parseStatements, splitStatements } from "../../src/sql";

const texts = (text: string) => splitStatements(text).map((statement) => statement.text);

test("semicolons in strings, comments, names and $$ end nothing", () => {
  const text = `select ';' ; -- a;b
    select "a;b" /* ; */ from t; // c;d
    create function f() returns int as $$ a; b $$;
    ;; `;
  expect(texts(text)).toEqual([
    "select ';'",
    `select "a;b" /* ; */ from t`,
    "create function f() returns int as $$ a; b $$",
  ]);
});

test.each([
  ["begin; select 1; commit;", ["begin", "select 1", "commit"]],
  ["begin transaction; select 1", ["begin transaction", "select 1"]],
  ["begin name x; select 1", ["begin name x", "select 1"]],
  ["begin select 1; end; select 2;", ["begin select 1; end", "select 2"]],
  ["declare x int; begin x := 1; end; select 2", ["declare x int; begin x := 1; end", "select 2"]],
  [
    "begin if (a) then b(); else begin null; end; end if; for i in 1 to 2 do null; end for; end; select 1",
    ["begin if (a) then b(); else begin null; end; end if; for i in 1 to 2 do null; end for; end", "select 1"],
  ],
  [
    "begin let x := case when a then 1 else 2 end; case x when 1 then null; end case; loop break; end loop; end; select 1",
    [
      "begin let x := case when a then 1 else 2 end; case x when 1 then null; end case; loop break; end loop; end",
      "select 1",
    ],
  ],
  [
    "begin while (a) loop null; end loop; repeat null; until (b) end repeat; declare c int; begin null; end; end; x",
    [
      "begin while (a) loop null; end loop; repeat null; until (b) end repeat; declare c int; begin null; end; end",
      "x",
    ],
  ],
  [
    "create task t as begin delete from a; insert into a select 1; end; alter task t resume",
    ["create task t as begin delete from a; insert into a select 1; end", "alter task t resume"],
  ],
  ["this is; no sql", ["this is", "no sql"]],
  ["begin never closed; select 1;", ["begin never closed; select 1;"]],
])("%j", (text, expected) => {
  expect(texts(text)).toEqual(expected);
});

test("spans count from the text's start, in statements as in split texts", () => {
  const text = "select 1; -- x\n  select 2 /* y */;";
  const spans = [
    { start: 0, end: 8 },
    { start: 17, end: 25 },
  ];
  expect(splitStatements(text).map((statement) => statement.span)).toEqual(spans);
  expect(parseStatements(text).map((statement) => statement.span)).toEqual(spans);
});

test("an empty text has no statements", () => {
  expect(splitStatements(" -- nothing\n;")).toEqual([]);
  expect(parseStatements(" -- nothing\n;")).toEqual([]);
});

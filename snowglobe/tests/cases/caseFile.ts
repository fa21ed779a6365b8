import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a statement must answer; see README.md. */
export type Expected =
  | { readonly kind: "success" }
  | { readonly kind: "error"; readonly code: string; readonly text: string }
  | {
      readonly kind: "rows";
      readonly ordered: boolean;
      readonly columns: readonly { readonly name: string; readonly type: string }[] | undefined;
      readonly rows: readonly (readonly string[])[];
    };

export interface Case {
  /** Title of Snowflake's documentation page. */
  readonly page: string;
  readonly title: string;
  readonly sql: string;
  readonly expected: Expected;
  /** Of the statement's first line, from 1. */
  readonly line: number;
}

export interface CaseFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly cases: readonly Case[];
}

/** All files of this folder, by name. */
export function caseFiles(): CaseFile[] {
  return readdirSync(__dirname)
    .filter((file) => file.endsWith(".case"))
    .sort()
    .map((file) => ({
      name: file.slice(0, -".case".length),
      cases: parseCases(readFileSync(path.join(__dirname, file), "utf8"), file),
    }));
}

/** @throws Error with file and line for a text that is no case file */
export function parseCases(text: string, file: string): Case[] {
  const lines = text.split("\n");
  const cases: Case[] = [];
  let page = "";
  let title = "";
  let at = 0;
  const fail = (message: string): Error => new Error(`${file}:${at + 1}: ${message}`);
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === "") at++;
    else if (line.startsWith("--- ")) {
      page = line.slice(4).trim();
      title = "";
      at++;
    } else if (line.startsWith("-- ")) {
      title = line.slice(3).trim();
      at++;
    } else {
      if (page === "") throw fail("a page (`--- TITLE`) must come first");
      const short = /^(.*\S)\s+==>\s*(.*)$/.exec(line);
      if (short) {
        const [, expression, answer] = short as unknown as [string, string, string];
        const expected = shortAnswer(answer, fail);
        cases.push({ page, title: title || expression, sql: `select ${expression} as v`, expected, line: at + 1 });
        at++;
        continue;
      }
      const begin = at;
      while (at < lines.length && !lines[at]!.trimEnd().endsWith(";")) at++;
      if (at === lines.length) throw fail("the statement does not end with ;");
      at++;
      const sql = lines.slice(begin, at).join("\n").trimEnd().slice(0, -1);
      const end = at;
      while (at < lines.length && /^(=>|~>|!!|\|)/.test(lines[at]!)) at++;
      const expected = expectedOf(lines.slice(end, at), fail);
      cases.push({ page, title: title || sql.replace(/\s+/g, " ").slice(0, 70), sql, expected, line: begin + 1 });
      title = "";
    }
  }
  return cases;
}

/** `1.5`, `NUMBER(2,1) | 1.5` or `!! 100038`: what one expression answers. */
function shortAnswer(text: string, fail: (message: string) => Error): Expected {
  if (text.startsWith("!!")) return expectedOf([text], fail);
  const typed = /^([A-Z_]+(?:\([\d,]+\))?)\s*\|(.*)$/.exec(text);
  const cells = cellsOf(typed?.[2] ?? text, fail);
  if (cells.length !== 1) throw fail("one value must follow ==>");
  const columns = typed ? [{ name: "V", type: typed[1]! }] : undefined;
  return { kind: "rows", ordered: true, columns, rows: [cells] };
}

function expectedOf(lines: readonly string[], fail: (message: string) => Error): Expected {
  const [first] = lines;
  if (first === undefined) return { kind: "success" };
  if (first.startsWith("!!")) {
    const [, code, text = ""] = /^!!\s*(\S+)\s*(.*)$/.exec(first) ?? [];
    if (!code) throw fail("an error needs a code");
    return { kind: "error", code, text };
  }
  const header = /^([=~])>\s*(.*)$/.exec(first);
  const rows = (header ? lines.slice(1) : lines).map((line) => cellsOf(line.slice(1), fail));
  return {
    kind: "rows",
    ordered: header?.[1] !== "~",
    columns: header?.[2] ? columnsOf(header[2], fail) : undefined,
    rows,
  };
}

/** `A NUMBER(3,2), "b c" VARCHAR`: commas within brackets belong to the type. */
function columnsOf(text: string, fail: (message: string) => Error): { name: string; type: string }[] {
  return text.split(/,\s*(?![^(]*\))/).map((part) => {
    const [, quoted, plain, type] = /^(?:"((?:[^"]|"")+)"|(\S+))\s+(.+)$/.exec(part.trim()) ?? [];
    if (!type) throw fail(`no column: ${part}`);
    return { name: quoted?.replaceAll('""', '"') ?? plain!, type: type.trim() };
  });
}

function cellsOf(text: string, fail: (message: string) => Error): string[] {
  const cells: string[] = [];
  let rest = text;
  for (;;) {
    rest = rest.trimStart();
    const quoted = /^'(?:[^']|'')*'(?=\s*(\||$))/.exec(rest)?.[0];
    const cell = quoted ?? /^[^|]*/.exec(rest)![0];
    cells.push(cell.trimEnd());
    rest = rest.slice(cell.length).trimStart();
    if (rest === "") return cells;
    if (!rest.startsWith("|")) throw fail(`no bar behind ${cell}`);
    rest = rest.slice(1);
  }
}

import { blockEnd, beginsBlock } from "./block";
import { scanToken, skipBlanks, type Token } from "./scan";

/** A statement of a worksheet. */
export interface WorksheetStatement {
  readonly kind: "statement";
  /** Without its semicolon, and without comments before and after. */
  readonly text: string;
  /** Where it begins in the file; 1-based. */
  readonly line: number;
  /** Whether a semicolon ends it: at a prompt, one that is not may go on. */
  readonly isTerminated: boolean;
}

/** A comment `-- shell: ./workshop dbt build`: a step for a terminal, between two statements. */
export interface ShellStep {
  readonly kind: "shell";
  readonly text: string;
  readonly line: number;
}

/** A command of the client's own, as `!quit`: it begins where a statement might, and is one line. */
export interface ClientCommand {
  readonly kind: "client";
  readonly text: string;
  readonly line: number;
}

export type WorksheetItem = WorksheetStatement | ShellStep | ClientCommand;

export interface Worksheet {
  readonly items: readonly WorksheetItem[];
  /** What the text leaves open at its end, and the line where that began. */
  readonly open?: { readonly what: string; readonly line: number };
  /** Offset after the last semicolon, client command or shell step: what follows is not ended yet. */
  readonly consumed: number;
}

const OPEN_NAMES: Readonly<Record<string, string>> = {
  string: "string literal",
  name: "quoted name",
  dollar: "text between $$",
  comment: "comment",
};

const SHELL = /^--\s*shell:\s*(\S.*?)\s*$/;

/**
 * Cuts a worksheet into its statements: at semicolons outside of string literals, quoted names, `$$ ... $$`, comments and
 * blocks of Snowflake Scripting. A chain with `->>` is one statement. Looks at words only, so that statements that are no
 * SQL are cut as well and Snowflake says what is wrong with them. snowglobe's own splitter refuses such texts, and knows
 * neither steps for a shell nor a prompt's unfinished statement; a test holds the two to the same cuts.
 *
 * Snowflake documentation: "Understanding blocks in Snowflake Scripting", "Pipe operator".
 */
export function splitWorksheet(text: string): Worksheet {
  const lineOf = lineCounter(text);
  const items: WorksheetItem[] = [];
  let tokens: Token[] = [];
  let line = 1;
  /** First word of the statement under way, in a block or not. */
  let command: string | undefined;
  let open: Worksheet["open"];
  let consumed = 0;
  const end = (isTerminated: boolean): void => {
    const [first, last] = [tokens[0], tokens.at(-1)];
    if (first && last) items.push({ kind: "statement", text: text.slice(first.start, last.end), line, isTerminated });
    tokens = [];
  };
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    if (tokens.length === 0 && /^![a-z]/i.test(text.slice(at, at + 2))) {
      const lineEnd = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
      items.push({ kind: "client", text: text.slice(at, lineEnd).trim(), line: lineOf(at) });
      consumed = at = lineEnd;
      continue;
    }
    const token = scanToken(text, at, command === "PUT" || command === "GET");
    at = token.end;
    if (tokens.length === 0) line = lineOf(token.start);
    if (token.isOpen) open = { what: OPEN_NAMES[token.kind]!, line: lineOf(token.start) };
    if (token.kind === "comment") {
      const step = tokens.length === 0 ? SHELL.exec(text.slice(token.start, token.end))?.[1] : undefined;
      if (step) {
        items.push({ kind: "shell", text: step, line: lineOf(token.start) });
        consumed = token.end;
      }
      continue;
    }
    if (token.value === ";") command = undefined;
    else command ??= token.value;
    if (token.value !== ";" || isInBlock(tokens)) tokens.push(token);
    else {
      end(true);
      consumed = at;
    }
  }
  if (!open && isInBlock(tokens)) open = { what: "block", line };
  end(false);
  return { items, consumed, ...(open ? { open } : {}) };
}

/** Whether a block of Snowflake Scripting is open after these tokens of a statement. */
function isInBlock(tokens: readonly Token[]): boolean {
  const isDefinition = tokens[0]?.value === "CREATE" || tokens[0]?.value === "ALTER";
  let at = 0;
  while (at < tokens.length) {
    const before = tokens[at - 1]?.value;
    const mayBegin = at === 0 || (isDefinition && (before === "AS" || before === "THEN"));
    if (mayBegin && beginsBlock(tokens, at)) {
      const after = blockEnd(tokens, at);
      if (after === undefined) return true;
      at = after;
    } else at++;
  }
  return false;
}

/** Gives the line of an offset, for offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let [line, counted] = [1, 0];
  return (offset) => {
    for (; counted < offset; counted++) if (text[counted] === "\n") line++;
    return line;
  };
}

import { TokenKind, type TokenList } from "../lexer/tokens";

/** Words after which, inside a block, a new statement begins. */
const OPENERS: ReadonlySet<string> = new Set(["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "DECLARE"]);
/** Words that may follow END and belong to it. */
const CLOSERS: ReadonlySet<string> = new Set(["IF", "FOR", "WHILE", "LOOP", "REPEAT", "CASE"]);
/** Statements of a block that END closes; CASE, the only one that is an expression too, counts everywhere. */
const COMPOUND: ReadonlySet<string> = new Set(["IF", "FOR", "WHILE", "LOOP", "REPEAT"]);

/**
 * The index of the token that ends the statement beginning at `first`: its semicolon, or End. It looks at words only and
 * so works on statements that do not parse. Semicolons inside Snowflake Scripting blocks end nothing; strings,
 * `$$ ... $$` and comments are single tokens or none.
 */
export function statementEnd(tokens: TokenList, first: number): number {
  const { kinds, values } = tokens;
  const definition = values[first] === "CREATE" || values[first] === "ALTER";
  let at = first;
  while (kinds[at] !== TokenKind.End && values[at] !== ";") {
    const follows = at === first || (definition && (values[at - 1] === "AS" || values[at - 1] === "THEN"));
    at = follows && beginsBlock(tokens, at) ? blockEnd(tokens, at) : at + 1;
  }
  return at;
}

/** Whether the BEGIN or DECLARE here begins a block. `BEGIN` alone and `BEGIN TRANSACTION` begin a transaction. */
function beginsBlock({ kinds, values }: TokenList, at: number): boolean {
  if (values[at] === "DECLARE") return true;
  if (values[at] !== "BEGIN") return false;
  const next = values[at + 1];
  if (kinds[at + 1] === TokenKind.End || next === ";" || next === "->>") return false;
  if (next === "TRANSACTION" || next === "WORK") return false;
  return !(next === "NAME" && (kinds[at + 3] === TokenKind.End || values[at + 3] === ";"));
}

/** The index after the END of the block that begins at `first`; End when it is not closed. */
function blockEnd(tokens: TokenList, first: number): number {
  const { kinds, values } = tokens;
  // A DECLARE section and its BEGIN are one level.
  let declaring = values[first] === "DECLARE";
  let depth = 1;
  for (let at = first + 1; kinds[at] !== TokenKind.End; at++) {
    const word = values[at]!;
    const starts = values[at - 1] === ";" || OPENERS.has(values[at - 1]!);
    if (word === "END" && values[at - 1] !== ".") {
      depth--;
      if (CLOSERS.has(values[at + 1]!)) at++;
      if (depth === 0) return at + 1;
    } else if (word === "CASE" && values[at - 1] !== ".") {
      depth++;
    } else if (starts && word === "DECLARE") {
      declaring = true;
      depth++;
    } else if (starts && word === "BEGIN" && (declaring || beginsBlock(tokens, at))) {
      if (declaring) declaring = false;
      else depth++;
    } else if (starts && COMPOUND.has(word)) {
      depth++;
    }
  }
  return kinds.length - 1;
}

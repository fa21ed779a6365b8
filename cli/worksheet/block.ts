import type { Token } from "./scan";

/** Words after which, inside a block, a new statement begins. */
const OPENERS: ReadonlySet<string> = new Set(["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "DECLARE"]);
/** Statements of a block that END closes, and CASE, which is an expression too. */
const COMPOUND: ReadonlySet<string> = new Set(["IF", "FOR", "WHILE", "LOOP", "REPEAT"]);
/** Words that may follow END and belong to it. */
const CLOSERS: ReadonlySet<string> = new Set([...COMPOUND, "CASE"]);

/**
 * Whether the word here begins a block of Snowflake Scripting. `BEGIN` alone, `BEGIN TRANSACTION`, `BEGIN WORK` and `BEGIN
 * NAME x` begin a transaction. Snowflake documentation: "BEGIN (Snowflake Scripting)", "BEGIN".
 */
export function beginsBlock(tokens: readonly Token[], at: number): boolean {
  const value = (index: number): string | undefined => tokens[index]?.value;
  const ends = (index: number): boolean => tokens[index] === undefined || value(index) === ";";
  if (value(at) === "DECLARE") return true;
  if (value(at) !== "BEGIN" || ends(at + 1)) return false;
  if (["->>", "TRANSACTION", "WORK"].includes(value(at + 1)!)) return false;
  return !(value(at + 1) === "NAME" && ends(at + 3));
}

/**
 * Where the block that begins at `first` ends.
 *
 * @returns the index after its END; undefined when it is open at the last token
 */
export function blockEnd(tokens: readonly Token[], first: number): number | undefined {
  // A DECLARE section and its BEGIN are one level.
  let isDeclaring = tokens[first]!.value === "DECLARE";
  let depth = 1;
  for (let at = first + 1; at < tokens.length; at++) {
    const word = tokens[at]!.value;
    const before = tokens[at - 1]!.value;
    const isPlain = before !== ".";
    const isStart = before === ";" || OPENERS.has(before);
    if (word === "END" && isPlain) {
      if (CLOSERS.has(tokens[at + 1]?.value ?? "")) at++;
      if (--depth === 0) return at + 1;
    } else if (word === "CASE" && isPlain) depth++;
    else if (isStart && word === "DECLARE") {
      isDeclaring = true;
      depth++;
    } else if (isStart && word === "BEGIN" && isDeclaring) isDeclaring = false;
    else if (isStart && (COMPOUND.has(word) || (word === "BEGIN" && beginsBlock(tokens, at)))) depth++;
  }
  return undefined;
}

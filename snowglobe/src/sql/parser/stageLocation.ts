import type { ObjectName } from "../ast/identifier";
import type { StageLocation, StageSource } from "../ast/query";
import { syntaxErrorAt } from "../lexer/position";
import { tokenize } from "../lexer/lexer";
import { unescapeString } from "../lexer/literals";
import { TokenKind } from "../lexer/tokens";
import { TokenCursor } from "./cursor";
import { parseObjectName } from "./identifier";

/** Whether a stage stands here: `@s/p` or `'@s/p'`. */
export function atStageLocation(cursor: TokenCursor, ahead = 0): boolean {
  const kind = cursor.kindAhead(ahead);
  if (kind === TokenKind.Stage) return true;
  return kind === TokenKind.String && cursor.sourceAt(cursor.index + ahead).startsWith("'@");
}

/** `@~/path`, `@%table/path`, `@d.s.stage/path`, bare or in quotes. */
export function parseStageLocation(cursor: TokenCursor): StageLocation {
  if (!atStageLocation(cursor)) throw cursor.unexpected();
  const first = cursor.index;
  const source = cursor.source;
  const text = cursor.kind === TokenKind.Stage ? source : unescapeString(source.slice(1, -1));
  const split = nameEnd(text);
  const path = text.slice(split).replace(/^\//, "");
  const stage = parseStageName(cursor, text.slice(1, split));
  cursor.index++;
  return { stage, path, span: cursor.spanFrom(first) };
}

/** Where the stage's name ends and the path begins: the first slash outside double quotes. */
function nameEnd(text: string): number {
  const slash = indexOutsideQuotes(text, "/");
  return slash < 0 ? text.length : slash;
}

/** Where a character first stands outside double quotes; -1 where it does not. */
function indexOutsideQuotes(text: string, character: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === character && !quoted) return at;
  }
  return -1;
}

function parseStageName(outer: TokenCursor, name: string): StageLocation["stage"] {
  if (name === "~") return { kind: "user" };
  const last = name.lastIndexOf("%");
  if (last !== -1 && indexOutsideQuotes(name, "%") === last) {
    return { kind: "table", name: readName(outer, name.slice(0, last) + name.slice(last + 1)) };
  }
  const named = readName(outer, name);
  const own = named.at(-1)!;
  // No stage has a name that begins so: the whole part may stand in quotes, as in "S"."%T".
  if (own.name.startsWith("%") && own.name.length > 1) {
    return { kind: "table", name: [...named.slice(0, -1), { ...own, name: own.name.slice(1) }] };
  }
  return { kind: "named", name: named };
}

function readName(outer: TokenCursor, text: string): ObjectName {
  const cursor = new TokenCursor(tokenize(text), outer.grammar);
  const atEndOfStage = syntaxErrorAt(outer.tokens.text, outer.start, outer.source);
  if (cursor.atEnd) throw atEndOfStage;
  const name = parseObjectName(cursor);
  if (!cursor.atEnd) throw atEndOfStage;
  // The parts stand inside the location: its span is theirs.
  const span = { start: outer.start, end: outer.tokens.ends[outer.index]! };
  return name.map((part) => ({ ...part, span }));
}

/** A stage in FROM. Source: "Querying data in staged files". */
export function parseStageSource(cursor: TokenCursor): StageSource {
  const first = cursor.index;
  const location = parseStageLocation(cursor);
  let fileFormat: string | undefined;
  let pattern: string | undefined;
  if (cursor.is("(") && (cursor.valueAhead(1) === "FILE_FORMAT" || cursor.valueAhead(1) === "PATTERN")) {
    cursor.expect("(");
    do {
      const name = cursor.expectOneOf("FILE_FORMAT", "PATTERN");
      cursor.expect("=>");
      if (name === "PATTERN") pattern = cursor.string();
      else fileFormat = cursor.atString ? cursor.string() : dottedName(cursor);
    } while (cursor.accept(",") || !cursor.is(")"));
    cursor.expect(")");
  }
  return {
    kind: "stage",
    location,
    ...(fileFormat !== undefined && { fileFormat }),
    ...(pattern !== undefined && { pattern }),
    columnAliases: [],
    span: cursor.spanFrom(first),
  };
}

function dottedName(cursor: TokenCursor): string {
  const first = cursor.index;
  parseObjectName(cursor);
  return cursor.slice(cursor.spanFrom(first));
}

import type { ObjectName } from "./ast/identifier";
import type { TokenCursor } from "./parser/cursor";

/** The cursor's text with all identifiers in double quotes that were read from it in upper case. */
export function foldedText({ tokens, quotedIdentifiers }: TokenCursor): string {
  const { text, starts, ends } = tokens;
  const parts: string[] = [];
  let at = 0;
  // A rule that reads a word again may have counted it twice.
  for (const index of [...new Set(quotedIdentifiers)].sort((a, b) => a - b)) {
    parts.push(text.slice(at, starts[index]), upperCase(text.slice(starts[index], ends[index])));
    at = ends[index]!;
  }
  return parts.join("") + text.slice(at);
}

/** A name that was read from a value, with the parts in double quotes in upper case. */
export function foldQuotedParts(name: ObjectName): ObjectName {
  return name.map((part) => (part.quoted ? { ...part, name: upperCase(part.name) } : part));
}

/** Letters that have no single upper-case letter stay, so that nothing moves. */
function upperCase(text: string): string {
  return Array.from(text, (letter) => {
    const upper = letter.toUpperCase();
    return upper.length === letter.length ? upper : letter;
  }).join("");
}

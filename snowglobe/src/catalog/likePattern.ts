/**
 * A LIKE pattern over names, as SHOW takes it: `%` for any text, `_` for one character, `\\` before either for itself; upper
 * and lower case are the same. Its time grows with the product of both lengths at most: patterns are what anybody types,
 * and a regular expression of JavaScript's can take for ever.
 *
 * Source: "SHOW OBJECTS", LIKE.
 */
export class LikePattern {
  private readonly parts: readonly Part[];

  constructor(pattern: string) {
    this.parts = partsOf(pattern);
  }

  /** @returns whether the whole name matches */
  test(name: string): boolean {
    const { parts } = this;
    const characters = Array.from(name.toUpperCase());
    let part = 0;
    let at = 0;
    // Where to go on when what follows the last `%` does not match: one character further than the last time.
    let afterAny = -1;
    let anyUntil = 0;
    while (at < characters.length) {
      const wanted = parts[part];
      if (wanted === ANY_TEXT) {
        afterAny = ++part;
        anyUntil = at;
      } else if (wanted !== undefined && (wanted === ANY_CHARACTER || wanted === characters[at])) {
        part++;
        at++;
      } else if (afterAny >= 0) {
        part = afterAny;
        at = ++anyUntil;
      } else return false;
    }
    while (parts[part] === ANY_TEXT) part++;
    return part === parts.length;
  }
}

const ANY_TEXT = Symbol("%");
const ANY_CHARACTER = Symbol("_");

/** A character in upper case, or one of the wildcards. */
type Part = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  let escaped = false;
  for (const character of pattern) {
    if (escaped) parts.push(...character.toUpperCase());
    else if (character === "\\") {
      escaped = true;
      continue;
    } else if (character === "%") {
      if (parts.at(-1) !== ANY_TEXT) parts.push(ANY_TEXT);
    } else if (character === "_") parts.push(ANY_CHARACTER);
    else parts.push(...character.toUpperCase());
    escaped = false;
  }
  return parts;
}

const CODES: Readonly<Record<string, string>> = {
  B: "1",
  F: "1",
  P: "1",
  V: "1",
  C: "2",
  G: "2",
  J: "2",
  K: "2",
  Q: "2",
  S: "2",
  X: "2",
  Z: "2",
  D: "3",
  T: "3",
  L: "4",
  M: "5",
  N: "5",
  R: "6",
};

/**
 * A letter and three digits for how a text sounds. H and W do not part letters of one code, vowels do.
 *
 * @param keepsSecond the variant that keeps the second letter's code where it is that of the first
 *
 * Source: "SOUNDEX", "SOUNDEX_P123".
 */
export function soundex(text: string, keepsSecond: boolean): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, "");
  if (letters === "") return "";
  let made = letters[0]!;
  let last = keepsSecond ? "" : (CODES[letters[0]!] ?? "");
  for (const letter of letters.slice(1)) {
    const code = CODES[letter];
    if (code !== undefined && code !== last) made += code;
    if (made.length === 4) break;
    if (letter !== "H" && letter !== "W") last = code ?? "";
  }
  return made.padEnd(4, "0");
}

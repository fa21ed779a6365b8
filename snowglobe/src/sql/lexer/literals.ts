const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

const ESCAPE = /''|\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{2}|[1-7])|([\s\S]))/g;

/**
 * The value of a single-quoted literal, given what stands between its quotes. Source: "String & binary data types",
 * escape sequences in single-quoted string constants. A backslash before any other character is dropped.
 */
export function unescapeString(inner: string): string {
  if (!inner.includes("\\") && !inner.includes("'")) return inner;
  return inner.replace(ESCAPE, (all, unicode?: string, hex?: string, octal?: string, other?: string) => {
    if (all === "''") return "'";
    if (unicode !== undefined) return String.fromCharCode(parseInt(unicode, 16));
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    return SIMPLE_ESCAPES[other!] ?? other!;
  });
}

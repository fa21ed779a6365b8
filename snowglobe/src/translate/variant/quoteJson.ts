/** A text as a JSON string, with the very escapes that DuckDB's `to_json` makes, so that equal texts are equal. */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
}

/** The order of keys in stored objects: by code points. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
  }
  return x.length - y.length;
}

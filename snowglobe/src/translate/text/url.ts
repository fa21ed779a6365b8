import { SnowflakeError } from "../../errors";
import { compareKeys, quoteJson } from "../variant/quoteJson";

/**
 * The parts of a URL as a stored OBJECT. Source: "PARSE_URL".
 *
 * @param permissive whether what is wrong becomes the member `error`
 * @throws SnowflakeError 100139
 */
export function parseUrl(url: string, permissive: boolean): string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url);
  const known = scheme !== null && !/^\d+(?:[/?#]|$)/.test(url.slice(scheme[0].length));
  if (!known) {
    if (permissive) return '{"error":"scheme not specified"}';
    throw new SnowflakeError("100139", "22000", "Error parsing URL: scheme not specified");
  }
  let rest = url.slice(scheme[0].length);
  const fragment = cutFrom(rest, "#");
  rest = fragment.before;
  const query = cutFrom(rest, "?");
  rest = query.before;
  let host: string | null = null;
  let port: string | null = null;
  if (rest.startsWith("//")) {
    const authority = rest.slice(2).split("/", 1)[0]!;
    rest = rest.slice(2 + authority.length).replace(/^\//, "");
    const colon = authority.lastIndexOf(":");
    const hasPort = colon >= 0 && /^\d+$/.test(authority.slice(colon + 1));
    host = hasPort ? authority.slice(0, colon) : authority;
    port = hasPort ? authority.slice(colon + 1) : null;
  }
  const text = (value: string | null): string => (value === null ? "null" : quoteJson(value));
  return `{"fragment":${text(fragment.after)},"host":${text(host)},"parameters":${parameters(query.after)},"path":${text(rest)},"port":${text(port)},"query":${text(query.after)},"scheme":${text(scheme[1]!)}}`;
}

function cutFrom(text: string, mark: string): { before: string; after: string | null } {
  const at = text.indexOf(mark);
  return at < 0 ? { before: text, after: null } : { before: text.slice(0, at), after: text.slice(at + 1) };
}

function parameters(query: string | null): string {
  if (query === null || query === "") return "null";
  const values = new Map<string, string | null>();
  for (const part of query.split("&")) {
    const { before, after } = cutFrom(part, "=");
    values.set(decoded(before), after === null ? null : decoded(after));
  }
  const keys = [...values.keys()].sort(compareKeys);
  const member = (key: string): string => {
    const value = values.get(key)!;
    return `${quoteJson(key)}:${value === null ? "null" : quoteJson(value)}`;
  };
  return `{${keys.map(member).join(",")}}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

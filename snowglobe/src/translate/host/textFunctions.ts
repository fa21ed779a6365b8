import { createHash } from "node:crypto";
import { SnowflakeError } from "../../errors";
import type { HostFunction } from "../../storage";
import { decodeBase64, encodeBase64 } from "../binary/base64";
import { jaroWinkler } from "../text/jaroWinkler";
import { soundex } from "../text/soundex";
import { parseUrl } from "../text/url";

/** A UUID of version 5. Source: "UUID_STRING". */
function namedUuid(namespace: string, name: string): string {
  const hex = namespace.replaceAll("-", "");
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) {
    throw new SnowflakeError("100316", "22023", `'${namespace}' is not a valid UUID`);
  }
  const digest = createHash("sha1").update(Buffer.from(hex, "hex")).update(name, "utf8").digest().subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes as a text; null where they are none in UTF-8. */
function tryUtf8(hex: string): string | null {
  try {
    return utf8.decode(Buffer.from(hex, "hex"));
  } catch {
    return null;
  }
}

/** Most frequent values with their counts. @param entries DuckDB's entries of a histogram over stored VARIANTs */
function topValues(entries: string, most: string): string {
  const counts = JSON.parse(entries) as { key: string; value: number }[];
  counts.sort((a, b) => b.value - a.value);
  const pairs = counts.slice(0, Number(most)).map(({ key, value }) => `[${key},${value}]`);
  return `[${pairs.join(",")}]`;
}

export const textFunctions: readonly HostFunction[] = [
  { name: "host_named_uuid", parameters: 2, call: namedUuid },
  { name: "host_parse_url", parameters: 2, call: (url, permissive) => parseUrl(url, permissive === "1") },
  { name: "host_soundex", parameters: 2, call: (text, keepsSecond) => soundex(text, keepsSecond === "true") },
  {
    name: "host_sha2",
    parameters: 2,
    call: (hex, bits) => createHash(`sha${bits}`).update(Buffer.from(hex, "hex")).digest("hex"),
  },
  { name: "host_jaro_winkler", parameters: 2, call: (left, right) => String(jaroWinkler(left, right)) },
  { name: "host_base64", parameters: 3, call: (hex, length, alphabet) => encodeBase64(hex, Number(length), alphabet) },
  { name: "host_base64_bytes", parameters: 2, call: (text, alphabet) => decodeBase64(text, alphabet) ?? null },
  { name: "host_try_utf8", parameters: 1, call: tryUtf8 },
  { name: "host_top_values", parameters: 2, call: topValues },
];

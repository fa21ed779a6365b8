import { SnowflakeError } from "../../errors";

/** The characters of the indexes 62 and 63, and the padding. */
interface Alphabet {
  readonly last: readonly [string, string];
  readonly padding: string;
}

/** @param text up to three ASCII characters; those that are left out are the usual ones */
function alphabetOf(text: string): Alphabet {
  if (!/^[ -~]{0,3}$/.test(text)) {
    throw new SnowflakeError("100115", "22023", `'${text}' is no alphabet of Base64: up to three ASCII characters`);
  }
  return { last: [text[0] ?? "+", text[1] ?? "/"], padding: text[2] ?? "=" };
}

/** @param lineLength characters of a line, 0 for one line. Source: "BASE64_ENCODE" */
export function encodeBase64(hex: string, lineLength: number, alphabet: string): string {
  const { last, padding } = alphabetOf(alphabet);
  const letters: Readonly<Record<string, string>> = { "+": last[0], "/": last[1], "=": padding };
  const text = Buffer.from(hex, "hex")
    .toString("base64")
    .replace(/[+/=]/g, (letter) => letters[letter]!);
  if (lineLength <= 0) return text;
  return (text.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? []).join("\n");
}

/** The bytes in hexadecimal; undefined for what is no Base64. Source: "BASE64_DECODE_STRING" */
export function decodeBase64(text: string, alphabet: string): string | undefined {
  const { last, padding } = alphabetOf(alphabet);
  const own = new Map([
    [last[0], "+"],
    [last[1], "/"],
    [padding, "="],
  ]);
  const plain = [...text.replace(/\s/g, "")].map((letter) => own.get(letter) ?? (/[+/=]/.test(letter) ? "!" : letter));
  const joined = plain.join("");
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(joined)) return undefined;
  return Buffer.from(joined, "base64").toString("hex");
}

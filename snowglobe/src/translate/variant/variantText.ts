import { endOfString } from "./elements";
import { exponentText } from "./numberText";
import { readTag, TAGS } from "./tags";

/**
 * A stored VARIANT as Snowflake shows it: DOUBLEs with an exponent, `undefined` for elements that are not there, dates
 * and times as texts. Timestamps have three decimals.
 *
 * @param indent spaces for each level, as JSON_INDENT says; 0: all on one line
 *
 * Source: "TO_JSON", "JSON_INDENT", "ARRAY_INSERT" (examples).
 */
export function variantText(stored: string, indent = 0): string {
  let made = "";
  let depth = 0;
  const line = (): string => (indent > 0 ? `\n${" ".repeat(depth * indent)}` : "");
  for (let at = 0; at < stored.length;) {
    const letter = stored[at]!;
    if (letter === '"') {
      const end = endOfString(stored, at);
      made += scalarText(stored.slice(at, end));
      at = end;
      continue;
    }
    at += 1;
    if (letter === "{" || letter === "[") {
      const empty = stored[at] === "}" || stored[at] === "]";
      depth += 1;
      made += letter + (empty ? "" : line());
    } else if (letter === "}" || letter === "]") {
      const empty = stored[at - 2] === "{" || stored[at - 2] === "[";
      depth -= 1;
      made += (empty ? "" : line()) + letter;
    } else if (letter === ",") made += letter + line();
    else if (letter === ":") made += indent > 0 ? ": " : letter;
    else made += letter;
  }
  return made;
}

/** A stored VARIANT as TO_VARCHAR gives it: scalars without quotes, DOUBLEs in short. */
export function plainText(stored: string): string {
  const tag = readTag(stored);
  if (!tag) return variantText(stored);
  if (tag.letter === TAGS.DOUBLE) return tag.text;
  return scalarText(stored).replace(/^"|"$/g, "");
}

function scalarText(stored: string): string {
  const tag = readTag(stored);
  if (!tag) return stored;
  switch (tag.letter) {
    case TAGS.UNDEFINED:
      return "undefined";
    case TAGS.DOUBLE:
      return exponentText(tag.text);
    case TAGS.DECIMAL:
      return tag.text;
    case TAGS.TIMESTAMP_NTZ:
    case TAGS.TIMESTAMP_LTZ:
    case TAGS.TIMESTAMP_TZ:
      return `"${tag.text.replace(/(\.\d{3})\d*/, "$1")}"`;
    case TAGS.TIME:
      return `"${tag.text.replace(/\.\d*/, "")}"`;
    default:
      return `"${tag.text}"`;
  }
}

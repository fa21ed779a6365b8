/**
 * Compact JSON with a line for each element, as clients get semi-structured values. Source: "Parameters", JSON_INDENT.
 *
 * @param indent blanks for each level; 0 leaves the text as it is
 */
export function indentJson(text: string, indent: number): string {
  if (indent === 0 || (text[0] !== "{" && text[0] !== "[")) return text;
  let made = "";
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    switch (letter) {
      case '"': {
        const end = endOfString(text, at);
        made += text.slice(at, end);
        at = end - 1;
        break;
      }
      case "{":
      case "[": {
        depth += 1;
        const empty = text[at + 1] === "}" || text[at + 1] === "]";
        made += empty ? letter : `${letter}${line(depth, indent)}`;
        break;
      }
      case "}":
      case "]": {
        depth -= 1;
        const empty = text[at - 1] === "{" || text[at - 1] === "[";
        made += empty ? letter : `${line(depth, indent)}${letter}`;
        break;
      }
      case ",":
        made += `,${line(depth, indent)}`;
        break;
      case ":":
        made += ": ";
        break;
      default:
        made += letter;
    }
  }
  return made;
}

/** Levels beyond are not moved further: the blanks of 10,000 levels are 200 MB. */
const DEEPEST = 200;

function line(depth: number, indent: number): string {
  return `\n${" ".repeat(Math.min(depth, DEEPEST) * indent)}`;
}

/** The position behind the quote that ends the string whose quote stands at `at`. */
function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

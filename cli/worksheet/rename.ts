import type { WorkshopNames } from "../../components/naming";
import { scanToken, skipBlanks } from "./scan";

/** The names that an attendee's prefix changes. */
const RENAMED = [
  "warehouse",
  "rawDatabase",
  "analyticsDatabase",
  "analyticsSchema",
  "loaderRole",
  "transformerRole",
  "analystRole",
  "emailIntegration",
] as const;

/**
 * A worksheet of the workshop's own with an attendee's names in place of the shared ones: words, and string literals that
 * are such a name and nothing else. Other worksheets mean what they say and are left alone.
 *
 * @param from names that the worksheet is written with
 */
export function renameObjects(text: string, from: WorkshopNames, to: WorkshopNames): string {
  const names = new Map(RENAMED.map((key) => [from[key], to[key]]));
  let result = "";
  for (let at = 0; at < text.length;) {
    const begin = skipBlanks(text, at);
    result += text.slice(at, begin);
    if (begin === text.length) break;
    // A path on this computer or in a stage is left alone: it is one token either way.
    const { kind, start, end, value } = scanToken(text, begin, true);
    const token = text.slice(start, end);
    const literal = kind === "string" ? /^'([^']*)'$/.exec(token)?.[1]?.toUpperCase() : undefined;
    const name = names.get(kind === "word" ? value : (literal ?? ""));
    result += name === undefined ? token : literal === undefined ? name : `'${name}'`;
    at = end;
  }
  return result;
}

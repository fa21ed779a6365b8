import { createTwoFilesPatch } from "diff";
import type { PropertyChange } from "../output/propertyChanges";
import { changedFiles } from "../../components/contentDigest";

/** The longest value that stands in a line; what is longer or has several lines is told as a difference. */
const MOST_INLINE = 80;

/** Variables of the stack's commands that only say that something else has changed, and what that is. */
const MARKS: Readonly<Record<string, string>> = {
  "environment.WORKSHOP_LOAD": "the loans are loaded anew",
  "environment.WORKSHOP_SCHEMA_INCARNATION": "its schema is made anew",
  "environment.WORKSHOP_REPAIR": "what it made was changed by hand",
};

/** Files of dbt with their digests (components/contentDigests, dbtContent). */
const CONTENT = "environment.WORKSHOP_CONTENT";

/** A property's change in words, with both values where they fit in a line. */
export function inlineText(change: PropertyChange): string {
  const { path, before = "", after = "" } = change;
  if (MARKS[path] !== undefined) return MARKS[path];
  if (path === CONTENT)
    return before.includes("\n") ? `runs for ${changedFiles(before, after).join(", ")}` : "runs for changed files";
  if (isLong(change)) return path;
  const name = path.replace(/^environment\./, "");
  return `${name}: ${change.before ?? "(none)"} → ${change.after ?? "(none)"}`;
}

/** The lines that differ of a property that {@link inlineText} only names, in the unified form without its heading. */
export function differenceText({ path, before = "", after = "" }: PropertyChange): string {
  const patch = createTwoFilesPatch(path, path, ended(before), ended(after));
  return patch.slice(patch.indexOf("@@")).trimEnd();
}

/** Whether a property's values are told as a difference. */
export function isLong({ path, before = "", after = "" }: PropertyChange): boolean {
  return (
    path !== CONTENT &&
    MARKS[path] === undefined &&
    [before, after].some((v) => v.length > MOST_INLINE || v.includes("\n"))
  );
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

import { entries, members } from "./elements";
import { UNDEFINED_ELEMENT } from "./tags";

/**
 * The steps of a path in JavaScript's notation: keys and indexes. Parts that are none are left out.
 * Source: "GET_PATH", usage notes.
 */
export function pathSteps(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (const match of path.matchAll(/\[\s*(\d+)\s*\]|\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|"([^"]*)"|([^.[\]:"]+)/g)) {
    steps.push(match[1] === undefined ? (match[2] ?? match[3] ?? match[4] ?? match[5])! : Number(match[1]));
  }
  return steps;
}

/** What lies at a path of a stored VARIANT; null where there is nothing. */
export function atPath(stored: string, path: string): string | null {
  let at: string | undefined = stored;
  for (const step of pathSteps(path)) {
    if (at === undefined) break;
    if (typeof step === "number") at = at.startsWith("[") ? members(at)[step] : undefined;
    else at = at.startsWith("{") ? entries(at).find(([key]) => key === step)?.[1] : undefined;
  }
  return at === undefined || at === UNDEFINED_ELEMENT ? null : at;
}

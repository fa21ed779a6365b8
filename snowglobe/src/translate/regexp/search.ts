import { groupCount, type Match, matchesOf } from "./patterns";

/** What a search asks for; texts as they come from SQL. */
export interface Search {
  readonly subject: string;
  readonly pattern: string;
  /** From 1, in characters. */
  readonly position: number;
  /** From 1. */
  readonly occurrence: number;
  readonly parameters: string;
  /** Which group counts, 0 for the whole; undefined where the parameters decide. */
  readonly group?: number;
}

/** The UTF-16 unit where the n-th character begins. */
function unitOf(text: string, character: number): number {
  let unit = 0;
  for (let at = 1; at < character && unit < text.length; at++) unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
  return unit;
}

/** The character, from 1, that begins at a UTF-16 unit. */
function characterOf(text: string, unit: number): number {
  return [...text.slice(0, unit)].length + 1;
}

function matches(search: Search): Generator<Match> {
  // A position behind the end finds nothing.
  const from = search.position > search.subject.length + 1 ? Infinity : unitOf(search.subject, search.position);
  return matchesOf(search.subject, search.pattern, search.parameters, from);
}

function nth(search: Search): Match | undefined {
  let left = search.occurrence;
  for (const match of matches(search)) {
    left -= 1;
    if (left === 0) return match;
  }
  return undefined;
}

/** The group that counts; undefined where the pattern has none of that number. Parameter e: the first if there is one. */
function chosenGroup(search: Search): number | undefined {
  const count = search.pattern === "" ? 0 : groupCount(search.pattern, search.parameters);
  if (search.group === undefined) return search.parameters.includes("e") ? Math.min(count, 1) : 0;
  return search.group <= count ? search.group : undefined;
}

function textOf({ subject }: Search, match: Match, group: number): string | null {
  return match.start(group) < 0 ? null : subject.slice(match.start(group), match.end(group));
}

/** Source: "REGEXP_SUBSTR". */
export function substring(search: Search): string | null {
  const group = chosenGroup(search);
  const match = group === undefined ? undefined : nth(search);
  return match ? textOf(search, match, group!) : null;
}

/** The texts of an occurrence and all after it; null where the pattern has no such group. Source: "REGEXP_SUBSTR_ALL". */
export function substrings(search: Search): readonly (string | null)[] | null {
  const group = chosenGroup(search);
  if (group === undefined) return null;
  return [...matches(search)].slice(search.occurrence - 1).map((match) => textOf(search, match, group));
}

/** Where a match begins, or what follows it; 0 without one. Source: "REGEXP_INSTR". */
export function position(search: Search, behind: boolean): number | null {
  const group = chosenGroup(search);
  if (group === undefined) return null;
  const match = nth(search);
  const unit = match ? (behind ? match.end(group) : match.start(group)) : -1;
  return unit < 0 ? 0 : characterOf(search.subject, unit);
}

/** Source: "REGEXP_COUNT". */
export function count(search: Search): number {
  let found = 0;
  for (const match of matches(search)) found += match ? 1 : 0;
  return found;
}

/** One occurrence replaced, or all where it is 0; `\1` to `\9` stand for groups, `\0` for all. Source: "REGEXP_REPLACE". */
export function replaced(search: Search, replacement: string): string {
  let made = "";
  let copied = 0;
  let occurrence = 0;
  for (const match of matches(search)) {
    occurrence += 1;
    if (search.occurrence !== 0 && occurrence !== search.occurrence) continue;
    made += search.subject.slice(copied, match.start(0));
    made += replacement.replace(/\\([0-9\\])/g, (_, letter: string) =>
      letter === "\\" ? "\\" : (referenced(search, match, Number(letter)) ?? ""),
    );
    copied = match.end(0);
    if (search.occurrence !== 0) break;
  }
  return made + search.subject.slice(copied);
}

function referenced(search: Search, match: Match, group: number): string | null {
  return group <= groupCount(search.pattern, search.parameters) ? textOf(search, match, group) : null;
}

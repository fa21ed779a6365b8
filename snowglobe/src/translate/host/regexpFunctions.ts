import { SnowflakeError } from "../../errors";
import type { HostFunction } from "../../storage";
import { inlineFlags } from "../regexp/patterns";
import { count, position, replaced, type Search, substring, substrings } from "../regexp/search";
import { arrayOf } from "../variant/elements";
import { quoteJson } from "../variant/quoteJson";
import { UNDEFINED_ELEMENT } from "../variant/tags";

/** The arguments that the functions have in common. @param group empty where none was given */
function searchOf(texts: readonly string[]): Search {
  const [subject = "", pattern = "", at = "1", occurrence = "1", parameters = "c", group = ""] = texts;
  const search = { subject, pattern, parameters, position: Number(at), occurrence: Number(occurrence) };
  if (search.position < 1 || search.occurrence < 0 || Number(group) < 0) {
    throw new SnowflakeError(
      "100047",
      "2201B",
      "Invalid parameter value of a regular expression function: it must be positive",
    );
  }
  return group === "" ? search : { ...search, group: Number(group) };
}

/** What DuckDB's own functions of regular expressions have not: positions, occurrences, and groups that may be missing. */
export const regexpFunctions: readonly HostFunction[] = [
  { name: "host_regexp_flags", parameters: 1, call: inlineFlags },
  { name: "host_regexp_substr", parameters: 6, call: (...texts) => substring(searchOf(texts)) },
  {
    name: "host_regexp_substr_all",
    parameters: 6,
    call: (...texts) => {
      const found = substrings(searchOf(texts));
      return found && arrayOf(found.map((text) => (text === null ? UNDEFINED_ELEMENT : quoteJson(text))));
    },
  },
  {
    name: "host_regexp_instr",
    parameters: 7,
    call: (...texts) => {
      const found = position(searchOf([...texts.slice(0, 4), ...texts.slice(5)]), texts[4] === "1");
      return found === null ? null : String(found);
    },
  },
  {
    name: "host_regexp_count",
    parameters: 4,
    call: (...[s, p, at, flags]) => String(count(searchOf([s!, p!, at!, "1", flags!]))),
  },
  {
    name: "host_regexp_replace",
    parameters: 6,
    call: (...[s, p, replacement, at, occurrence, flags]) =>
      replaced(searchOf([s!, p!, at!, occurrence!, flags!]), replacement!),
  },
];

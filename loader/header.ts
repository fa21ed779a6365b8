import { COLUMNS, HEADER_ALIASES } from "./columns";
import { shown, SourceError } from "./errors";

/** What other programs put between fields, and how a message calls it. */
const OTHER_SEPARATORS: readonly (readonly [separator: string, name: string])[] = [
  [";", "';'"],
  ["\t", "a tab"],
  ["|", "'|'"],
];
/** So many of the table's columns in one line make it a heading. */
const ENOUGH_COLUMNS = 3;

const KNOWN: ReadonlySet<string> = new Set(COLUMNS.map(({ name }) => name));

/** Whether a file's first line is one of text above its heading, as in the lender's own files. */
export function isRemarkAbove(fields: readonly string[]): boolean {
  return fields.length === 1 && otherSeparator(fields) === undefined;
}

/**
 * For each column of the table the field of the source that holds it. Headings are compared without regard to case
 * and to blanks around them; a few have a second name (see HEADER_ALIASES).
 *
 * @throws SourceError that names missing, unknown, unnamed and repeated columns, another separator than the comma, or
 *   says that there is no heading
 */
export function readHeader(fields: readonly string[]): number[] {
  const separator = otherSeparator(fields);
  if (separator !== undefined) {
    throw new SourceError(`The source's fields are separated by ${separator}, not by commas: save it with commas`);
  }
  const found = new Map<string, number>();
  const extra: string[] = [];
  const unnamed: number[] = [];
  const repeated: string[] = [];
  fields.forEach((field, index) => {
    const name = columnName(field);
    if (name === "") unnamed.push(index);
    else if (!KNOWN.has(name)) extra.push(shown(field.trim()));
    else if (found.has(name)) repeated.push(name);
    else found.set(name, index);
  });
  if (found.size === 0 && fields.length >= COLUMNS.length / 2) {
    throw new SourceError(
      `The source has no heading: its first line holds none of the ${COLUMNS.length} columns of PERSONAL_LOANS`,
    );
  }
  const missing = COLUMNS.map(({ name }) => name).filter((name) => !found.has(name));
  const faults = [
    ...list("lacks", missing),
    ...list("has the unknown", extra),
    ...unnamed.map((index) => unnamedColumn(index, fields.length)),
    ...list("repeats the", [...new Set(repeated)]),
  ];
  if (faults.length > 0) {
    throw new SourceError(
      `The source's heading ${faults.join(" and ")}: it must hold the ${COLUMNS.length} columns of PERSONAL_LOANS`,
    );
  }
  return COLUMNS.map(({ name }) => found.get(name)!);
}

function columnName(field: string): string {
  const upper = field.trim().toUpperCase();
  return HEADER_ALIASES.get(upper) ?? upper;
}

/** How fields seem to be separated when it is not by commas. */
function otherSeparator(fields: readonly string[]): string | undefined {
  const line = fields.join(",");
  return OTHER_SEPARATORS.find(([separator]) => {
    const names = line.split(separator).map((name) => columnName(name.replaceAll('"', "")));
    return names.filter((name) => KNOWN.has(name)).length >= ENOUGH_COLUMNS;
  })?.[1];
}

function unnamedColumn(index: number, count: number): string {
  if (index === 0) return "has an unnamed column at its beginning (a row index? pandas leaves it out by index=False)";
  if (index === count - 1) return "has an unnamed column at its end (does each line end with a comma?)";
  return `has an unnamed column at position ${index + 1}`;
}

function list(verb: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const some = names.slice(0, 10).join(", ");
  const rest = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return [`${verb} ${names.length === 1 ? "column" : "columns"} ${some}${rest}`];
}

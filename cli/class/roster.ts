import { readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { parse } from "csv-parse/sync";
import { attendeeProblem } from "../../components/naming";
import { UsageError, messageOf } from "../errors";

/** Who is in a class, in the order in which they were named. */
export interface Roster {
  readonly attendees: readonly string[];
  /** Columns of the file that say nothing to the workshop. */
  readonly unusedColumns: readonly string[];
}

/** More at once than any class has; a number beyond is a slip of the finger. */
const MOST = 200;

/**
 * The attendees that an option names: a number (`3` for attendee01 to attendee03), names with commas between them, or a
 * CSV file with a column `attendee`.
 *
 * @param text the option
 * @param cwd folder that a relative path begins at
 * @throws UsageError that names what cannot be used, and where it stands
 */
export function readRoster(text: string, cwd: string): Roster {
  if (/^\d+$/.test(text)) return { attendees: numbered(Number(text)), unusedColumns: [] };
  const file = path.resolve(cwd, text);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return fromFile(file, text);
  const names = text.split(",").map((name) => name.trim());
  const isNames = names.every((name) => attendeeProblem(name) === undefined);
  if (!isNames)
    throw new UsageError(
      `--attendees '${text}' is neither a number, nor names with commas between them, nor a file that is there.`,
    );
  return { attendees: unique(names.map((name) => ({ name, where: `--attendees '${text}'` }))), unusedColumns: [] };
}

function numbered(count: number): string[] {
  if (count < 1 || count > MOST) throw new UsageError(`--attendees ${count}: give 1 to ${MOST}.`);
  const width = Math.max(2, String(count).length);
  return Array.from({ length: count }, (_, i) => `attendee${String(i + 1).padStart(width, "0")}`);
}

function fromFile(file: string, shown: string): Roster {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    rows = parse(readFileSync(file), { bom: true, columns: headings, skip_empty_lines: true, trim: true, info: true });
  } catch (error) {
    throw new UsageError(`${shown} cannot be read as CSV: ${messageOf(error)}`);
  }
  const columns = Object.keys(rows[0]?.record ?? {});
  if (rows.length > 0 && !columns.includes("attendee"))
    throw new UsageError(`${shown} has no column 'attendee': its first line is to name the columns.`);
  if (rows.length === 0) throw new UsageError(`${shown} names nobody: a column 'attendee' with a name in each line.`);
  const named = rows.map(({ record, info }) => ({ name: record.attendee!, where: `${shown}, line ${info.lines}` }));
  return { attendees: unique(named), unusedColumns: columns.filter((column) => column !== "attendee") };
}

function headings(names: string[]): string[] {
  return names.map((name) => (/^attendee$/i.test(name) ? "attendee" : name));
}

/** Names that can be used, each once. Snowflake knows no case here. */
function unique(named: readonly { readonly name: string; readonly where: string }[]): string[] {
  const seen = new Set<string>();
  for (const { name, where } of named) {
    const problem = attendeeProblem(name);
    if (problem) throw new UsageError(`${where}: '${name}' ${problem}`);
    if (seen.has(name.toLowerCase())) throw new UsageError(`${where}: '${name}' is there twice.`);
    seen.add(name.toLowerCase());
  }
  return named.map(({ name }) => name);
}

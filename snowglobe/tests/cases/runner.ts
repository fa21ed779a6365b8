import type { Case, CaseFile, Expected } from "./caseFile";
import { columnForms } from "./columnForm";
import { matches, show, type Seen } from "./values";

/** What a driver gave. */
export interface Answer {
  readonly rows: readonly (readonly Seen[])[];
  /** As the driver tells types: with precision and scale as far as it knows them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** How a driver told a failure; the code has six digits. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A driver's connection, as cases use it. */
export interface CaseClient {
  execute(sql: string): Promise<Answer>;
  /** @returns undefined for what is no answer of Snowflake's */
  failure(error: unknown): Failure | undefined;
}

/** The schema in which a file runs. */
export function schemaOf({ name }: CaseFile): string {
  return `cases_${name.replace(/\W/g, "_")}`;
}

/** The session that every file begins with. */
function preparation(file: CaseFile): readonly string[] {
  return [`create or replace schema ${schemaOf(file)}`, "alter session set timezone = 'America/Los_Angeles'"];
}

/**
 * Runs the cases of a file one after the other.
 *
 * @param passed told of each case that is right
 * @returns what is wrong, a text for each case that is
 */
export async function runCases(
  file: CaseFile,
  client: CaseClient,
  passed: (name: string) => void = () => undefined,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const sql of preparation(file)) await client.execute(sql);
  for (const one of file.cases) {
    const complaint = (await complaintOf(one, client)) ?? (await complaintOfColumns(one, client));
    const name = `${file.name}.case:${one.line}: ${one.page}: ${one.title}`;
    if (complaint) wrong.push(`${name}\n  ${one.sql}\n  ${complaint}`);
    else if (one.expected.kind !== "success") passed(name);
  }
  return wrong;
}

/** What a driver said to a statement: rows, or how it failed. */
async function ask(sql: string, client: CaseClient): Promise<Answer | Failure> {
  try {
    return await client.execute(sql);
  } catch (error) {
    const failure = client.failure(error);
    if (!failure) throw error;
    return failure;
  }
}

/** An argument that must be constant, may not be a column here, or is a date part: no answer is no wrong answer. */
const REFUSALS = ["000002", "001007", "001015"];

/** What is wrong when the constants of a case come from columns; see columnForms. */
async function complaintOfColumns({ sql, expected }: Case, client: CaseClient): Promise<string | undefined> {
  const forms = expected.kind === "success" ? undefined : columnForms(sql);
  if (!forms) return undefined;
  const values: Expected = expected.kind === "rows" ? { ...expected, columns: undefined } : expected;
  const complaint = async (form: string): Promise<string | undefined> => {
    const answer = await ask(form, client);
    if ("code" in answer && (REFUSALS.includes(answer.code) || (expected.kind === "error" && answer.code !== "000603")))
      return undefined;
    const wrong = judged(answer, values);
    return wrong && `over columns: ${form}\n  ${wrong}`;
  };
  for (const form of [forms.all, ...forms.each]) {
    const wrong = await complaint(form);
    if (wrong) return wrong;
  }
  return undefined;
}

async function complaintOf({ sql, expected }: Case, client: CaseClient): Promise<string | undefined> {
  return judged(await ask(sql, client), expected);
}

/** What is wrong with an answer. */
function judged(answer: Answer | Failure, expected: Expected): string | undefined {
  if ("code" in answer) {
    const said = `${answer.code}: ${answer.message.replace(/\s*\n\s*/g, " ")}`;
    if (expected.kind !== "error") return `failed: ${said}`;
    const right = answer.code === expected.code && answer.message.includes(expected.text);
    return right ? undefined : `expected error ${expected.code} ${expected.text}, got ${said}`;
  }
  if (expected.kind === "success") return undefined;
  const rows = answer.rows.map((row) => `| ${row.map(show).join(" | ")}`);
  if (expected.kind === "error") return `expected error ${expected.code}, got\n  ${rows.join("\n  ")}`;
  if (expected.columns) {
    const got = answer.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
    const right =
      expected.columns.length === answer.columns.length &&
      expected.columns.every(({ name, type }, index) => {
        const column = answer.columns[index]!;
        // A driver that does not know precision and scale tells the kind alone.
        return name === column.name && (type === column.type || type.replace(/\(.*/, "") === column.type);
      });
    if (!right) return `expected columns ${expected.columns.map((c) => `${c.name} ${c.type}`).join(", ")}, got ${got}`;
  }
  const left = [...answer.rows];
  const complete =
    left.length === expected.rows.length &&
    expected.rows.every((cells, index) => {
      const fits = (row: readonly Seen[]): boolean =>
        row.length === cells.length && cells.every((cell, at) => matches(row[at]!, cell));
      if (expected.ordered) return fits(left[index]!);
      const at = left.findIndex(fits);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
  if (complete) return undefined;
  const wanted = expected.rows.map((row) => `| ${row.join(" | ")}`);
  return `expected\n  ${wanted.join("\n  ") || "no row"}\n  got\n  ${rows.join("\n  ") || "no row"}`;
}

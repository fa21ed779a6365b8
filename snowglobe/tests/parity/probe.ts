import type { NodeClient } from "../server/nodeDriver";

/** A cell as text, the way a worksheet prints it; null for NULL. */
export type Cell = string | null;

/**
 * What Snowflake documents for a probe.
 * - a text or null: one row with one value
 * - a list: rows, each a list of cells
 * - `error`: the statement fails, and this is in the message
 * - `refused`: Snowflake does it, this stand-in says that it does not, by this name
 */
export type Expectation =
  Cell | readonly (readonly Cell[])[] | { readonly error: string } | { readonly refused: string };

/** A statement that runs before the probe's own, or seconds that the clock moves on by. */
export type Step = string | number;

/** One row of docs/parity.md. */
export interface Probe {
  /** What is looked at: a statement, a function, a behaviour. */
  readonly what: string;
  /** The statement whose answer counts. */
  readonly sql: string;
  /** What Snowflake documents. */
  readonly expected: Expectation;
  /** What has to be there; runs in the same session. */
  readonly before?: readonly Step[];
  /** Title of the documentation page, where it is another than the section's. */
  readonly page?: string;
  /** An answer that is known not to be Snowflake's, and why it is as it is. Without it a differing answer is a failure. */
  readonly differs?: string;
  /** Runs the statement in another way than by `execute`, and says what to compare. */
  readonly by?: (client: NodeClient, sql: string) => Promise<Cell>;
}

/** Probes that share a session and a schema of their own. */
export interface Section {
  readonly title: string;
  /** Title of Snowflake's documentation page that the probes follow, unless they name another. */
  readonly page: string;
  /** Runs once, before the first probe. */
  readonly before?: readonly Step[];
  readonly probes: readonly Probe[];
}

/** A probe of a whole statement. */
export function probe(
  what: string,
  sql: string,
  expected: Expectation,
  more: Omit<Probe, "what" | "sql" | "expected"> = {},
): Probe {
  return { what, sql, expected, ...more };
}

/** A probe of an expression: `SELECT expression`. Named by what stands before the bracket. */
export function value(expression: string, expected: Cell, more: Partial<Omit<Probe, "sql" | "expected">> = {}): Probe {
  const what = /^[A-Za-z_$0-9]+(?=\()/.exec(expression)?.[0].toUpperCase() ?? expression;
  return { what, sql: `select ${expression}`, expected, ...more };
}

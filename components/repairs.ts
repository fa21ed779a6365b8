import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

/** A row that a query shows, in text columns. */
export type StateRow = Readonly<Record<string, string>>;

/**
 * Counts how often each thing was put right again that somebody had changed by hand. A resource that has its count among
 * its inputs acts again when the count goes up, and stays as it is from then on.
 *
 * The counts stand in the stack's outputs. Where an update fails in its midst they are not noted, and what was put right
 * is put right once more.
 */
export class Repairs {
  // Hidden from the engine, which notes the arguments of components and would wait for counts that are not known yet.
  readonly #counts: Record<string, pulumi.Output<number>> = {};
  readonly #recorded: Readonly<Record<string, number>>;

  /** @param recorded counts of the last update; none for a stack that was never deployed to its end */
  constructor(recorded: Readonly<Record<string, number>> = {}) {
    this.#recorded = recorded;
  }

  /**
   * The count of a thing, one more than the last time where it has drifted.
   *
   * @param isDrifted not asked for what was not there after the last update
   */
  count(name: string, isDrifted: () => pulumi.Output<boolean>): pulumi.Output<number> {
    const before = this.#recorded[name];
    const count =
      before === undefined ? pulumi.output(0) : isDrifted().apply((drifted) => (drifted ? before + 1 : before));
    this.#counts[name] = count;
    return count;
  }

  /** The counts, to be the stack's output `repairs`. */
  outputs(): pulumi.Output<Record<string, number>> {
    return pulumi.output(this.#counts);
  }
}

/**
 * What a query shows at present, in a preview as well: the account is asked when the program runs, and the engine notes
 * that it was. A query that fails shows nothing.
 *
 * Not a resource of its own: `Execute.get` reads by the query, and has nothing to delete.
 *
 * @param opts `dependsOn`: what must be done before the look
 */
export function presentRows(
  name: string,
  query: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<StateRow[]> {
  const statement = "SELECT 1";
  const state = { execute: statement, revert: statement, query };
  const read = snowflake.Execute.get(name, name, state as snowflake.ExecuteState, opts);
  return read.queryResults.apply((rows) => rows ?? []);
}

/** Whether two lists have the same rows, in whatever order of rows and columns. */
export function sameRows(a: readonly StateRow[], b: readonly StateRow[]): boolean {
  const text = (rows: readonly StateRow[]): string =>
    JSON.stringify(rows.map((row) => JSON.stringify(Object.entries(row).sort(([x], [y]) => (x < y ? -1 : 1)))).sort());
  return text(a) === text(b);
}

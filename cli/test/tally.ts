import { readFileSync } from "node:fs";
import type { FileResult } from "./reporter";

/** How many checks passed, failed and were left out. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** A check that is one test: a type check, lint. */
export function one(passed: boolean): Tally {
  return { ...NOTHING, ...(passed ? { passed: 1 } : { failed: 1 }) };
}

/**
 * What jest's run amounts to. A crash, or a run of no test at all, is a failure: neither proves anything.
 *
 * @param exitCode jest's own
 */
export function tallyJest(results: readonly FileResult[], exitCode: number): Tally {
  const total = results.reduce<Tally>(add, NOTHING);
  const isSilentFailure = exitCode !== 0 && total.failed === 0;
  const isEmpty = total.passed + total.failed === 0;
  return isSilentFailure || isEmpty ? add(total, one(false)) : total;
}

/** Results that the reporter wrote; a line that a crash cut short is left out. */
export function readResults(file: string): FileResult[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as FileResult] : [];
      } catch {
        return [];
      }
    });
}

/** Counts of `go test -json`. */
export function tallyGo(output: string): Tally {
  let tally = NOTHING;
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line) as { Action?: string; Test?: string };
    // Without a Test it is about the package.
    if (event.Test === undefined) continue;
    if (event.Action === "pass") tally = add(tally, { ...NOTHING, passed: 1 });
    else if (event.Action === "fail") tally = add(tally, { ...NOTHING, failed: 1 });
    else if (event.Action === "skip") tally = add(tally, { ...NOTHING, skipped: 1 });
  }
  return tally;
}

/** What the test command ends with: `3 skipped` if any were, and on the last line `12 passed, 0 failed`. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped ? `${skipped} skipped\n${line}` : line;
}

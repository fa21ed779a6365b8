import { appendFileSync } from "node:fs";
import * as path from "node:path";
import type { AggregatedResult, Reporter, Test, TestResult } from "@jest/reporters";

/** How a file's result is passed to the test command: a line of JSON appended to WORKSHOP_TEST_RESULTS. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A line for each test file as it ends, with what failed in it; and its counts for the test command. */
export default class FileReporter implements Reporter {
  private done = 0;

  onTestResult(_test: Test, result: TestResult, aggregated: AggregatedResult): void {
    this.done++;
    const file = path.relative(process.cwd(), result.testFilePath);
    // A file that does not run at all (a syntax error, a crash) counts as one failure.
    const crashed = result.testExecError !== undefined && result.numFailingTests === 0 ? 1 : 0;
    const counts = {
      passed: result.numPassingTests,
      failed: result.numFailingTests + crashed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const mark = counts.failed > 0 ? "FAIL" : "ok  ";
    const notes = [
      `${counts.passed} passed`,
      ...(counts.failed ? [`${counts.failed} failed`] : []),
      ...(counts.skipped ? [`${counts.skipped} skipped`] : []),
    ];
    const progress = `[${this.done}/${aggregated.numTotalTestSuites}]`;
    process.stdout.write(`${mark} ${progress} ${file}: ${notes.join(", ")} (${seconds} s)\n`);
    if (result.failureMessage) process.stdout.write(`${result.failureMessage}\n`);
    const results = process.env.WORKSHOP_TEST_RESULTS;
    if (results) appendFileSync(results, `${JSON.stringify({ file, ...counts } satisfies FileResult)}\n`);
  }
}

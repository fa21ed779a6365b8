import * as path from "node:path";
import type { Context } from "../context";
import { runChild } from "../setup/child";

/** What can be measured. */
export type Subject = "all" | "up" | "class" | "sql" | "results" | "refresh";

export interface BenchOptions {
  readonly json: boolean;
  /** Of `refresh`: the largest base table; of `results`: rows of the largest result. */
  readonly maxRows?: number;
  /** Of `refresh`: only what the budgets are about, at the two largest base tables. */
  readonly budgets?: boolean;
  /** Of `class`: how many. */
  readonly attendees?: number;
}

/** `bench`: measures in a state of its own, so that the user's environment stays untouched. */
export function bench(
  context: Context,
  subject: Subject,
  { json, maxRows, budgets, attendees }: BenchOptions,
): Promise<number> {
  const program = path.join(context.paths.build, `bench-${subject}.cjs`);
  const args = [
    ...(json ? ["--json"] : []),
    ...(budgets ? ["--budgets"] : []),
    ...(attendees === undefined ? [] : ["--attendees", String(attendees)]),
    ...(maxRows === undefined ? [] : ["--max-rows", String(maxRows)]),
  ];
  return runChild(context, process.execPath, [program, ...args]);
}

import * as path from "node:path";
import type { Context } from "../context";
import { runChild } from "../setup/child";

/** What can be measured. */
export type Subject = "up" | "refresh";

export interface BenchOptions {
  readonly json: boolean;
  /** Of `refresh`: the largest base table. */
  readonly maxRows?: number;
}

/** `bench`: measures in a state of its own, so that the user's environment stays untouched. */
export function bench(context: Context, subject: Subject, { json, maxRows }: BenchOptions): Promise<number> {
  const program = path.join(context.paths.build, `bench-${subject}.cjs`);
  const args = [...(json ? ["--json"] : []), ...(maxRows === undefined ? [] : ["--max-rows", String(maxRows)])];
  return runChild(context, process.execPath, [program, ...args]);
}

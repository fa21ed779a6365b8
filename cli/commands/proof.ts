import * as path from "node:path";
import type { Context } from "../context";
import { runChild } from "../setup/child";

/** What can be proved. */
export type Promised = "attack" | "kill" | "load" | "isolation" | "refresh" | "tpc";

export interface ProofOptions {
  readonly json: boolean;
  /** Of `kill` and `tpc`: how often. */
  readonly cycles?: number;
  /** Of `load` and `isolation`: how long. */
  readonly seconds?: number;
  /** Of `load`: how many at once. */
  readonly sessions?: number;
  /** Of `refresh`: how many refreshes at least. */
  readonly count?: number;
}

/** `proof`: tries a snowglobe of its own, so that the user's environment stays untouched. */
export function proof(
  context: Context,
  promised: Promised,
  { json, cycles, seconds, sessions, count }: ProofOptions,
): Promise<number> {
  const program = path.join(context.paths.build, `proof-${promised}.cjs`);
  const args = [
    ...(json ? ["--json"] : []),
    ...(cycles === undefined ? [] : ["--cycles", String(cycles)]),
    ...(seconds === undefined ? [] : ["--seconds", String(seconds)]),
    ...(sessions === undefined ? [] : ["--sessions", String(sessions)]),
    ...(count === undefined ? [] : ["--count", String(count)]),
  ];
  return runChild(context, process.execPath, [program, ...args]);
}

import * as path from "node:path";
import type { Context } from "../context";
import { runChild } from "../setup/child";

/** `bench up`: measures the commands in a state of its own, so that the user's environment stays untouched. */
export function bench(context: Context, { json }: { json: boolean }): Promise<number> {
  const program = path.join(context.paths.build, "bench-up.cjs");
  return runChild(context, process.execPath, [program, ...(json ? ["--json"] : [])]);
}

import * as path from "node:path";
import type { Context, StackChoice } from "../context";
import { runChild } from "../setup/child";
import { stackConnection } from "../stack/connection";

export interface LoadOptions extends StackChoice {
  readonly source?: string;
  readonly states?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Replaces the rows of the stack's loans table, by the same loader that `up` runs. Gives the loader's exit code. */
export async function load(context: Context, options: LoadOptions): Promise<number> {
  const { environment, names } = await stackConnection(context, options, "loader");
  const args = ["--database", names.rawDatabase, "--schema", names.rawSchema, "--table", names.loansTable];
  if (options.source) args.push("--source", sourceFrom(options.source, context.cwd));
  if (options.states) args.push("--states", options.states);
  if (options.json) args.push("--json");
  if (options.quiet) args.push("--quiet");
  const env = { ...context.env, ...environment };
  return runChild(context, process.execPath, [context.paths.loaderProgram, ...args], { env });
}

/** A path means one from the folder the command was called in; URLs and the sources with names stay. */
export function sourceFrom(source: string, cwd: string): string {
  return /^(sample|public)$|^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source : path.resolve(cwd, source);
}

import { accessSync, constants, existsSync } from "node:fs";
import * as path from "node:path";
import { cacheDir } from "../../plugins/cache";
import type { Context } from "../context";
import { UserError } from "../errors";

/** A folder that the commands write into, and what to do where that is not allowed. */
export interface Place {
  readonly name: string;
  readonly folder: string;
  readonly fix: string;
}

/** Where the commands write: what they set up, what dbt makes, state and data. */
export function writtenPlaces({ paths, env }: Pick<Context, "paths" | "env">): Place[] {
  return [
    { name: "checkout", folder: paths.root, fix: "give yourself the right to, or work in a copy of it" },
    { name: "state", folder: paths.state, fix: "give yourself the right to, or set WORKSHOP_STATE_DIR" },
    { name: "cache", folder: cacheDir(env), fix: "give yourself the right to, or set WORKSHOP_CACHE_DIR" },
  ];
}

/**
 * The folder, or the nearest one above that is there, if files cannot be made in it.
 *
 * @returns undefined where they can
 */
export function unwritable(folder: string): string | undefined {
  const there = nearest(folder);
  try {
    accessSync(there, constants.W_OK);
    return undefined;
  } catch {
    return there;
  }
}

/** @throws UserError when a place cannot be written to: nothing has been begun then */
export function requireWritable(context: Pick<Context, "paths" | "env">): void {
  for (const { folder, fix } of writtenPlaces(context)) {
    const there = unwritable(folder);
    if (there !== undefined) throw new UserError(`${there} cannot be written to: ${fix}.`);
  }
}

/** A folder that is there: this one, or the nearest above. */
export function nearest(folder: string): string {
  let there = folder;
  while (!existsSync(there)) there = path.dirname(there);
  return there;
}

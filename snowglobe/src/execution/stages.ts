import { setImmediate } from "node:timers/promises";

/** Milliseconds of work after which others may have their turn. */
const LONG = 10;

/**
 * Does a part of a statement's work that cannot be interrupted (reading it, binding its names), and lets other sessions
 * have their turn where it took long: parts that follow on each other would add up.
 */
export async function stage<T>(work: () => T | Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  if (performance.now() - begun > LONG) await setImmediate();
  return result;
}

import * as os from "node:os";

/** Bytes that one deployment takes: this program, the engine with its plugins, dbt. */
export const DEPLOYMENT_BYTES = 700 * 2 ** 20;
/** More at once wait for the one snowglobe, or for one account's services. */
const MOST_AT_ONCE = 8;

/** How many deployments this computer does at once: by its cores and the memory that is free. */
export function defaultParallel(cores = os.availableParallelism(), freeBytes = os.freemem()): number {
  return Math.max(1, Math.min(cores, Math.floor(freeBytes / DEPLOYMENT_BYTES), MOST_AT_ONCE));
}

/**
 * Does work on each item, a few at a time and in their order. Work that throws ends all: to go on, it gives its failure as
 * a result.
 *
 * @param parallel how many at a time
 * @param signal after it no further item is begun
 * @returns the results of those that were begun, in the items' order
 */
export async function pool<T, R>(
  items: readonly T[],
  parallel: number,
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}

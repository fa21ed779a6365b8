import { StatementRefused } from "../errors";
import type { ReadingSession } from "../session";
import type { Section } from "../snapshot";

/** What a reader asks with. */
export type Reader = Pick<ReadingSession, "read">;

/**
 * A section from a fresh read. A refused statement leaves what was read before, with the reason; a lost connection is
 * the caller's affair.
 */
export async function readSection<T>(
  previous: Section<T>,
  now: () => string,
  work: () => Promise<T>,
): Promise<Section<T>> {
  try {
    const data = await work();
    return { data, readAt: now() };
  } catch (error) {
    if (!(error instanceof StatementRefused)) throw error;
    const { data, readAt } = previous;
    return { ...(data === undefined ? {} : { data, readAt }), error: error.message };
  }
}

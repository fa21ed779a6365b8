import { setTimeout as sleep } from "node:timers/promises";
import type { Interrupt } from "../context";
import { Interrupted } from "../errors";
import type { Terminal } from "../output/terminal";

/** How time passes while a scenario waits. */
export interface Pace {
  /** Lets some time pass, and gives how many seconds it was by Snowflake's clock. */
  pass(signal: AbortSignal): Promise<number>;
  /** Seconds of Snowflake's clock that one look may be too late. */
  readonly step: number;
}

/** Time as it is. */
export function realPace(stepSeconds: number): Pace {
  return {
    step: stepSeconds,
    pass: async (signal) => {
      const begun = performance.now();
      await sleep(stepSeconds * 1000, undefined, { signal }).catch(() => undefined);
      return (performance.now() - begun) / 1000;
    },
  };
}

/**
 * Time that is moved by hand.
 *
 * @param advance moves Snowflake's clock by seconds, and returns when all that became due has run
 */
export function fastPace(stepSeconds: number, advance: (seconds: number) => Promise<void>): Pace {
  return {
    step: stepSeconds,
    pass: async () => {
      await advance(stepSeconds);
      return stepSeconds;
    },
  };
}

/**
 * Waits until something is there, with a countdown.
 *
 * @param look gives what was waited for, undefined while it is not there
 * @param limit seconds to wait at most
 * @returns what was seen, and after how many seconds; undefined when the limit passed without it
 * @throws Interrupted on Ctrl-C
 */
export async function waitFor<T>(
  waiting: { readonly terminal: Terminal; readonly interrupt: Interrupt; readonly pace: Pace },
  what: string,
  limit: number,
  look: () => Promise<T | undefined>,
): Promise<{ readonly seen: T; readonly seconds: number } | undefined> {
  const { terminal, interrupt, pace } = waiting;
  const step = terminal.step(what);
  let passed = 0;
  try {
    for (;;) {
      if (interrupt.signal.aborted) throw new Interrupted();
      const seen = await look();
      if (seen !== undefined) {
        step.done(`after ${Math.round(passed)} s`);
        return { seen, seconds: passed };
      }
      if (passed >= limit) return undefined;
      step.update(`${Math.max(0, Math.ceil(limit - passed))} s left at most`);
      passed += await pace.pass(interrupt.signal);
    }
  } finally {
    step.fail();
  }
}

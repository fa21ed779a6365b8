import type { CancelAlarm } from "../clock";
import type { Instance } from "../execution/instance";
import type { Microseconds } from "../time";

const MINUTE: Microseconds = 60_000_000;
const HOUR = 60 * MINUTE;

/** How often it looks. */
const EVERY = MINUTE / 2;
/** An idle transaction is aborted after this time where others wait for its locks ... */
const IDLE_AND_BLOCKING = 5 * MINUTE;
/** ... and after this one in any case. */
const IDLE = 4 * HOUR;

/** Aborts transactions that their sessions have left idle. Source: "Transactions", aborting transactions. */
export class TransactionWatch {
  private cancel: CancelAlarm | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    const { clock } = this.instance;
    this.cancel = clock.alarm(clock.now() + EVERY, async () => {
      await this.abortIdle().catch(this.onError);
      if (this.cancel) this.start();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private async abortIdle(): Promise<void> {
    const { sessions, storage, clock } = this.instance;
    const idle = sessions.all().filter(({ state, idleSince }) => state.transaction && idleSince !== undefined);
    if (idle.length === 0) return;
    const blocking = new Set(storage.lockStates().flatMap(({ waitsFor }) => waitsFor));
    for (const session of idle) {
      const time = clock.now() - session.idleSince!;
      if (time >= IDLE) await session.abortTransaction("it had been idle for 4 hours.");
      else if (time >= IDLE_AND_BLOCKING && blocking.has(session.state.transaction!.storage.id)) {
        await session.abortTransaction("it had been idle for 5 minutes, and another statement waited for its locks.");
      }
    }
  }
}

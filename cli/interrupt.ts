import type { Interrupt } from "./context";

/** How long the engine may take to say that the terminal's signal has reached it, before it is told. */
const NOTICE_MS = 1_500;

/**
 * Ctrl-C on a terminal goes to every process in the foreground: the engine gets it itself, and a second one would end it
 * at once and leave an operation pending. A signal sent to this process alone (`kill`, a CI system's stop) must be passed
 * on. The two cannot be told apart when the signal arrives, so for SIGINT we wait for the engine's own word first.
 * SIGTERM never comes from a keyboard and is passed on at once.
 */
export class ProcessInterrupt implements Interrupt {
  private readonly controller = new AbortController();
  private child: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private hasNoticed = false;

  /** @param process_ for tests */
  constructor(
    private readonly process_: Pick<NodeJS.Process, "on" | "off"> = process,
    private readonly noticeMs: number = NOTICE_MS,
  ) {
    process_.on("SIGINT", this.onInterrupt);
    process_.on("SIGTERM", this.onTerminate);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  async whileRunning<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T> {
    const child = (this.child = new AbortController());
    this.hasNoticed = false;
    try {
      return await work(child.signal);
    } finally {
      this.child = undefined;
      clearTimeout(this.timer);
    }
  }

  noticedByChild(): void {
    this.hasNoticed = true;
    clearTimeout(this.timer);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.process_.off("SIGINT", this.onInterrupt);
    this.process_.off("SIGTERM", this.onTerminate);
  }

  private readonly onInterrupt = (): void => {
    const child = this.child;
    this.controller.abort();
    if (child && !this.hasNoticed) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => child.abort(), this.noticeMs);
    }
  };

  private readonly onTerminate = (): void => {
    this.controller.abort();
    this.child?.abort();
  };
}

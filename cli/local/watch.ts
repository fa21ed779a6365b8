import { isRunning } from "./processes";

const LOOK_MS = 500;

/**
 * Runs work that needs a process, and aborts it when that process ends: drivers go on asking a server that is gone for
 * minutes, the Python one for ever.
 *
 * @param pid absent: nothing is watched
 * @param signal aborts the work for other reasons
 * @param onGone called when the process has ended
 */
export async function whileAlive<T>(
  pid: number | undefined,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  onGone: () => void,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  const timer = setInterval(() => {
    if (pid === undefined || isRunning(pid)) return;
    clearInterval(timer);
    onGone();
    abort();
  }, LOOK_MS);
  try {
    return await work(controller.signal);
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", abort);
  }
}

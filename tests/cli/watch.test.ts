/** Work on a server ends with the server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { whileAlive } from "../../cli/local/watch";

/** Work that ends only when it is aborted. */
const untilAborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve("aborted");
    signal.addEventListener("abort", () => resolve("aborted"));
  });

test("the work is aborted when the process ends, and that is told", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  const onGone = jest.fn();
  const running = whileAlive(child.pid, new AbortController().signal, untilAborted, onGone);
  child.kill("SIGKILL");
  expect(await running).toBe("aborted");
  expect(onGone).toHaveBeenCalledTimes(1);
});

test("an interruption aborts the work too, and is told apart", async () => {
  const onGone = jest.fn();
  const controller = new AbortController();
  const running = whileAlive(process.pid, controller.signal, untilAborted, onGone);
  controller.abort();
  expect(await running).toBe("aborted");
  expect(await whileAlive(undefined, controller.signal, untilAborted, onGone)).toBe("aborted");
  expect(onGone).not.toHaveBeenCalled();
});

test("work that ends by itself gives its result", async () => {
  const signal = new AbortController().signal;
  expect(await whileAlive(process.pid, signal, () => Promise.resolve(7), jest.fn())).toBe(7);
});

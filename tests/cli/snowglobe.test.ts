/** Starting and stopping snowglobe's process. The program is a fake that keeps the real one's manners. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import * as path from "node:path";
import { isRunning, waitUntilGone } from "../../cli/local/processes";
import { readRecord } from "../../cli/local/record";
import { findRunning, resetSnowglobe, startSnowglobe, stopSnowglobe } from "../../cli/local/snowglobe";
import type { Paths } from "../../cli/paths";
import { fakePaths, removeFolders } from "./support/context";

let paths: Paths;
const env = { ...process.env, WORKSHOP_SNOWGLOBE_PORT: "" };

beforeEach(() => {
  paths = fakePaths();
});
afterEach(async () => {
  await resetSnowglobe(paths);
  removeFolders();
});

test("starts it in the background, and finds it running the second time", async () => {
  const first = await startSnowglobe(paths, { env, port: 0 });
  const second = await startSnowglobe(paths, { env });
  expect(first.wasRunning).toBe(false);
  expect(second).toEqual({ ...first, wasRunning: true });
  expect(await findRunning(paths)).toMatchObject({ pid: first.pid });
});

test("two starts at once end with one process", async () => {
  const [a, b] = await Promise.all([startSnowglobe(paths, { env, port: 0 }), startSnowglobe(paths, { env, port: 0 })]);
  expect(a.pid).toBe(b.pid);
  expect([a.wasRunning, b.wasRunning].sort()).toEqual([false, true]);
});

test("stop ends the process and keeps the data; a second stop has nothing to do", async () => {
  const { pid, instanceId } = await startSnowglobe(paths, { env, port: 0 });
  expect(await stopSnowglobe(paths)).toBe(true);
  expect(isRunning(pid)).toBe(false);
  expect(await stopSnowglobe(paths)).toBe(false);
  expect((await startSnowglobe(paths, { env, port: 0 })).instanceId).toBe(instanceId);
});

test("stop ends a process that does not listen to requests or SIGTERM", async () => {
  const { pid } = await startSnowglobe(paths, { env: { ...env, FAKE_SNOWGLOBE_DEAF: "1" }, port: 0 });
  writeFileSync(path.join(paths.snowglobe, "control-token"), "another");
  expect(await stopSnowglobe(paths, 300)).toBe(true);
  expect(isRunning(pid)).toBe(false);
  expect(readRecord(paths.snowglobe)).toBeUndefined();
});

test("starts again after kill -9, on the same data", async () => {
  const first = await startSnowglobe(paths, { env, port: 0 });
  process.kill(first.pid, "SIGKILL");
  await waitUntilGone(first.pid, 10_000);
  expect(await findRunning(paths)).toBeUndefined();
  const second = await startSnowglobe(paths, { env, port: 0 });
  expect(second.wasRunning).toBe(false);
  expect(second.instanceId).toBe(first.instanceId);
});

test("a record whose process id belongs to another program by now ends nobody", async () => {
  const stranger = spawn("sleep", ["60"]);
  try {
    const { pid } = await startSnowglobe(paths, { env, port: 0 });
    const record = readRecord(paths.snowglobe);
    process.kill(pid, "SIGKILL");
    await waitUntilGone(pid, 10_000);
    writeFileSync(path.join(paths.snowglobe, "snowglobe.json"), JSON.stringify({ ...record, pid: stranger.pid }));
    expect(await stopSnowglobe(paths)).toBe(false);
    expect(isRunning(stranger.pid!)).toBe(true);
  } finally {
    stranger.kill();
  }
});

test("a program newer than the process is started in its place", async () => {
  const first = await startSnowglobe(paths, { env, port: 0 });
  const later = new Date(Date.now() + 60_000);
  utimesSync(paths.snowglobeProgram, later, later);
  const second = await startSnowglobe(paths, { env, port: 0 });
  expect(second.wasRunning).toBe(false);
  expect(second.pid).not.toBe(first.pid);
  expect(isRunning(first.pid)).toBe(false);
});

describe("failures", () => {
  let other: Server | undefined;
  afterEach(() => other?.close());

  test("a taken port is one line that names it and the way out", async () => {
    other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other!.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startSnowglobe(paths, { env, port })).rejects.toThrow(
      `snowglobe cannot listen on port ${port}: another program uses it. Choose another one: ` +
        "./workshop local start --port 0 (any free port), or set WORKSHOP_SNOWGLOBE_PORT.",
    );
    expect(await findRunning(paths)).toBeUndefined();
  });

  test("its own last words are shown", async () => {
    const failing = { ...env, FAKE_SNOWGLOBE_FAIL: "the data file is in use by process 12" };
    await expect(startSnowglobe(paths, { env: failing, port: 0 })).rejects.toThrow(
      `snowglobe did not start: the data file is in use by process 12 (log: ${paths.snowglobeLog})`,
    );
  });

  test("a port that is none", async () => {
    await expect(startSnowglobe(paths, { env: { ...env, WORKSHOP_SNOWGLOBE_PORT: "http" } })).rejects.toThrow(
      'WORKSHOP_SNOWGLOBE_PORT is "http": give a port from 0 to 65535.',
    );
  });
});

test("reset removes data and log", async () => {
  const { pid } = await startSnowglobe(paths, { env, port: 0 });
  await resetSnowglobe(paths);
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(paths.snowglobe)).toBe(false);
  expect(existsSync(paths.snowglobeLog)).toBe(false);
});

test("the log is its owner's alone", async () => {
  await startSnowglobe(paths, { env, port: 0 });
  expect(statSync(paths.snowglobeLog).mode & 0o777).toBe(0o600);
});

test("a process that has ended, but that nobody took note of, does not run", async () => {
  // The child ends after the shell has given its place to a sleep that never asks for it.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"]);
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    expect(await waitUntilGone(pid, 10_000)).toBe(true);
    // The test means something only while the system still lists it.
    if (existsSync("/proc")) expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/\) Z /);
    else expect(execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })).toMatch(/^Z/);
  } finally {
    parent.kill();
  }
});

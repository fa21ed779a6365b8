import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Server } from "./clients";

/** A server in a process of its own. */
export interface ServerProcess extends Server {
  readonly pid: number | undefined;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** snowglobe as it is served. @param program its bundle @param data folder of an account */
export async function snowglobe(program: string, data: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [program, "--data", data, "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
  });
  const port = await portIn(child, /http:\/\/127\.0\.0\.1:(\d+)/);
  return {
    pid: child.pid,
    port,
    user: "ADMIN",
    password: readFileSync(path.join(data, "password"), "utf8").trim(),
    ...ends(child),
  };
}

/** fakesnow, in memory. @param python of its virtual environment */
export async function fakesnow(python: string): Promise<ServerProcess> {
  const child = spawn(python, ["-m", "uvicorn", "fakesnow.server:app", "--host", "127.0.0.1", "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const port = await portIn(child, /running on http:\/\/127\.0\.0\.1:(\d+)/);
  return { pid: child.pid, port, user: "fake", password: "snow", ...ends(child) };
}

function portIn(child: ChildProcess, pattern: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr!.on("data", (part: Buffer) => {
      text = (text + part.toString()).slice(-10_000);
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`a server ended with ${code}: ${text}`)));
  });
}

function ends(child: ChildProcess): Pick<ServerProcess, "stop" | "kill"> {
  return { stop: () => ended(child, "SIGTERM"), kill: () => ended(child, "SIGKILL") };
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.removeAllListeners("exit").once("exit", () => resolve());
    child.kill(signal);
  });
}

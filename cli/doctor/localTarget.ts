import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import { cacheDir } from "../../plugins/cache";
import type { Context } from "../context";
import { formatCount } from "../output/table";
import { DEFAULT_PORT, findRunning, hasData } from "../local/snowglobe";
import { localStacks } from "../stack/localBackend";
import { fail, ok, warn, type Finding } from "./finding";

/** Megabytes that must be free for the data; and for a first set-up, most of it the engine's build. */
const LEAST_MB = 500;
const SETUP_MB = 6_000;

/** snowglobe, its port, and the places where the local target writes. Starts and makes nothing. */
export async function checkLocalTarget(context: Context, isSetUp: boolean): Promise<Finding[]> {
  const { paths, env } = context;
  return [
    await checkSnowglobe(context),
    checkPlace("state", paths.state),
    checkPlace("cache", cacheDir(env)),
    checkSpace(paths.root, isSetUp),
    checkSecrets(paths.snowglobe),
    ok("stacks", localStacks(paths).join(", ") || "none yet"),
  ];
}

async function checkSnowglobe({ paths, env }: Context): Promise<Finding> {
  const running = await findRunning(paths);
  if (running) return ok("snowglobe", `runs on 127.0.0.1:${running.port} (process ${running.pid})`);
  if (!existsSync(paths.snowglobeProgram))
    return fail("snowglobe", `${paths.snowglobeProgram} is missing`, "node cli/build.mjs");
  const port = Number(env.WORKSHOP_SNOWGLOBE_PORT || DEFAULT_PORT);
  const taken = await portFault(port);
  if (taken)
    return fail(
      "snowglobe",
      `cannot listen on 127.0.0.1:${port} (${taken})`,
      "end the program that listens there, or choose another port in WORKSHOP_SNOWGLOBE_PORT",
    );
  return ok("snowglobe", `does not run; port ${port} is free, ${hasData(paths) ? "it has data" : "it has no data"}`);
}

/** Why nobody could listen at a port of this computer; undefined where somebody could. */
function portFault(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}

/** A folder that is there, or the nearest one above it, must take files. */
function checkPlace(check: string, folder: string): Finding {
  let there = folder;
  while (!existsSync(there)) there = path.dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return ok(check, folder);
  } catch {
    return fail(check, `${there} cannot be written to`, "give yourself the right to, or set WORKSHOP_CACHE_DIR");
  }
}

function checkSpace(folder: string, isSetUp: boolean): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  const text = `${formatCount(free)} MB free`;
  if (free < LEAST_MB) return fail("disk", text, `make room: ${formatCount(LEAST_MB)} MB at least`);
  if (!isSetUp && free < SETUP_MB)
    return warn("disk", text, `building Pulumi takes up to ${formatCount(SETUP_MB)} MB for a while`);
  return ok("disk", text);
}

function checkSecrets(folder: string): Finding {
  const open = ["password", "control-token"]
    .map((name) => path.join(folder, name))
    .filter((file) => process.platform !== "win32" && existsSync(file) && statSync(file).mode & 0o077);
  return open.length === 0
    ? ok("secrets", "readable by you alone")
    : fail("secrets", `others may read ${open.join(", ")}`, `chmod 0600 ${open.map((f) => `"${f}"`).join(" ")}`);
}

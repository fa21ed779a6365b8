import { existsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import type { Context } from "../context";
import { DEFAULT_PORT, findRunning, hasData } from "../local/snowglobe";
import { localStacks } from "../stack/localBackend";
import { fail, ok, type Finding } from "./finding";

/** snowglobe, its port, and the places where the local target writes. Starts and makes nothing. */
export async function checkLocalTarget(context: Context): Promise<Finding[]> {
  const { paths } = context;
  return [
    await checkSnowglobe(context),
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

function checkSecrets(folder: string): Finding {
  const open = ["password", "control-token"]
    .map((name) => path.join(folder, name))
    .filter((file) => process.platform !== "win32" && existsSync(file) && statSync(file).mode & 0o077);
  return open.length === 0
    ? ok("secrets", "readable by you alone")
    : fail("secrets", `others may read ${open.join(", ")}`, `chmod 0600 ${open.map((f) => `"${f}"`).join(" ")}`);
}

import { createReadStream, existsSync, rmSync, statSync, watch } from "node:fs";
import type { Context } from "../context";
import { UserError } from "../errors";
import { findRunning, hasData, resetSnowglobe, startSnowglobe, stopSnowglobe } from "../local/snowglobe";
import { localStacks } from "../stack/localBackend";
import { removePassphrase } from "../stack/passphrase";

/** `local start`: starts snowglobe in the background. */
export async function localStart(context: Context, options: { port?: number }): Promise<void> {
  const { terminal, paths, env, interrupt } = context;
  const step = terminal.step("snowglobe");
  try {
    const started = await startSnowglobe(paths, { ...options, env, signal: interrupt.signal });
    step.done();
    const verb = started.wasRunning ? "is running" : "started";
    terminal.say(`snowglobe ${verb} on 127.0.0.1:${started.port} (process ${started.pid}), data in ${paths.snowglobe}`);
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** `local stop`: stops snowglobe; its data stay. */
export async function localStop({ terminal, paths }: Context): Promise<void> {
  const ran = await stopSnowglobe(paths);
  terminal.say(ran ? "snowglobe stopped; its data stay." : "snowglobe does not run.");
}

/** `local status`: ends with 0 when snowglobe runs, with 1 when not. */
export async function localStatus({ terminal, paths }: Context, { json }: { json: boolean }): Promise<number> {
  const running = await findRunning(paths);
  if (json)
    terminal.result({ running: running !== undefined, hasData: hasData(paths), dataDir: paths.snowglobe, ...running });
  else if (running)
    terminal.say(
      `snowglobe ${running.version} runs on 127.0.0.1:${running.port} (process ${running.pid}, since ${running.startedAt})`,
    );
  else
    terminal.say(
      `snowglobe does not run; ${hasData(paths) ? `its data are in ${paths.snowglobe}` : "it has no data"}.`,
    );
  return running ? 0 : 1;
}

/**
 * `local reset`: stops snowglobe and deletes its data; the next `up` makes everything anew.
 *
 * @param options `state` deletes the local stacks' state too, for when it is beyond repair
 */
export async function localReset(context: Context, options: { yes: boolean; state: boolean }): Promise<void> {
  const { terminal, paths } = context;
  const stacks = localStacks(paths).join(", ") || "no stack";
  const what = options.state ? "snowglobe's data and the local state" : "snowglobe's data";
  if (!options.yes && !(await terminal.confirm(`Do you want to delete ${what} (${stacks})?`)))
    throw new UserError("Nothing was changed.");
  await resetSnowglobe(paths);
  if (options.state) {
    for (const dir of [paths.backend, paths.stacks, paths.dbtOutput, paths.pulumiHome])
      rmSync(dir, { recursive: true, force: true });
    removePassphrase(paths);
  }
  terminal.say(`Deleted ${what}. ./workshop up makes everything anew.`);
}

/** `local logs`: snowglobe's log; with `follow` as it grows, until Ctrl-C. */
export async function localLogs({ paths, interrupt }: Context, { follow }: { follow: boolean }): Promise<void> {
  const file = paths.snowglobeLog;
  if (!existsSync(file)) throw new UserError("There is no log: snowglobe was not started in this checkout.");
  let shown = await print(file, 0);
  if (!follow) return;
  await new Promise<void>((resolve) => {
    let copying = Promise.resolve();
    const watcher = watch(file, () => {
      copying = copying.then(async () => {
        const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
        if (size > shown) shown += await print(file, shown);
      });
    });
    interrupt.signal.addEventListener("abort", () => {
      watcher.close();
      resolve();
    });
  });
}

/** Copies a file to standard output from a byte on; gives how many bytes. */
function print(file: string, start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    createReadStream(file, { start })
      .on("data", (chunk) => {
        bytes += chunk.length;
        process.stdout.write(chunk);
      })
      .once("error", reject)
      .once("end", () => resolve(bytes));
  });
}

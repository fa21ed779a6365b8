import { lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PLUGINS, pluginExecutable, pluginFolder, type Plugin } from "./sources";

/** The user's own Pulumi folder: `PULUMI_HOME`, else `~/.pulumi`. */
export function userPulumiHome(env: NodeJS.ProcessEnv): string {
  return env.PULUMI_HOME ? path.resolve(env.PULUMI_HOME) : path.join(env.HOME ?? os.homedir(), ".pulumi");
}

/** Plugins of {@link PLUGINS} that a Pulumi folder does not hold. */
export function missingPlugins(home: string): Plugin[] {
  return PLUGINS.filter((p) => {
    const file = path.join(home, "plugins", pluginFolder(p), pluginExecutable(p));
    return !statSync(file, { throwIfNoEntry: false })?.isFile();
  });
}

/**
 * Makes `home` a Pulumi folder that uses the plugins of another one by links. The engine writes logs, credentials and
 * workspaces below its folder; with links that stays with the checkout and the plugins stay in the cache.
 */
export function linkPlugins(home: string, from: string): void {
  if (path.resolve(home) === path.resolve(from)) return;
  for (const plugin of PLUGINS) {
    // The folder must be a real one: the engine passes over links to folders when it looks through its plugins.
    const folder = path.join(home, "plugins", pluginFolder(plugin));
    const target = path.join(from, "plugins", pluginFolder(plugin), pluginExecutable(plugin));
    const link = path.join(folder, pluginExecutable(plugin));
    const there = lstatSync(link, { throwIfNoEntry: false });
    // A file is a plugin that the user installed; it serves as well.
    if (there && (!there.isSymbolicLink() || readlinkSync(link) === target)) continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    rmSync(link, { force: true });
    try {
      symlinkSync(target, link);
    } catch (error) {
      // Two commands may set up the same checkout at once.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

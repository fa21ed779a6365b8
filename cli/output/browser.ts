import { spawn } from "node:child_process";
import type { Context } from "../context";

/** Whether somebody sits at a screen where a browser can come up. */
export function canOpenBrowser({ env, terminal }: Pick<Context, "env" | "terminal">): boolean {
  if (!terminal.isInteractive || env.CI || env.SSH_CONNECTION) return false;
  return process.platform === "darwin" || process.platform === "win32" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens an address in the user's browser. Where that fails nothing happens: the address stands on the terminal. */
export function openBrowser(address: string): void {
  const [program, args] = openerOf(process.platform, address);
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}

/** The program that opens an address on a system. */
export function openerOf(platform: NodeJS.Platform, address: string): [program: string, args: string[]] {
  if (platform === "darwin") return ["open", [address]];
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", address]];
  return ["xdg-open", [address]];
}

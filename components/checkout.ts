import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The checkout that contains a folder, as an absolute path.
 *
 * @param folder absolute path, such as the program's own folder
 * @throws Error where the folder does not lie in a checkout
 */
export function checkoutOf(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, "dbt", "dbt_project.yml"))) return candidate;
    if (candidate === dirname(candidate)) throw new Error(`${folder} does not lie in a checkout of the workshop`);
  }
}

/**
 * A shell command that runs in the checkout. The engine's plugin runs commands where the engine was started, which need
 * not be the checkout; WORKSHOP_ROOT then says where that is. The path does not stand in the command itself, so that
 * the same state serves every computer.
 *
 * @param command shell command, with paths relative to the checkout
 */
export function inCheckout(command: string): string {
  return `cd "\${WORKSHOP_ROOT:-.}" && ${command}`;
}

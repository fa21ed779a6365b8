import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError } from "./config";

/**
 * What the file of the base stack says for every attendee's: `Pulumi.dev.yaml` for dev-alice, `Pulumi.local.yaml` for
 * local-alice. Pulumi itself reads a stack's own file only; `./workshop` puts the two on top of each other beforehand.
 *
 * @param root the checkout
 * @param stack the stack's name
 * @returns the settings by key with namespace; none for other stacks, and where there is no such file
 * @throws ConfigError where the file cannot be read
 */
export function baseSettings(root: string, stack: string): ReadonlyMap<string, string> {
  const [, base] = /^(local|dev)-/.exec(stack) ?? [];
  if (base === undefined) return new Map();
  const file = `Pulumi.${base}.yaml`;
  const text = textOf(join(root, file));
  if (text === undefined) return new Map();
  let config: Record<string, unknown>;
  try {
    config = (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message.split("\n")[0]}`);
  }
  return new Map(Object.entries(config).map(([key, value]) => [key, settingText(file, key, value)]));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function settingText(file: string, key: string, value: unknown): string {
  if (typeof value === "object" && value !== null && "secure" in value)
    throw new ConfigError(
      `${key} in ${file} is a secret, which no other stack can read: set it for this stack by pulumi config set --secret`,
    );
  return typeof value === "string" ? value : JSON.stringify(value);
}

import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LocalWorkspace, type PulumiCommand, type StackSettings } from "@pulumi/pulumi/automation";
import type { StackChoice } from "../context";
import { UserError, messageOf } from "../errors";
import type { Paths } from "../paths";
import { baseStackName, stackName } from "./names";

/** The folder with `Pulumi.yaml` and `Pulumi.STACK.yaml` in which the engine works on a stack. */
export function settingsFolder(paths: Paths, choice: StackChoice): string {
  // The engine writes into the settings file (the salt of the encryption). On the account target that is the user's own
  // file, as with Pulumi by hand; a local stack's salt belongs to the local state, not into the checkout.
  if (choice.target === "account") return paths.root;
  const folder = path.join(paths.stacks, stackName(choice));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A stack's settings: those of the base stack in the checkout (`Pulumi.local.yaml`, `Pulumi.dev.yaml`), over them the
 * stack's own file in the checkout if there is one, over them what the command line says; with the encryption that the
 * engine noted earlier.
 */
export async function stackSettings(
  paths: Paths,
  choice: StackChoice,
  pulumiCommand: PulumiCommand,
): Promise<StackSettings> {
  const name = stackName(choice);
  const read = (folder: string, stack: string): Promise<StackSettings> =>
    readFileSettings(folder, stack, pulumiCommand);
  const base = await read(paths.root, baseStackName(choice));
  const own = name === baseStackName(choice) ? base : await read(paths.root, name);
  const noted = await read(settingsFolder(paths, choice), name);
  return mergeSettings({ base, own, noted }, choice);
}

/**
 * The settings that must be written before the engine works on the stack; undefined where its file says the same already.
 * A file that is written anew loses its comments.
 */
export async function settingsToWrite(
  paths: Paths,
  choice: StackChoice,
  pulumiCommand: PulumiCommand,
): Promise<StackSettings | undefined> {
  const settings = await stackSettings(paths, choice, pulumiCommand);
  const written = await readFileSettings(settingsFolder(paths, choice), stackName(choice), pulumiCommand);
  return isDeepStrictEqual(plain(settings), plain(written)) ? undefined : settings;
}

/** Without the differences of class and of absent keys. */
function plain(settings: StackSettings): unknown {
  return JSON.parse(JSON.stringify(settings)) as unknown;
}

async function readFileSettings(folder: string, stack: string, pulumiCommand: PulumiCommand): Promise<StackSettings> {
  const workspace = await LocalWorkspace.create({ workDir: folder, pulumiCommand });
  try {
    return await workspace.stackSettings(stack);
  } catch (error) {
    if (/failed to find stack settings file/.test(messageOf(error))) return {};
    throw new UserError(`Pulumi.${stack}.yaml in ${folder} cannot be read: ${messageOf(error).split("\n")[0]}`);
  }
}

export interface SettingsLayers {
  readonly base: StackSettings;
  readonly own: StackSettings;
  readonly noted: StackSettings;
}

/** The layers of {@link stackSettings} in one; pure. */
export function mergeSettings({ base, own, noted }: SettingsLayers, choice: StackChoice): StackSettings {
  const config = { ...base.config, ...own.config };
  if (choice.attendee) config["workshop:attendee"] = choice.attendee;
  const { secretsProvider, encryptedKey, encryptionSalt } = choice.target === "account" ? own : noted;
  return withoutUndefined({ secretsProvider, encryptedKey, encryptionSalt, config });
}

function withoutUndefined(settings: StackSettings): StackSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, type PulumiCommand, type StackSettings } from "@pulumi/pulumi/automation";
import type { StackChoice } from "../context";
import { UserError, messageOf } from "../errors";
import type { Paths } from "../paths";
import { baseStackName, stackName } from "./names";

/**
 * The folder in which the engine works on a stack, with `Pulumi.yaml` and `Pulumi.STACK.yaml` of its own. The engine
 * writes into a settings file (the salt of the encryption) and `pulumi stack rm` deletes it; those of the checkout are
 * the user's.
 */
export function settingsFolder(paths: Paths, choice: StackChoice): string {
  const folder = path.join(choice.target === "account" ? paths.accountStacks : paths.stacks, stackName(choice));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A stack's settings: those of the base stack in the checkout (`Pulumi.local.yaml`, `Pulumi.dev.yaml`), over them the
 * stack's own file in the checkout if there is one, over them what the command line says; with the encryption that the
 * user's file names, else with what the engine noted earlier.
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
  // An account's stack keeps its encryption in its state, and may be in another backend than the last time.
  const noted = choice.target === "account" ? {} : await read(settingsFolder(paths, choice), name);
  return mergeSettings({ base, own, noted }, choice);
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
  const isEncrypted = own.secretsProvider ?? own.encryptedKey ?? own.encryptionSalt;
  const { secretsProvider, encryptedKey, encryptionSalt } = isEncrypted === undefined ? noted : own;
  return withoutUndefined({ secretsProvider, encryptedKey, encryptionSalt, config });
}

function withoutUndefined(settings: StackSettings): StackSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

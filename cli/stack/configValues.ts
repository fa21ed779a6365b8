import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Engine } from "../../plugins/engine";
import type { StackChoice } from "../context";
import type { Paths } from "../paths";
import { stackSettings } from "./settings";

/**
 * The settings of a stack as they stand in its files, by key (`workshop:states`); secret ones are left out. Makes no
 * stack.
 */
export async function readSettings(paths: Paths, choice: StackChoice, engine: Engine): Promise<Record<string, string>> {
  const pulumiCommand = await PulumiCommand.get({ root: engine.root });
  const { config = {} } = await stackSettings(paths, choice, pulumiCommand);
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      ["string", "number", "boolean"].includes(typeof value) ? [[key, String(value)]] : [],
    ),
  );
}

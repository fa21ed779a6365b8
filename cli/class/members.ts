import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import type { Context, StackChoice } from "../context";
import { UserError, messageOf } from "../errors";
import { PROJECT } from "../paths";
import { setUpEngine } from "../setup/engine";
import { accountEnvironment } from "../stack/connectionEnvironment";
import { engineEnvironment } from "../stack/engineEnvironment";
import { localStacks } from "../stack/localBackend";
import { baseStackName } from "../stack/names";
import { openFailure } from "../stack/open";
import { settingsFolder } from "../stack/settings";

/** The choice without an attendee: a class is on one target. */
export type ClassTarget = Omit<StackChoice, "attendee">;

/**
 * The environments that are deployed on a target, by their stacks: the one without an attendee first, where there is one.
 *
 * @throws UserError where the account's backend cannot be asked
 */
export async function deployedMembers(context: Context, target: ClassTarget): Promise<StackChoice[]> {
  const base = baseStackName(target);
  const stacks =
    target.target === "local" ? localStacks(context.paths) : await accountStacks(context, target).then((s) => s.sort());
  return stacks.flatMap((stack) => {
    if (stack === base) return [{ ...target }];
    return stack.startsWith(`${base}-`) ? [{ ...target, attendee: stack.slice(base.length + 1) }] : [];
  });
}

async function accountStacks(context: Context, target: ClassTarget): Promise<string[]> {
  const engine = await setUpEngine(context, target.target);
  const connection = accountEnvironment(context.env, target.connection);
  try {
    const workspace = await LocalWorkspace.create({
      workDir: settingsFolder(context.paths, target),
      pulumiHome: engine.pulumiHome,
      pulumiCommand: await PulumiCommand.get({ root: engine.root }),
      envVars: engineEnvironment(context, target, { engine, connection }),
      projectSettings: { name: PROJECT, runtime: "nodejs" },
    });
    const stacks = await workspace.listStacks();
    // Pulumi Cloud puts the organization before.
    return stacks.map(({ name }) => name.split("/").at(-1)!);
  } catch (error) {
    throw new UserError(openFailure(messageOf(error), baseStackName(target), false));
  }
}

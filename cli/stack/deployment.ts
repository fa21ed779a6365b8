import type { Context, StackChoice } from "../context";
import { setUpEngine } from "../setup/engine";
import { accountEnvironment } from "./connectionEnvironment";
import { readDeployment, type Deployment } from "./localBackend";
import { stackName } from "./names";

/**
 * The state of a stack, wherever it is kept: a local one is read as it lies there, an account's by the engine. Makes no
 * stack.
 *
 * @returns undefined when there is no such stack
 */
export async function deploymentOf(context: Context, choice: StackChoice): Promise<Deployment | undefined> {
  if (choice.target === "local") return readDeployment(context.paths, stackName(choice));
  const engine = await setUpEngine(context, choice.target);
  const connection = accountEnvironment(context.env, choice.connection);
  const { openExistingStack } = await import("./open.js");
  const stack = await openExistingStack(context, choice, { engine, connection });
  return stack && (((await stack.exportStack()).deployment ?? {}) as Deployment);
}

import { existsSync, rmSync } from "node:fs";
import * as path from "node:path";
import type { WorkshopNames } from "../../components/naming";
import type { Context, StackChoice } from "../context";
import { UserError } from "../errors";
import { resetSnowglobe } from "../local/snowglobe";
import { formatSeconds } from "../output/terminal";
import type { Paths } from "../paths";
import { flagsOf, namesOf } from "../stack/connection";
import { setUpEngine } from "../setup/engine";
import { protectForeignObjects } from "../stack/foreignObjects";
import { localStacks, readDeployment } from "../stack/localBackend";
import { stackName } from "../stack/names";
import { openStack } from "../stack/open";
import { removePassphrase } from "../stack/passphrase";
import { formatSummary, runOperation, settleState } from "../stack/operations";
import { settingsFolder } from "../stack/settings";
import { reachTarget } from "../stack/target";

export interface DestroyOptions extends StackChoice {
  readonly yes: boolean;
  readonly json: boolean;
  /** Delete also what somebody else put into the stack's databases. */
  readonly force: boolean;
}

/**
 * Deletes everything the stack made, and the stack. With the last local stack go snowglobe, its data and the local state;
 * what is set up once (npm packages, dbt, the engine) stays. Works as well after a failed or interrupted `up`, and when
 * snowglobe does not run.
 *
 * @throws UserError when the stack's databases hold what the stack did not make, unless it is forced
 */
export async function destroy(context: Context, options: DestroyOptions): Promise<void> {
  const begun = performance.now();
  const { terminal, paths } = context;
  const name = stackName(options);
  const isLocal = options.target === "local";
  const others = isLocal ? localStacks(paths).filter((stack) => stack !== name) : [];
  const exists = !isLocal || localStacks(paths).includes(name);
  if (!exists && others.length > 0)
    throw new UserError(`There is no stack ${name}; there ${others.length === 1 ? "is" : "are"} ${others.join(", ")}.`);
  if (!exists && !hasLocalState(paths)) {
    report(context, options, { stack: name, summary: {}, line: `There is no stack ${name}: nothing to destroy.` });
    return;
  }
  if (!options.yes && !(await terminal.confirm(question(name, isLocal && others.length === 0))))
    throw new UserError("Nothing was changed.");

  const names = namesOf(options, isLocal ? readDeployment(paths, name) : undefined);
  const summary = exists ? await destroyStack(context, options, isLocal && others.length === 0) : {};
  if (isLocal) await cleanUp(paths, { name, names, isLast: others.length === 0 });
  else rmSync(settingsFolder(paths, options), { recursive: true, force: true });
  report(context, options, {
    stack: name,
    summary,
    line: `${formatSummary(summary)}; stack ${name} is gone (${formatSeconds(performance.now() - begun)})`,
  });
}

function question(stack: string, isLast: boolean): string {
  return `Do you want to destroy stack ${stack} with all that it made${isLast ? ", and snowglobe's data" : ""}?`;
}

async function destroyStack(
  context: Context,
  options: DestroyOptions,
  everything: boolean,
): Promise<Readonly<Record<string, number>>> {
  const { terminal } = context;
  const engine = await setUpEngine(context, options.target);
  const target = await reachTarget(context, options);
  const stack = await openStack(context, options, { engine, connection: target.connection });
  const deployment = await settleState(context, stack, target);
  if (!options.force) {
    const search = { deployment, names: namesOf(options, deployment), everything };
    await protectForeignObjects(search, context.env, target.connection, flagsOf(options));
  }
  terminal.say(terminal.colors.bold(`Destroying stack ${stack.name}`));
  const { summary } = await runOperation(context, "destroy", (o) => stack.destroy({ ...o, runProgram: false }), target);
  await stack.workspace.removeStack(stack.name);
  return summary;
}

function hasLocalState(paths: Paths): boolean {
  return [paths.snowglobe, paths.backend, paths.stacks].some((dir) => existsSync(dir));
}

/** Removes what the stack left, and with the last stack all that the local target made in this checkout. */
async function cleanUp(
  paths: Paths,
  { name, names, isLast }: { name: string; names: WorkshopNames; isLast: boolean },
): Promise<void> {
  rmSync(path.join(paths.stacks, name), { recursive: true, force: true });
  rmSync(path.join(paths.dbtOutput, names.analyticsDatabase), { recursive: true, force: true });
  if (!isLast) return;
  await resetSnowglobe(paths);
  for (const dir of [paths.backend, paths.stacks, paths.dbtOutput, paths.pulumiHome])
    rmSync(dir, { recursive: true, force: true });
  removePassphrase(paths);
}

function report(
  { terminal }: Context,
  { json }: DestroyOptions,
  { line, ...document }: { stack: string; summary: Readonly<Record<string, number>>; line: string },
): void {
  if (json) terminal.result(document);
  else terminal.say(line);
}

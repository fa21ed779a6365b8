import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Engine } from "../../plugins/engine";
import type { Context, StackChoice } from "../context";
import { runChild } from "../setup/child";
import { setUpEngine } from "../setup/engine";
import { engineEnvironment } from "../stack/engineEnvironment";
import { stackName } from "../stack/names";
import { setUpDbt } from "../stack/session";
import { reachTarget } from "../stack/target";

const run = promisify(execFile);

/** The engine's commands, with their other names, that run the program or ask the providers. */
const REACHES_TARGET = new Set([
  ...["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch"],
]);

/** The engine's options for all commands that are followed by a value. */
const WITH_VALUE = new Set(["-C", "--cwd", "--color", "-v", "--verbose", "--tracing", "--profiling"]);

/** The engine's command among its arguments; undefined where there are only options. Pure. */
export function pulumiCommandOf(args: readonly string[]): string | undefined {
  return args.find((arg, i) => !arg.startsWith("-") && !WITH_VALUE.has(args[i - 1] ?? ""));
}

/**
 * Hands a command to the Pulumi engine in the checkout, with the target's backend and connection in its environment:
 * `./workshop pulumi stack ls`. Without a stack that was chosen (`--stack`, `pulumi stack select`) it is the target's.
 *
 * @returns the engine's exit code
 */
export async function runPulumi(context: Context, choice: StackChoice, args: readonly string[]): Promise<number> {
  const { paths, env } = context;
  const reaches = REACHES_TARGET.has(pulumiCommandOf(args) ?? "");
  const dbt = reaches ? await setUpDbt(context) : undefined;
  const engine = await setUpEngine(context, choice.target);
  const { connection } = reaches ? await reachTarget(context, choice) : { connection: {} };
  const own = { ...env, ...engineEnvironment(context, choice, { engine, connection, ...(dbt ? { dbt } : {}) }) };
  const environment = { ...own, PATH: searchPath(engine, paths.root, own.PATH) };
  const pulumi = programOf(engine);
  const isChosen = choice.attendee === undefined && (await hasSelected(pulumi, environment, paths.root));
  return runChild(context, pulumi, args, {
    env: isChosen ? environment : { ...environment, PULUMI_STACK: stackName(choice) },
    cwd: paths.root,
  });
}

/** The engine's CLI. */
function programOf(engine: Engine): string {
  return path.join(engine.root, "bin", "pulumi");
}

/** Where the engine finds its language host first, and last what the npm package brings for dynamic providers. */
function searchPath(engine: Engine, root: string, search = ""): string {
  const npm = path.join(root, "node_modules", "@pulumi", "pulumi");
  return [path.join(engine.root, "bin"), search, npm].join(path.delimiter);
}

/** Whether a stack is selected in the checkout, by `pulumi stack select`, `stack init` or PULUMI_STACK. */
async function hasSelected(pulumi: string, env: NodeJS.ProcessEnv, cwd: string): Promise<boolean> {
  try {
    await run(pulumi, ["stack", "--show-name", "--non-interactive"], { env, cwd });
    return true;
  } catch {
    return false;
  }
}

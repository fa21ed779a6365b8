import { mkdirSync } from "node:fs";
import {
  LocalWorkspace,
  PulumiCommand,
  StackNotFoundError,
  type InlineProgramArgs,
  type LocalWorkspaceOptions,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation";
import type { Engine } from "../../plugins/engine";
import type { Context, StackChoice } from "../context";
import { UserError, messageOf } from "../errors";
import { PROJECT } from "../paths";
import type { DbtEnvironment } from "../setup/dbt";
import { engineEnvironment } from "./engineEnvironment";
import type { ConnectionEnvironment } from "./environment";
import { releaseStaleLocks, removeTornAttributes } from "./localBackend";
import { stackName } from "./names";
import { settingsFolder, stackSettings } from "./settings";

export interface OpenOptions {
  readonly engine: Engine;
  readonly connection: ConnectionEnvironment;
  /** Where dbt is; absent for operations that run no command of the stack. */
  readonly dbt?: DbtEnvironment;
  /** Another program than index.ts's; for tests. */
  readonly program?: PulumiFn;
}

/**
 * Makes or selects the stack, ready for operations with index.ts's program inside this process.
 *
 * @throws UserError when another engine works on the stack, or there is no backend
 */
export async function openStack(context: Context, choice: StackChoice, options: OpenOptions): Promise<Stack> {
  const { program, workspace } = await prepare(context, choice, options);
  try {
    return await LocalWorkspace.createOrSelectStack(program, workspace).catch((error: unknown) => {
      // Of two first commands at once the other has just made it.
      if (/stack '.*' already exists/.test(messageOf(error))) return LocalWorkspace.selectStack(program, workspace);
      throw error;
    });
  } catch (error) {
    throw new UserError(openFailure(messageOf(error), program.stackName, choice.target === "local"));
  }
}

/** As {@link openStack}, but makes no stack: undefined when there is none. */
export async function openExistingStack(
  context: Context,
  choice: StackChoice,
  options: OpenOptions,
): Promise<Stack | undefined> {
  const { program, workspace } = await prepare(context, choice, options);
  try {
    return await LocalWorkspace.selectStack(program, workspace);
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    throw new UserError(openFailure(messageOf(error), program.stackName, choice.target === "local"));
  }
}

interface Prepared {
  readonly program: InlineProgramArgs;
  readonly workspace: LocalWorkspaceOptions;
}

async function prepare(context: Context, choice: StackChoice, options: OpenOptions): Promise<Prepared> {
  const { paths } = context;
  const { engine } = options;
  const name = stackName(choice);
  const isLocal = choice.target === "local";
  if (isLocal) {
    mkdirSync(paths.backend, { recursive: true });
    await releaseStaleLocks(paths, name);
    removeTornAttributes(paths, name);
  }
  const pulumiCommand = await PulumiCommand.get({ root: engine.root });
  // The program runs inside this process and looks up whom it connects as where it would under `pulumi up` by hand.
  Object.assign(process.env, options.connection);
  const settings = await stackSettings(paths, choice, pulumiCommand);
  return {
    program: {
      stackName: name,
      projectName: PROJECT,
      program: options.program ?? (await import("../../index.js")).default,
    },
    workspace: {
      workDir: settingsFolder(paths, choice),
      pulumiHome: engine.pulumiHome,
      pulumiCommand,
      envVars: engineEnvironment(context, choice, options),
      stackSettings: { [name]: settings },
      projectSettings: { name: PROJECT, runtime: "nodejs" },
      ...(isLocal ? { secretsProvider: "passphrase" } : {}),
    },
  };
}

/** Why a stack could not be opened, in the engine's words, and what to do. */
export function openFailure(message: string, stack: string, isLocal: boolean): string {
  const lines = message.split("\n").map((line) => line.trim());
  const error = lines.find((line) => /^(stderr: )?error: /.test(line)) ?? lines[0]!;
  const reason = error.replace(/^(stderr: )?error: /, "");
  if (/incorrect passphrase/i.test(message))
    return isLocal
      ? `The passphrase of the local state does not fit it: restore .workshop/passphrase, or run ./workshop local reset --state.`
      : `The passphrase of stack ${stack} is wrong: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`;
  if (/passphrase must be set/i.test(message))
    return `Stack ${stack} is encrypted by a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`;
  if (/PULUMI_ACCESS_TOKEN|log ?in/i.test(message))
    return "Pulumi has no backend: run pulumi login, or set PULUMI_BACKEND_URL (and PULUMI_ACCESS_TOKEN for Pulumi Cloud).";
  return `Stack ${stack} cannot be opened: ${reason}`;
}

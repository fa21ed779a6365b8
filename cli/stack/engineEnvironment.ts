import { mkdirSync } from "node:fs";
import * as path from "node:path";
import type { Engine } from "../../plugins/engine";
import type { Context, StackChoice } from "../context";
import type { Paths } from "../paths";
import type { DbtEnvironment } from "../setup/dbt";
import type { ConnectionEnvironment } from "./environment";
import { ensurePassphrase } from "./passphrase";

export interface EngineEnvironmentOptions {
  readonly engine: Engine;
  readonly connection: ConnectionEnvironment;
  /** Where dbt is; absent for operations that run no command of the stack. */
  readonly dbt?: DbtEnvironment;
}

/** What the engine finds in its environment, over the caller's own: backend, connection, programs. */
export function engineEnvironment(
  { env, paths }: Context,
  choice: StackChoice,
  { engine, connection, dbt }: EngineEnvironmentOptions,
): Record<string, string> {
  return {
    ...engine.env,
    ...connection,
    ...(choice.target === "local" ? localBackend(paths) : {}),
    // The stack's commands name node, dbt and the loader by these, so that no path of this computer stands in its state.
    ...(dbt ? { WORKSHOP_DBT: dbt.dbt } : {}),
    WORKSHOP_LOADER: paths.loaderProgram,
    WORKSHOP_ROOT: paths.root,
    DO_NOT_TRACK: "1",
    // Settings without an encryption of their own use the one that the stack's state names.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PATH: [path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
  };
}

/** Where the local target's stacks are kept, and the secret that encrypts them. Makes what is missing. */
function localBackend(paths: Paths): Record<string, string> {
  mkdirSync(paths.backend, { recursive: true });
  return {
    PULUMI_BACKEND_URL: `file://${paths.backend}`,
    PULUMI_CONFIG_PASSPHRASE: ensurePassphrase(paths),
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
  };
}

import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";

export const PROJECT = "snowflake-dynamic-tables-workshop";

/** Where things lie. All absolute. */
export interface Paths {
  /** The checkout. */
  readonly root: string;
  /** What the workshop makes for this checkout: `.workshop`, or WORKSHOP_STATE_DIR. */
  readonly state: string;
  /** Pulumi's file backend of the local target. */
  readonly backend: string;
  /** What belongs to the local target's stacks, a folder a stack; the engine works on the settings there. */
  readonly stacks: string;
  /** Copies of the settings of an account's stacks for the engine, a folder a stack. */
  readonly accountStacks: string;
  /** PULUMI_HOME of an engine that is not the user's own. */
  readonly pulumiHome: string;
  /** Secret of the local stacks' encryption. */
  readonly passphrase: string;
  /** snowglobe's data folder, and its log beside it. */
  readonly snowglobe: string;
  readonly snowglobeLog: string;
  readonly snowglobeProgram: string;
  readonly loaderProgram: string;
  /** What dbt writes: a folder for each analytics database (components/dbtEnvironment). */
  readonly dbtOutput: string;
  readonly dbtProject: string;
  readonly requirements: string;
  /** Bundles of this checkout's programs. */
  readonly build: string;
}

/**
 * @param env WORKSHOP_STATE_DIR, an absolute path or one relative to the current folder, moves all state (tests, bench)
 */
export function pathsOf(root: string, env: NodeJS.ProcessEnv): Paths {
  const state = env.WORKSHOP_STATE_DIR ? path.resolve(env.WORKSHOP_STATE_DIR) : path.join(root, ".workshop");
  const build = path.join(root, ".workshop", "build");
  return {
    root,
    state,
    backend: path.join(state, "state"),
    stacks: path.join(state, "stacks"),
    accountStacks: path.join(state, "account-stacks"),
    pulumiHome: path.join(state, "pulumi"),
    passphrase: path.join(state, "passphrase"),
    snowglobe: path.join(state, "snowglobe"),
    snowglobeLog: path.join(state, "snowglobe.log"),
    snowglobeProgram: path.join(root, "snowglobe", "dist", "main.cjs"),
    loaderProgram: path.join(build, "loader.cjs"),
    dbtOutput: path.join(root, ".workshop", "dbt"),
    dbtProject: path.join(root, "dbt"),
    requirements: path.join(root, "dbt", "requirements.txt"),
    build,
  };
}

/** The checkout that holds `from`. This code runs from its sources (tests) and from a bundle in `.workshop/build`. */
export function findRoot(from: string = __dirname): string {
  for (let dir = from; ; dir = path.dirname(dir)) {
    const manifest = path.join(dir, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === PROJECT)
      return dir;
    if (dir === path.dirname(dir)) throw new Error(`no checkout of ${PROJECT} above ${from}`);
  }
}

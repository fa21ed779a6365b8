import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { Git, type ChangedFile } from "./git";

/** A changed file of the dbt project. */
export interface DbtChange extends ChangedFile {
  /** By the folder it lies in. */
  readonly kind: "model" | "macro" | "seed" | "snapshot" | "test" | "settings";
  /** Differing lines in the unified form. */
  readonly diff: string;
}

/** How a dbt project differs from a commit. */
export interface DbtChanges {
  readonly base: { readonly name: string; readonly commit: string };
  readonly files: readonly DbtChange[];
  /** Models that did not change themselves, but read what did: they are built on other data or by other SQL. */
  readonly dependents: readonly string[];
}

const PROJECT = "dbt";

const KINDS: Readonly<Record<string, DbtChange["kind"]>> = {
  models: "model",
  macros: "macro",
  seeds: "seed",
  snapshots: "snapshot",
  tests: "test",
};

/**
 * What changed in the dbt project since the base, as its files say it: the SQL that people review, before dbt fills in
 * names and macros.
 *
 * @param root the checkout
 * @param base a git revision; see Git.baseCommit for the default
 * @throws UserError where there is no git or no such commit
 */
export async function dbtChanges(root: string, env: NodeJS.ProcessEnv, base?: string): Promise<DbtChanges> {
  const git = new Git(root, env);
  const compared = await git.baseCommit(base);
  const files: DbtChange[] = [];
  for (const file of await git.changedFiles(compared.commit, PROJECT)) {
    const kind = kindOf(file.path);
    if (kind) files.push({ ...file, kind, diff: await git.difference(compared.commit, file) });
  }
  const models = readModels(path.join(root, PROJECT, "models"));
  return { base: compared, files, dependents: dependentsOf(files, models, macrosOf(root, files)) };
}

/** Names of the macros in the changed files, those among them that are gone. */
function macrosOf(root: string, files: readonly DbtChange[]): string[] {
  const texts = files
    .filter(({ kind }) => kind === "macro")
    .map((file) =>
      file.change === "deleted" ? file.diff : readFileSync(path.join(root, file.path), "utf8") + file.diff,
    );
  return [...new Set(texts.flatMap((text) => [...text.matchAll(MACRO)].map(([, name]) => name!)))];
}

function kindOf(file: string): DbtChange["kind"] | undefined {
  const [, folder = "", ...rest] = file.split("/");
  if (/\.ya?ml$/.test(file) && (rest.length === 0 || KINDS[folder])) return "settings";
  return rest.length > 0 ? KINDS[folder] : undefined;
}

/** The name by which models refer to a model or seed: its file's. */
function nodeName(file: string): string {
  return path.posix.basename(file).replace(/\.\w+$/, "");
}

/** Texts of the models by name. */
function readModels(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".sql"));
  return new Map(
    files.map((file) => [path.basename(file, ".sql"), readFileSync(path.join(folder, file), "utf8")] as const),
  );
}

const REFERENCE = /\bref\(\s*(?:["'][\w.]+["']\s*,\s*)?["'](\w+)["']/g;
const MACRO = /\bmacro\s+(\w+)\s*\(/g;

/**
 * Models that read changed models, seeds or macros, directly or through others; pure.
 *
 * @param models texts by name
 * @param macros names of those that changed
 */
export function dependentsOf(
  files: readonly Pick<DbtChange, "path" | "kind">[],
  models: ReadonlyMap<string, string>,
  macros: readonly string[],
): string[] {
  const isNode = ({ kind }: Pick<DbtChange, "kind">): boolean => kind !== "macro" && kind !== "settings";
  const changed = new Set(files.filter(isNode).map((file) => nodeName(file.path)));
  const callsChanged = (text: string): boolean => macros.some((name) => new RegExp(`\\b${name}\\s*\\(`).test(text));
  const affected = new Set([...models].filter(([, text]) => callsChanged(text)).map(([name]) => name));
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, text] of models) {
      const reads = [...text.matchAll(REFERENCE)].map(([, read]) => read!);
      if (affected.has(name) || !reads.some((read) => changed.has(read) || affected.has(read))) continue;
      affected.add(name);
      grown = true;
    }
  }
  return [...affected].filter((name) => !changed.has(name)).sort();
}

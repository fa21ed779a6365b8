import { readFileSync } from "node:fs";
import * as path from "node:path";
import { spawn } from "node:child_process";
import { UserError } from "../errors";

/** A node of the dbt project, as in the manifest of a compiled project (dbt documentation: "Manifest JSON file"). */
export interface DbtNode {
  readonly unique_id: string;
  readonly resource_type: string;
  readonly name: string;
  readonly alias: string;
  readonly database: string;
  readonly schema: string;
  /** From the project's folder. */
  readonly original_file_path: string;
  /** The file that describes it, as `balboa://models/a.yml`. */
  readonly patch_path?: string | null;
  /** As dbt writes it into the SQL of others; none of tests. */
  readonly relation_name?: string | null;
  /** The query, with all names and macros filled in. */
  readonly compiled_code?: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly depends_on: { readonly nodes?: readonly string[]; readonly macros?: readonly string[] };
}

export interface DbtManifest {
  readonly nodes: Readonly<Record<string, DbtNode>>;
  readonly macros: Readonly<Record<string, { readonly original_file_path: string; readonly package_name: string }>>;
}

/**
 * Compiles the dbt project and gives its manifest. dbt asks the account which tables there are, and makes nothing.
 *
 * @param options `project`: its folder. `target`: where dbt may write. `env`: the connection and the names
 * @throws UserError with dbt's own reason
 */
export async function compiledManifest(
  dbt: string,
  { project, target, env, signal }: { project: string; target: string; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<DbtManifest> {
  const args = [
    "--no-use-colors",
    "--log-format",
    "text",
    "compile",
    "--project-dir",
    project,
    "--profiles-dir",
    project,
  ];
  const { code, output } = await run(dbt, args, {
    cwd: path.dirname(project),
    env: { ...env, DBT_TARGET_PATH: target, DBT_LOG_PATH: target },
    signal,
  });
  if (code !== 0) throw new UserError(`The dbt project does not compile: ${reasonOf(output)}`);
  return JSON.parse(readFileSync(path.join(target, "manifest.json"), "utf8")) as DbtManifest;
}

function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** dbt's error without its clock and the lines that only say that it works. */
function reasonOf(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\d\s+/, "").trim());
  const error = lines.findIndex((line) => /\berror\b/i.test(line));
  return lines.slice(Math.max(error, 0)).filter(Boolean).slice(0, 6).join(" ");
}

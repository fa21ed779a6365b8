import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../errors";

const run = promisify(execFile);

/** Bytes of a command's output; seeds may be long. */
const MAX_OUTPUT = 64 << 20;

/** A checkout's history. */
export class Git {
  constructor(
    private readonly root: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * The commit that changes are told against: where the work and `base` parted. Without a base: the branch that a pull
   * request goes to (GITHUB_BASE_REF), else origin's main branch or the local one, else the last commit.
   *
   * @throws UserError when there is no such commit here
   */
  async baseCommit(base?: string): Promise<{ readonly name: string; readonly commit: string }> {
    const target = this.env.GITHUB_BASE_REF;
    const candidates = base
      ? [base]
      : [...(target ? [`origin/${target}`, target] : ["origin/HEAD", "origin/main", "main"]), "HEAD"];
    for (const name of candidates) {
      const found = await this.quiet("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
      if (found === undefined) continue;
      const parted = await this.quiet("merge-base", found.trim(), "HEAD");
      // A shallow clone does not know where they parted: then the base as it is.
      return { name, commit: (parted ?? found).trim() };
    }
    throw new UserError(
      base
        ? `There is no commit ${base} in this checkout: fetch it, or name another one by --base.`
        : "This checkout has no git history to compare with: name a commit by --base, in a clone of the repository.",
    );
  }

  /** Files that differ between a commit and the working tree, files not yet added among them. */
  async changedFiles(commit: string, folder: string): Promise<ChangedFile[]> {
    const fields = (await this.output("diff", "--name-status", "-z", "--no-renames", commit, "--", folder)).split("\0");
    const tracked: ChangedFile[] = [];
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const change = ({ A: "added", D: "deleted" } as const)[fields[i]!] ?? "changed";
      tracked.push({ path: fields[i + 1]!, change });
    }
    const untracked = (await this.output("ls-files", "-z", "--others", "--exclude-standard", "--", folder)).split("\0");
    const added = untracked.filter(Boolean).map((path): ChangedFile => ({ path, change: "added" }));
    return [...tracked, ...added.filter(({ path }) => !tracked.some((file) => file.path === path))].sort((a, b) =>
      a.path < b.path ? -1 : 1,
    );
  }

  /** The lines of a file that differ, in the unified form without its heading. */
  async difference(commit: string, { path, change }: ChangedFile): Promise<string> {
    const options = ["--no-color", "--no-ext-diff", "--no-textconv", "--unified=3"];
    const text =
      change === "added"
        ? await this.output("diff", ...options, "--no-index", "--", "/dev/null", path)
        : await this.output("diff", ...options, "--no-renames", commit, "--", path);
    const begin = text.search(/^@@ /m);
    return begin === -1 ? "" : text.slice(begin).trimEnd();
  }

  private async quiet(...args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.output(...args);
    } catch {
      return undefined;
    }
  }

  private async output(...args: readonly string[]): Promise<string> {
    try {
      const options = { cwd: this.root, env: this.env, maxBuffer: MAX_OUTPUT };
      return (await run("git", args, options)).stdout;
    } catch (error) {
      const { code, stdout, stderr } = error as { code?: number | string; stdout?: string; stderr?: string };
      // Of files that no commit knows git tells a difference by exit code 1.
      if (code === 1 && args.includes("--no-index")) return stdout ?? "";
      const reason = code === "ENOENT" ? "there is no git" : (stderr?.trim().split("\n")[0] ?? "");
      throw new UserError(`The dbt project cannot be compared: ${reason || `git ${args[0]} failed`}.`);
    }
  }
}

export interface ChangedFile {
  /** From the checkout's root, with `/`. */
  readonly path: string;
  readonly change: "added" | "changed" | "deleted";
}

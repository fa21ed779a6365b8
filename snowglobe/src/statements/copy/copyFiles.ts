import type { Table } from "../../catalog/objects";
import { SnowflakeError } from "../../errors";
import type { StatementContext } from "../../execution/context";
import type { CopyOptions } from "./copyOptions";
import type { ResolvedLocation } from "../stage/files";
import { contentDigest, type StagedFile } from "../../account/stageFiles";

/** A file in the stage that a COPY is to load. */
export interface FileToLoad {
  readonly staged: StagedFile;
  /** How results and messages name it: with the stage's name in front where it is a named one. */
  readonly name: string;
  /** The stage that it lies in, as histories show it. */
  readonly place: string;
  /** Folder and path: what load metadata know it by. */
  readonly key: string;
}

/** The files of a COPY that the table has not loaded yet, by name. @throws SnowflakeError for a file that is not there */
export async function filesToLoad(
  resolved: ResolvedLocation,
  table: Table,
  options: CopyOptions,
  context: StatementContext,
): Promise<readonly FileToLoad[]> {
  const staged = await listed(resolved, options, context);
  const label = resolved.label === "" ? "" : `${resolved.label}/`;
  const files = staged.map((file) => ({
    staged: file,
    name: label + file.name,
    place: resolved.stage,
    key: `${resolved.folder}/${file.name}`,
  }));
  if (options.force) return withinLimit(files, options.sizeLimit);
  const loaded = await context.instance.loads.loadedFiles(
    table.id,
    context.startedOn,
    context.session.transaction?.storage,
  );
  const fresh: FileToLoad[] = [];
  for (const file of files) {
    const digests = loaded.get(file.key);
    if (!digests?.has(await digestIf(digests !== undefined, file.staged))) fresh.push(file);
  }
  return withinLimit(fresh, options.sizeLimit);
}

/** SIZE_LIMIT: the file that goes past the limit is the last; at least one is loaded. */
function withinLimit(files: readonly FileToLoad[], limit: number | undefined): readonly FileToLoad[] {
  if (limit === undefined || limit === 0) return files;
  let bytes = 0;
  return files.filter((file) => {
    const begun = bytes < limit;
    bytes += file.staged.size;
    return begun;
  });
}

async function digestIf(needed: boolean, file: StagedFile): Promise<string> {
  return needed ? contentDigest(file.file) : "";
}

async function listed(
  { folder, path }: ResolvedLocation,
  options: CopyOptions,
  context: StatementContext,
): Promise<StagedFile[]> {
  const { stageFiles } = context.instance;
  if (options.files) {
    const all = await stageFiles.list(folder, path, options.pattern, context.signal);
    return options.files.map((name) => {
      const full = path === "" || path.endsWith("/") ? path + name : `${path}/${name}`;
      const found = all.find((file) => file.name === full || file.name === path + name);
      if (!found) throw new SnowflakeError("091016", "22000", `Remote file '${full}' was not found in the stage.`);
      return found;
    });
  }
  return stageFiles.list(folder, path, options.pattern, context.signal);
}

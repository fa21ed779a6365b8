import type { Table } from "../../catalog/objects";
import type { StatementContext } from "../../execution/context";
import type { FileToLoad } from "./copyFiles";
import type { CopyOptions } from "./copyOptions";
import type { LoadPlan } from "./loadPlan";
import type { SourceFile } from "./sourceFile";

/** One COPY on its way. */
export interface Load {
  readonly table: Table;
  readonly options: CopyOptions;
  readonly context: StatementContext;
  readonly files: readonly LoadFile[];
}

export interface LoadFile extends FileToLoad {
  readonly file: SourceFile;
  readonly plan: LoadPlan;
}

import type { StatementModule } from "../../execution/statementModule";
import { createFileFormat, createStage, showFileFormats, showStages } from "./fileFormat";
import { get, list, put, remove } from "./files";

/** Stages, their files and file formats. */
export const stageModule: StatementModule = {
  handlers: { createStage, createFileFormat, put, get, list, remove },
  show: { STAGES: showStages, "FILE FORMATS": showFileFormats },
};

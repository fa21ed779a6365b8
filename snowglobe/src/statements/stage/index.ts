import type { StatementModule } from "../../execution/statementModule";
import { alterFileFormat, createFileFormat, describeFileFormat, showFileFormats } from "./fileFormat";
import { alterStage } from "./alterStage";
import { describeStage } from "./describeStage";
import { get, list, put, remove } from "./files";
import { createStage, showStages } from "./stage";
import { fileFormatDdl, stageDdl } from "./stageDdl";

/** Stages, their files and file formats. */
export const stageModule: StatementModule = {
  definitions: { createStage, alterStage, createFileFormat, alterFileFormat },
  queries: { list },
  commands: { put, get, remove },
  show: { STAGES: showStages, "FILE FORMATS": showFileFormats },
  describe: { STAGE: describeStage, "FILE FORMAT": describeFileFormat },
  ddl: { STAGE: stageDdl, "FILE FORMAT": fileFormatDdl },
};

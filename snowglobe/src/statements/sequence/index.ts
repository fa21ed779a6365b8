import type { StatementModule } from "../../execution/statementModule";
import { alterSequence, createSequence } from "./sequence";
import { describeSequence, showSequences } from "./showSequences";
import { sequenceDdl } from "./sequenceDdl";

/** Sequences. */
export const sequenceModule: StatementModule = {
  definitions: { createSequence, alterSequence },
  show: { SEQUENCES: showSequences },
  describe: { SEQUENCE: describeSequence },
  ddl: { SEQUENCE: sequenceDdl },
};

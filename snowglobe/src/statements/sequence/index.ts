import type { StatementModule } from "../../execution/statementModule";
import { alterSequence, createSequence } from "./sequence";
import { describeSequence, showSequences } from "./showSequences";

/** Sequences. */
export const sequenceModule: StatementModule = {
  handlers: { createSequence, alterSequence },
  show: { SEQUENCES: showSequences },
  describe: { SEQUENCE: describeSequence },
};

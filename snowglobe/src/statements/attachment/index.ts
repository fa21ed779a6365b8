import type { StatementModule } from "../../execution/statementModule";
import { alterAttachments } from "./alterAttachments";

/** Tags and policies on objects of all kinds. */
export const attachmentModule: StatementModule = { definitions: { alterAttachments } };

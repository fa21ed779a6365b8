import type { Statement } from "../../ast/statement";
import type { ObjectKind } from "../../ast/statements/common";
import type { TokenCursor } from "../cursor";
import { acceptForeignKind } from "../foreignKinds";
import { acceptObjectKind } from "../objectKind";
import { parseAlterAttachments } from "./attachment";
import { parseAlterAlert } from "./alert";
import { parseAlterDatabase, parseAlterSchema } from "./container";
import { parseAlterDynamicTable } from "./dynamicTable";
import { parseAlterIntegration } from "./integration";
import { parseAlterPolicy } from "./policy";
import { parseAlterRoutine } from "./routine";
import { parseAlterSequence } from "./sequence";
import { parseAlterSession } from "./session";
import { parseAlterFileFormat, parseAlterStage } from "./stage";
import { parseAlterStream } from "./stream";
import { parseAlterTag } from "./tag";
import { parseAlterTable } from "./table";
import { parseAlterTask } from "./task";
import { parseUnsupported } from "./unsupported";
import { parseAlterAccount, parseAlterRole, parseAlterUser } from "./user";
import { parseAlterView } from "./view";
import { parseAlterWarehouse } from "./warehouse";

type AlterRule = (cursor: TokenCursor, first: number) => Statement;

/** One rule a kind; a kind without one is refused by name on execution. */
const RULES: Partial<Record<ObjectKind, AlterRule>> = {
  ACCOUNT: parseAlterAccount,
  ALERT: parseAlterAlert,
  DATABASE: parseAlterDatabase,
  "DATABASE ROLE": (cursor, first) => parseAlterRole(cursor, first, true),
  "DYNAMIC TABLE": parseAlterDynamicTable,
  "FILE FORMAT": parseAlterFileFormat,
  FUNCTION: (cursor, first) => parseAlterRoutine(cursor, first, "alterFunction"),
  INTEGRATION: (cursor, first) => parseAlterIntegration(cursor, first, "INTEGRATION"),
  "MASKING POLICY": (cursor, first) => parseAlterPolicy(cursor, first, "alterMaskingPolicy"),
  "NOTIFICATION INTEGRATION": (cursor, first) => parseAlterIntegration(cursor, first, "NOTIFICATION INTEGRATION"),
  PROCEDURE: (cursor, first) => parseAlterRoutine(cursor, first, "alterProcedure"),
  ROLE: (cursor, first) => parseAlterRole(cursor, first, false),
  "ROW ACCESS POLICY": (cursor, first) => parseAlterPolicy(cursor, first, "alterRowAccessPolicy"),
  SCHEMA: parseAlterSchema,
  SEQUENCE: parseAlterSequence,
  STAGE: parseAlterStage,
  STREAM: parseAlterStream,
  TABLE: parseAlterTable,
  TAG: parseAlterTag,
  TASK: parseAlterTask,
  USER: parseAlterUser,
  VIEW: parseAlterView,
  WAREHOUSE: parseAlterWarehouse,
};

export function parseAlter(cursor: TokenCursor): Statement {
  const first = cursor.index;
  cursor.expect("ALTER");
  if (cursor.accept("SESSION")) return parseAlterSession(cursor, first);
  const kind = acceptObjectKind(cursor);
  if (kind === undefined) {
    const foreign = acceptForeignKind(cursor);
    if (foreign === undefined) throw cursor.unexpected();
    return parseUnsupported(cursor, first, `ALTER ${foreign}`);
  }
  const attachments = parseAlterAttachments(cursor, first, kind);
  if (attachments) return attachments;
  const rule = RULES[kind];
  return rule ? rule(cursor, first) : parseUnsupported(cursor, first, `ALTER ${kind}`);
}

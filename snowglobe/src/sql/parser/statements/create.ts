import { compilationError } from "../../../errors";
import type { Statement } from "../../ast/statement";
import type { ObjectKind } from "../../ast/statements/common";
import type { CreateHeader } from "../clauses";
import type { TokenCursor } from "../cursor";
import { acceptForeignKind } from "../foreignKinds";
import { acceptObjectKind } from "../objectKind";
import { parseCreateAlert } from "./alert";
import { parseCreateDatabase, parseCreateSchema } from "./container";
import { parseCreateDynamicTable } from "./dynamicTable";
import { parseCreateNotificationIntegration } from "./integration";
import { parseCreatePolicy } from "./policy";
import { parseCreateRoutine } from "./routine";
import { parseCreateSequence } from "./sequence";
import { parseCreateFileFormat, parseCreateStage } from "./stage";
import { parseCreateStream } from "./stream";
import { parseCreateTag } from "./tag";
import { parseCreateTable } from "./table";
import { parseCreateTask } from "./task";
import { parseUnsupported } from "./unsupported";
import { parseCreateDatabaseRole, parseCreateRole, parseCreateUser } from "./user";
import { parseCreateView } from "./view";
import { parseCreateWarehouse } from "./warehouse";

type CreateRule = (cursor: TokenCursor, header: CreateHeader) => Statement;

/** One rule a kind; a kind without one is refused by name on execution. */
const RULES: Partial<Record<ObjectKind, CreateRule>> = {
  ALERT: parseCreateAlert,
  DATABASE: parseCreateDatabase,
  "DATABASE ROLE": parseCreateDatabaseRole,
  "DYNAMIC TABLE": parseCreateDynamicTable,
  "FILE FORMAT": parseCreateFileFormat,
  FUNCTION: (cursor, header) => parseCreateRoutine(cursor, header, "createFunction"),
  "MASKING POLICY": (cursor, header) => parseCreatePolicy(cursor, header, "createMaskingPolicy"),
  "NOTIFICATION INTEGRATION": parseCreateNotificationIntegration,
  PROCEDURE: (cursor, header) => parseCreateRoutine(cursor, header, "createProcedure"),
  ROLE: parseCreateRole,
  "ROW ACCESS POLICY": (cursor, header) => parseCreatePolicy(cursor, header, "createRowAccessPolicy"),
  SCHEMA: parseCreateSchema,
  SEQUENCE: parseCreateSequence,
  STAGE: parseCreateStage,
  STREAM: parseCreateStream,
  TABLE: parseCreateTable,
  TAG: parseCreateTag,
  TASK: parseCreateTask,
  USER: parseCreateUser,
  VIEW: parseCreateView,
  WAREHOUSE: parseCreateWarehouse,
};

const MODIFIERS = [
  "LOCAL",
  "GLOBAL",
  "TRANSIENT",
  "TEMPORARY",
  "TEMP",
  "SCOPED",
  "VOLATILE",
  "SECURE",
  "RECURSIVE",
  "AGGREGATE",
] as const;
const TEMPORARY: ReadonlySet<string> = new Set(["TEMP", "TEMPORARY", "VOLATILE"]);

export function parseCreate(cursor: TokenCursor): Statement {
  const first = cursor.index;
  cursor.expect("CREATE");
  const orReplace = cursor.accept("OR", "REPLACE");
  const orAlter = !orReplace && cursor.accept("OR", "ALTER");
  const modifiers = new Set<string>();
  for (;;) {
    const word = cursor.acceptOneOf(...MODIFIERS);
    if (word === undefined) break;
    modifiers.add(TEMPORARY.has(word) ? "TEMPORARY" : word);
  }
  const kind = acceptObjectKind(cursor);
  const rule = kind && RULES[kind];
  if (rule) {
    if (orReplace && cursor.is("IF", "NOT", "EXISTS")) {
      throw compilationError("options IF NOT EXISTS and OR REPLACE are incompatible.");
    }
    return rule(cursor, { first, orReplace, orAlter, modifiers });
  }
  const foreign = kind ?? acceptForeignKind(cursor);
  if (foreign === undefined) throw cursor.unexpected();
  return parseUnsupported(cursor, first, `CREATE ${foreign}`);
}

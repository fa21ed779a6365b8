import type { StatementModule } from "../../execution/statementModule";
import { insert } from "./insert";
import { merge } from "./merge";
import { multiTableInsert } from "./multiTableInsert";
import { deleteRows, truncate, update } from "./updateDelete";

/** INSERT, UPDATE, DELETE, MERGE, TRUNCATE. */
export const dmlModule: StatementModule = {
  changes: { insert, multiTableInsert, update, delete: deleteRows, merge, truncate },
};

import { unsupported } from "../../errors";
import { StatementType } from "../../account/statementType";
import type { SessionVariable } from "../../execution/context";
import { selected, type ShowHandler } from "../../execution/listing";
import { TEXT, TIMESTAMP } from "../../execution/outcome";
import { NAME, shown, type ShownColumn } from "../../execution/shownColumn";
import type { DataType } from "../../sql/ast/dataType";

interface Listed extends SessionVariable {
  readonly name: string;
}

const SESSION_ID: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

/** How drivers call the types that a variable can have. */
const TYPES: Readonly<Record<string, string>> = { NUMBER: "fixed", FLOAT: "real", VARCHAR: "text", BOOLEAN: "boolean" };

const COLUMNS: readonly ShownColumn<Listed>[] = [
  ["session_id", SESSION_ID, (_, { session }) => session.id],
  ["created_on", TIMESTAMP, ({ createdOn }) => createdOn],
  ["updated_on", TIMESTAMP, ({ updatedOn }) => updatedOn],
  NAME,
  ["value", TEXT, ({ value }) => value],
  ["type", TEXT, ({ type }) => TYPES[type.kind]],
  ["comment", TEXT, () => ""],
];

/** The session's variables. Source: "SHOW VARIABLES". */
export const showVariables: ShowHandler = async (statement, context) => {
  if (statement.scope) throw unsupported("SHOW VARIABLES IN");
  const all = [...context.session.variables].map(([name, variable]): Listed => ({ ...variable, name }));
  return shown(COLUMNS, selected(statement, all), context, StatementType.SHOW);
};

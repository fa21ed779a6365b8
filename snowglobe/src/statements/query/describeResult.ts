import { SnowflakeError, unsupported } from "../../errors";
import type { ResultColumn } from "../../account/result";
import { StatementType } from "../../account/statementType";
import type { Handler } from "../../execution/context";
import { TEXT } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { flag, NAME, shown, type ShownColumn } from "../../execution/shownColumn";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import { argumentText, Binder } from "../../translate";

const COLUMNS: readonly ShownColumn<ResultColumn>[] = [
  NAME,
  ["type", TEXT, ({ type }) => dataTypeText(type)],
  ["kind", TEXT, () => "COLUMN"],
  ["null?", TEXT, ({ nullable }) => flag(nullable)],
  ["default", TEXT],
  ["primary key", TEXT, () => "N"],
  ["unique key", TEXT, () => "N"],
  ["check", TEXT],
  ["expression", TEXT],
  ["comment", TEXT],
];

/** Columns of a kept result of the user's. Source: "DESCRIBE RESULT". */
export const describeResult: Handler<StatementOf<"describeResult">> = async (statement, context) => {
  const { constant: id } = argumentText(new Binder(queryEnvironment(context), context.text).scalar(statement.queryId));
  if (id === undefined) throw unsupported("DESCRIBE RESULT of anything but a constant");
  const found = id === null ? undefined : context.instance.results.find(context.session.user.id, id);
  if (!found) throw new SnowflakeError("000709", "02000", `Statement ${id} not found`);
  return shown(COLUMNS, found.columns, context, StatementType.DESCRIBE);
};

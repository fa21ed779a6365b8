import { compilationError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { Binder, columnType, emitExpression, encodeForWire, translateDuckDbError } from "../../translate";
import type { TypedValue } from "../../translate/environment";
import type { Handler } from "../../execution/context";
import { succeeded } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { StatementType } from "../../account/statementType";

/** SET v = e. Source: "SET". Variables hold text, numbers and booleans. */
export const setVariables: Handler<StatementOf<"setVariables">> = async (statement, context) => {
  if (statement.names.length !== statement.values.length) {
    throw compilationError("Number of variables does not match number of values");
  }
  const binder = new Binder(queryEnvironment(context), context.text);
  const bound = statement.values.map((value) => binder.scalar(value));
  const values = await context.instance.storage.read(undefined, context.signal, async (reader) => {
    const found: TypedValue[] = [];
    for (const expression of bound) {
      const type = columnType(expression.type);
      if (!["NUMBER", "FLOAT", "VARCHAR", "BOOLEAN"].includes(type.kind)) throw unsupported(`SET of a ${type.kind}`);
      const sql = emitExpression(expression, {
        scan: () => {
          throw unsupported("SET of a subquery");
        },
      });
      try {
        const value = await reader.value(`SELECT ${encodeForWire(sql, type)}`);
        const text = value === null || value === undefined ? null : String(value);
        found.push({ type, value: type.kind === "BOOLEAN" && text !== null ? String(text === "1") : text });
      } catch (error) {
        throw translateDuckDbError(error);
      }
    }
    return found;
  });
  statement.names.forEach(({ name }, index) => context.session.variables.set(name, values[index]!));
  return succeeded(StatementType.SCL);
};

export const unsetVariables: Handler<StatementOf<"unsetVariables">> = async (statement, context) => {
  for (const { name } of statement.names) context.session.variables.delete(name);
  return succeeded(StatementType.SCL);
};

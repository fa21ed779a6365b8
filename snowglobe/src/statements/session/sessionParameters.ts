import { parameterDefinition, parameterValue } from "../../catalog/parameters";
import { isDocumentedParameter } from "../../catalog/documentedParameters";
import { compilationError, invalidValue, unsupported } from "../../errors";
import { propertyText } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler } from "../../execution/context";
import { succeeded } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { commitOpen } from "./transaction";
import { isTimezone } from "../../timezone";

/** ALTER SESSION SET | UNSET. Source: "ALTER SESSION". */
export const alterSession: Handler<StatementOf<"alterSession">> = async (statement, context) => {
  // All are checked before any is set.
  const values = statement.set.map((property) => {
    const text = propertyText(property.value);
    if (text === undefined) throw invalidValue(property.value.kind, property.name);
    const value = parameterValue(property.name, text);
    requireSessionLevel(property.name);
    if (property.name === "TIMEZONE" && !isTimezone(String(value))) throw invalidValue(text, "TIMEZONE");
    return [property.name, value] as const;
  });
  for (const name of statement.unset) requireSessionLevel(name);
  // Whatever the value is and was. Source: "Transactions", AUTOCOMMIT.
  if ([...values.map(([name]) => name), ...statement.unset].includes("AUTOCOMMIT")) await commitOpen(context);
  for (const [name, value] of values) context.session.parameters.set(name, value);
  for (const name of statement.unset) {
    // What the user is set to comes back; without that the default.
    const ofUser = context.session.user.parameters[name];
    if (ofUser === undefined) context.session.parameters.delete(name);
    else context.session.parameters.set(name, ofUser);
  }
  return succeeded(StatementType.ALTER_SESSION);
};

function requireSessionLevel(name: string): void {
  const definition = parameterDefinition(name);
  if (!definition && isDocumentedParameter(name)) throw unsupported(`parameter ${name}`);
  if (!definition?.levels.includes("SESSION")) {
    throw compilationError(`invalid parameter '${name}'`, "001006", "42000");
  }
}

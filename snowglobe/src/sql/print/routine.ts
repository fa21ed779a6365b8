import { dataTypeText } from "../ast/dataType";
import type { RoutineArgument, RoutineResult } from "../ast/statements/routine";
import { printIdentifier, words } from "./name";
import { printExpression } from "./query";

/** An argument of CREATE PROCEDURE, of a function or of a nested procedure. */
export function printArgument(argument: RoutineArgument): string {
  return words(
    printIdentifier(argument.name),
    argument.out && "OUT",
    dataTypeText(argument.type),
    argument.default && `DEFAULT ${printExpression(argument.default)}`,
  );
}

/** What follows RETURNS. */
export function printReturns(returns: RoutineResult): string {
  if (returns.kind === "type") return words(dataTypeText(returns.type), returns.notNull && "NOT NULL");
  return `TABLE (${returns.columns.map(({ name, type }) => `${printIdentifier(name)} ${dataTypeText(type)}`).join(", ")})`;
}

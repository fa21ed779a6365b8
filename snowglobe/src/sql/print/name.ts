import type { Identifier, ObjectName } from "../ast/identifier";
import { quoteIfNeeded, quoteName } from "../../quoting";

export function printIdentifier(identifier: Identifier): string {
  const { variable } = identifier;
  if (variable) return `IDENTIFIER(${printVariable(variable)})`;
  return identifier.quoted ? quoteName(identifier.name) : quoteIfNeeded(identifier.name);
}

export function printVariable(variable: NonNullable<Identifier["variable"]>): string {
  if (variable.kind === "sessionVariable") return `$${variable.name}`;
  if (variable.name !== undefined) return `:${quoteIfNeeded(variable.name)}`;
  return `:${variable.index}`;
}

export function printObjectName(name: ObjectName): string {
  return name.map(printIdentifier).join(".");
}

/** `(a, b)`. */
export function printColumns(columns: readonly Identifier[]): string {
  return `(${columns.map(printIdentifier).join(", ")})`;
}

/** Words and clauses with one blank between; empty and absent ones are left out. */
export function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}

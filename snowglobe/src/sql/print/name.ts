import type { Identifier, ObjectName } from "../ast/identifier";
import { quoteIdentifier } from "../lexer/literals";

const PLAIN = /^[A-Z_][A-Z0-9_$]*$/;

/** A name without its node, quoted where it must be. */
export function printWord(name: string): string {
  return PLAIN.test(name) ? name : quoteIdentifier(name);
}

export function printIdentifier(identifier: Identifier): string {
  const { variable } = identifier;
  if (variable) return `IDENTIFIER(${printVariable(variable)})`;
  return identifier.quoted ? quoteIdentifier(identifier.name) : printWord(identifier.name);
}

export function printVariable(variable: NonNullable<Identifier["variable"]>): string {
  if (variable.kind === "sessionVariable") return `$${variable.name}`;
  if (variable.name !== undefined) return `:${printWord(variable.name)}`;
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

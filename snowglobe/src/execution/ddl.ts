import type { BaseObject, CatalogObject, FileFormatOptions } from "../catalog/objects";
import { quoteString } from "../sql";
import type { StatementContext } from "./context";
import { qualified } from "../quoting";

/**
 * The CREATE statement that makes an object of a kind again, with its semicolon. Source: "GET_DDL".
 *
 * @param name of the object, as the statement is to call it
 */
export type DdlWriter<T extends CatalogObject = CatalogObject> = (
  object: T,
  name: string,
  context: StatementContext,
) => string;

/** Clauses that apply, each on a line of its own behind a tab; '' where none does. */
export function clauseLines(...clauses: readonly (string | false | null | undefined)[]): string {
  return clauses
    .filter(Boolean)
    .map((clause) => `\n\t${String(clause)}`)
    .join("");
}

/** `COMMENT='text'`, of an object that has one. */
export function commentClause({ comment }: Pick<BaseObject, "comment">): string | false {
  return comment !== "" && `COMMENT=${quoteString(comment)}`;
}

/** The parameters that are set on the object itself, as `NAME=value`. */
export function parameterClauses({ parameters }: Pick<BaseObject, "parameters">): string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${valueText(value)}`);
}

/** The options that a file format or stage was given, as `NAME = value`. */
export function formatClauses(options: FileFormatOptions): string[] {
  return Object.entries(options).map(([name, value]) => {
    const isWord = name === "TYPE" || name === "COMPRESSION" || value === "NONE" || value === "AUTO";
    return `${name} = ${isWord ? String(value) : valueText(value)}`;
  });
}

function valueText(value: FileFormatOptions[string]): string {
  if (typeof value === "string") return quoteString(value);
  if (Array.isArray(value)) return `(${value.map(String).map(quoteString).join(", ")})`;
  return String(value).toUpperCase();
}

/** The full name of an object that another one's statement refers to; undefined when it is gone. */
export function referredName(id: number, { instance: { catalog } }: StatementContext): string | undefined {
  const object = catalog.object(id);
  return object && qualified(catalog.pathOf(object));
}

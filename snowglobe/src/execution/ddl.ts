import type {
  BaseObject,
  CatalogObject,
  ColumnAttachments,
  FileFormatOptions,
  RelationObject,
} from "../catalog/objects";
import { quoteString } from "../sql";
import type { StatementContext } from "./context";
import { qualified, quoteIfNeeded } from "../quoting";

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

/** What is attached to a column: its masking policy and its tags. */
export function columnAttachments({ masking, tags }: ColumnAttachments, context: StatementContext): string[] {
  const policy = masking && referredName(masking.policyId, context);
  const using = masking && masking.columns.length > 1 ? ` USING (${columnNames(masking.columns)})` : "";
  return [...(policy === undefined ? [] : [`WITH MASKING POLICY ${policy}${using}`]), ...tagClauses(tags, context)];
}

/** What is attached to a table or view as a whole: its row access policy and its tags. */
export function relationAttachments(relation: RelationObject, context: StatementContext): string[] {
  const { rowAccess, tags } = relation;
  const policy = rowAccess && referredName(rowAccess.policyId, context);
  return [
    ...(policy === undefined ? [] : [`WITH ROW ACCESS POLICY ${policy} ON (${columnNames(rowAccess!.columns)})`]),
    ...tagClauses(tags, context),
  ];
}

/** Tags by their names, in order. */
export function tagClauses(tags: BaseObject["tags"], context: StatementContext): string[] {
  const texts = (tags ?? []).flatMap(({ tagId, value }) => {
    const name = referredName(tagId, context);
    return name === undefined ? [] : [`${name}=${quoteString(value)}`];
  });
  return texts.length === 0 ? [] : [`WITH TAG (${texts.sort().join(", ")})`];
}

function columnNames(names: readonly string[]): string {
  return names.map(quoteIfNeeded).join(", ");
}

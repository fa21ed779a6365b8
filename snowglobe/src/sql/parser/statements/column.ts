import { unsupported } from "../../../errors";
import type { Identifier } from "../../ast/identifier";
import type { ColumnConstraint, ColumnDefinition, Identity, TableConstraint } from "../../ast/statements/table";
import { TokenKind } from "../../lexer/tokens";
import { parseMaskingPolicy, parseTags, refusePolicies } from "../attachments";
import type { TokenCursor } from "../cursor";
import { parseDataType } from "../dataType";
import { parseColumnList, parseIdentifier, parseObjectName, parseOptionalColumnList } from "../identifier";

/** Words that begin something other than the type after a column's name. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  `NOT NULL DEFAULT AUTOINCREMENT IDENTITY COMMENT COLLATE CONSTRAINT PRIMARY UNIQUE FOREIGN REFERENCES WITH TAG MASKING
  PROJECTION AS`.split(/\s+/),
);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ColumnParts = Mutable<Omit<ColumnDefinition, "constraints" | "tags" | "span">> & {
  constraints: ColumnConstraint[];
  tags: ColumnDefinition["tags"][number][];
};

/** One column of CREATE TABLE or ADD COLUMN. Source: "CREATE TABLE". */
export function parseColumnDefinition(cursor: TokenCursor): ColumnDefinition {
  const first = cursor.index;
  if (cursor.is("CONSTRAINT")) throw cursor.unexpected();
  const column: ColumnParts = { name: parseIdentifier(cursor), notNull: false, constraints: [], tags: [] };
  if (cursor.kind === TokenKind.Word && !ATTRIBUTES.has(cursor.value)) column.type = parseDataType(cursor);
  while (parseAttribute(cursor, column));
  return { ...column, span: cursor.spanFrom(first) };
}

/** Reads one attribute into the column; false when none stands here. */
function parseAttribute(cursor: TokenCursor, column: ColumnParts): boolean {
  refusePolicies(cursor);
  const tags = parseTags(cursor);
  if (tags) {
    column.tags.push(...tags);
    return true;
  }
  const policy = column.maskingPolicy ? undefined : parseMaskingPolicy(cursor);
  if (policy) {
    column.maskingPolicy = policy;
    return true;
  }
  switch (cursor.value) {
    case "NOT":
      cursor.expect("NOT", "NULL");
      column.notNull = true;
      return true;
    case "NULL":
      cursor.index++;
      return true;
    case "DEFAULT":
      cursor.index++;
      column.default = cursor.grammar.expression(cursor);
      return true;
    case "AUTOINCREMENT":
    case "IDENTITY":
      cursor.index++;
      column.identity = parseIdentity(cursor);
      return true;
    case "COMMENT":
      cursor.index++;
      cursor.accept("=");
      column.comment = cursor.string();
      return true;
    case "COLLATE":
      cursor.index++;
      column.collation = cursor.string();
      return true;
    case "GENERATED":
      throw unsupported("GENERATED ALWAYS AS");
    case "AS":
      if (cursor.valueAhead(1) === "(") throw unsupported("virtual column");
      return false;
    default: {
      const constraint = parseColumnConstraint(cursor);
      if (constraint) column.constraints.push(constraint);
      return constraint !== undefined;
    }
  }
}

function parseIdentity(cursor: TokenCursor): Identity {
  let start = 1;
  let increment = 1;
  if (cursor.accept("(")) {
    start = cursor.integer();
    cursor.expect(",");
    increment = cursor.integer();
    cursor.expect(")");
  } else {
    for (;;) {
      if (cursor.accept("START")) {
        cursor.accept("WITH");
        start = optionalEquals(cursor);
      } else if (cursor.accept("INCREMENT")) {
        cursor.accept("BY");
        increment = optionalEquals(cursor);
      } else {
        break;
      }
    }
  }
  const order = cursor.acceptOneOf("ORDER", "NOORDER");
  return { start, increment, ...(order && { ordered: order === "ORDER" }) };
}

function optionalEquals(cursor: TokenCursor): number {
  cursor.accept("=");
  return cursor.integer();
}

function parseColumnConstraint(cursor: TokenCursor): ColumnConstraint | undefined {
  const first = cursor.index;
  const name = parseConstraintName(cursor);
  const kind = parseConstraintKind(cursor, "REFERENCES");
  if (kind === undefined) {
    if (name) throw cursor.unexpected();
    return undefined;
  }
  let references: ColumnConstraint["references"];
  if (kind === "foreignKey") {
    cursor.expect("REFERENCES");
    const table = parseObjectName(cursor);
    const column = cursor.is("(") ? parseColumnList(cursor)[0] : undefined;
    references = { table, ...(column && { column }) };
  }
  const options = parseConstraintOptions(cursor);
  return { kind, ...(name && { name }), ...(references && { references }), options, span: cursor.spanFrom(first) };
}

function parseConstraintName(cursor: TokenCursor): Identifier | undefined {
  return cursor.accept("CONSTRAINT") ? parseIdentifier(cursor) : undefined;
}

function parseConstraintKind(cursor: TokenCursor, foreign?: "REFERENCES"): TableConstraint["kind"] | undefined {
  if (cursor.accept("PRIMARY", "KEY")) return "primaryKey";
  if (cursor.accept("UNIQUE")) return "unique";
  if (cursor.accept("FOREIGN", "KEY")) return "foreignKey";
  if (foreign && cursor.is(foreign)) return "foreignKey";
  if (cursor.is("CHECK", "(")) throw unsupported("CHECK constraint");
  return undefined;
}

/** Whether an out-of-line constraint stands here. */
export function atTableConstraint(cursor: TokenCursor): boolean {
  return (
    cursor.is("CONSTRAINT") ||
    cursor.is("PRIMARY", "KEY") ||
    cursor.is("UNIQUE") ||
    cursor.is("FOREIGN", "KEY") ||
    cursor.is("CHECK", "(")
  );
}

/** Source: "CREATE | ALTER TABLE ... CONSTRAINT". */
export function parseTableConstraint(cursor: TokenCursor): TableConstraint {
  const first = cursor.index;
  const name = parseConstraintName(cursor);
  const kind = parseConstraintKind(cursor);
  if (kind === undefined) throw cursor.unexpected();
  const columns = parseColumnList(cursor);
  let references: TableConstraint["references"];
  if (kind === "foreignKey") {
    cursor.expect("REFERENCES");
    references = { table: parseObjectName(cursor), columns: parseOptionalColumnList(cursor) };
  }
  const options = parseConstraintOptions(cursor);
  return {
    kind,
    ...(name && { name }),
    columns,
    ...(references && { references }),
    options,
    span: cursor.spanFrom(first),
  };
}

const OPTION_PHRASES = [
  ...["NOT ENFORCED", "ENFORCED", "NOT DEFERRABLE", "DEFERRABLE", "INITIALLY DEFERRED", "INITIALLY IMMEDIATE"],
  ...["ENABLE", "DISABLE", "VALIDATE", "NOVALIDATE", "NORELY", "RELY", "MATCH FULL", "MATCH SIMPLE", "MATCH PARTIAL"],
  ...["UPDATE", "DELETE"].flatMap((event) =>
    ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"].map((action) => `ON ${event} ${action}`),
  ),
].map((phrase) => phrase.split(" "));

export function parseConstraintOptions(cursor: TokenCursor): string[] {
  const options: string[] = [];
  for (;;) {
    const words = OPTION_PHRASES.find((phrase) => cursor.is(...phrase));
    if (words === undefined) return options;
    cursor.index += words.length;
    options.push(words.join(" "));
  }
}

import { unsupported } from "../../errors";
import type { Expression } from "../ast/expression";
import type { ObjectName } from "../ast/identifier";
import type { Property } from "../ast/property";
import type { Query } from "../ast/query";
import type {
  CloneSource,
  ColumnLabel,
  MaskingPolicyUse,
  RowAccessPolicyUse,
  SourceText,
  TagAssignment,
} from "../ast/statements/common";
import type { EmbeddedExpression, EmbeddedStatement } from "../ast/statements/task";
import { parseMaskingPolicy, parseRowAccessPolicy, parseTags, refusePolicies } from "./attachments";
import type { TokenCursor } from "./cursor";
import { parseDataType } from "./dataType";
import { parseIdentifier, parseObjectName } from "./identifier";
import { atProperty, parseProperty } from "./property";
import { parseTimeTravel } from "./timeTravel";

/** Clauses that statements of several kinds share. */

/** What stood before the object's kind in a CREATE. */
export interface CreateHeader {
  /** Index of the token CREATE. */
  readonly first: number;
  readonly orReplace: boolean;
  readonly orAlter: boolean;
  /** TRANSIENT, TEMPORARY, SECURE, RECURSIVE, AGGREGATE ... */
  readonly modifiers: ReadonlySet<string>;
}

export interface CreateName {
  readonly orReplace: boolean;
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
}

/** `[IF NOT EXISTS] name`. */
export function parseCreateName(cursor: TokenCursor, header: CreateHeader): CreateName {
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  const { orReplace, orAlter } = header;
  return { orReplace, orAlter, ifNotExists, name: parseObjectName(cursor) };
}

/** `[IF EXISTS] name`. */
export function parseTarget(cursor: TokenCursor): { ifExists: boolean; name: ObjectName } {
  const ifExists = cursor.accept("IF", "EXISTS");
  return { ifExists, name: parseObjectName(cursor) };
}

/** `CLONE source [AT | BEFORE (...)]` if it stands here. */
export function parseClone(cursor: TokenCursor): CloneSource | undefined {
  if (!cursor.accept("CLONE")) return undefined;
  const name = parseObjectName(cursor);
  const timeTravel = parseTimeTravel(cursor);
  return { name, ...(timeTravel && { timeTravel }) };
}

/** The clauses that may follow a table-like object's name, in any order. */
export interface ObjectClauses {
  readonly properties: Property[];
  readonly tags: TagAssignment[];
  readonly copyGrants: boolean;
  readonly clusterBy?: readonly Expression[];
  readonly rowAccessPolicy?: RowAccessPolicyUse;
}

/**
 * Reads properties, TAG, ROW ACCESS POLICY, COPY GRANTS and CLUSTER BY in any order, until something else comes. `other` is asked first
 * and says whether it took a clause of the kind's own.
 */
export function parseObjectClauses(cursor: TokenCursor, other: () => boolean = () => false): ObjectClauses {
  const properties: Property[] = [];
  const tags: TagAssignment[] = [];
  let copyGrants = false;
  let clusterBy: Expression[] | undefined;
  let rowAccessPolicy: RowAccessPolicyUse | undefined;
  for (;;) {
    if (other()) continue;
    refusePolicies(cursor);
    const someTags = parseTags(cursor);
    const someRows = rowAccessPolicy ? undefined : parseRowAccessPolicy(cursor);
    if (someTags) tags.push(...someTags);
    else if (someRows) rowAccessPolicy = someRows;
    else if (atProperty(cursor)) properties.push(parseProperty(cursor));
    else if (cursor.accept("COPY", "GRANTS")) copyGrants = true;
    else if (cursor.is("COPY", "TAGS")) throw unsupported("COPY TAGS");
    else if (cursor.is("CLUSTER", "BY")) clusterBy = parseClusterBy(cursor);
    else if (properties.length > 0 && cursor.is(",") && cursor.valueAhead(2) === "=") cursor.index++;
    else {
      return {
        properties,
        tags,
        copyGrants,
        ...(clusterBy && { clusterBy }),
        ...(rowAccessPolicy && { rowAccessPolicy }),
      };
    }
  }
}

/** `CLUSTER BY [LINEAR] (e, ...)`. */
export function parseClusterBy(cursor: TokenCursor): Expression[] {
  cursor.expect("CLUSTER", "BY");
  if (cursor.is("LINEAR", "(")) cursor.index++;
  return cursor.parenthesized(() => cursor.grammar.expression(cursor));
}

/**
 * `(name [MASKING POLICY ...] [TAG ...] [COMMENT 'text'], ...)` of a view or dynamic table, if a parenthesis stands here.
 *
 * @param typed a type may follow the name, as in a dynamic table
 */
export function parseColumnLabels(cursor: TokenCursor, typed = false): ColumnLabel[] {
  if (!cursor.is("(")) return [];
  return cursor.parenthesized(() => {
    const first = cursor.index;
    const name = parseIdentifier(cursor);
    const type = typed && !LABEL_CLAUSES.has(cursor.value) ? parseDataType(cursor) : undefined;
    const tags: TagAssignment[] = [];
    let maskingPolicy: MaskingPolicyUse | undefined;
    let comment: string | undefined;
    for (;;) {
      refusePolicies(cursor);
      const someTags = parseTags(cursor);
      const somePolicy = maskingPolicy ? undefined : parseMaskingPolicy(cursor);
      if (someTags) tags.push(...someTags);
      else if (somePolicy) maskingPolicy = somePolicy;
      else if (cursor.accept("COMMENT")) comment = cursor.string();
      else break;
    }
    return {
      name,
      ...(type && { type }),
      tags,
      ...(maskingPolicy && { maskingPolicy }),
      ...(comment !== undefined && { comment }),
      span: cursor.spanFrom(first),
    };
  });
}

/** What may follow a column's name where it has no type. */
const LABEL_CLAUSES: ReadonlySet<string> = new Set([",", ")", "COMMENT", "WITH", "TAG", "MASKING", "PROJECTION"]);

/** What a rule read, from after the token before it (AS, THEN): comments that stand there belong to the text. */
function sourceText(cursor: TokenCursor, afterIndex: number): SourceText {
  const { text, ends } = cursor.tokens;
  const from = ends[afterIndex]!;
  const end = ends[cursor.index - 1]!;
  const raw = text.slice(from, end);
  const start = from + (raw.length - raw.trimStart().length);
  return { text: text.slice(start, end), span: { start, end } };
}

/** The query after AS. */
export function parseBodyQuery(cursor: TokenCursor): { query: Query; body: SourceText } {
  const as = cursor.index;
  cursor.expect("AS");
  const query = cursor.grammar.query(cursor);
  return { query, body: sourceText(cursor, as) };
}

/** A statement inside another; the token before it has been taken. */
export function parseEmbeddedStatement(cursor: TokenCursor): EmbeddedStatement {
  const before = cursor.index - 1;
  const statement = cursor.grammar.statement(cursor);
  return { ...sourceText(cursor, before), statement };
}

/** An expression in the user's words; the token before it has been taken. */
export function parseEmbeddedExpression(cursor: TokenCursor): EmbeddedExpression {
  const before = cursor.index - 1;
  const expression = cursor.grammar.expression(cursor);
  return { ...sourceText(cursor, before), expression };
}

/** `IF EXISTS`-free parenthesised list of type names as written: `(INT, VARCHAR)`, `()`. */
export function parseArgumentTypes(cursor: TokenCursor): string[] {
  if (cursor.accept("(", ")")) return [];
  return cursor.parenthesized(() => {
    const first = cursor.index;
    cursor.index++;
    if (cursor.is("(")) {
      cursor.index++;
      while (!cursor.accept(")")) {
        if (cursor.atEnd) throw cursor.unexpected();
        cursor.index++;
      }
    }
    return cursor.slice(cursor.spanFrom(first)).toUpperCase();
  });
}

import { compilationError, unsupported } from "../../../errors";
import type {
  AlterColumn,
  AlterTable,
  AlterTableAction,
  ColumnChange,
  ColumnDefinition,
  ConstraintReference,
  CreateTable,
  TableConstraint,
  TableOrigin,
} from "../../ast/statements/table";
import { parseCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseBodyQuery,
  parseClone,
  parseClusterBy,
  parseCreateName,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseDataType } from "../dataType";
import { parseColumnList, parseIdentifier, parseObjectName } from "../identifier";
import { atTableConstraint, parseColumnDefinition, parseConstraintOptions, parseTableConstraint } from "./column";

/** Source: "CREATE TABLE". */
export function parseCreateTable(cursor: TokenCursor, header: CreateHeader): CreateTable {
  const name = parseCreateName(cursor, header);
  const columns: ColumnDefinition[] = [];
  const constraints: TableConstraint[] = [];
  const parseElements = (): boolean => {
    if (columns.length > 0 || !cursor.is("(")) return false;
    cursor.parenthesized(() => {
      if (atTableConstraint(cursor)) constraints.push(parseTableConstraint(cursor));
      else columns.push(parseColumnDefinition(cursor));
    });
    return true;
  };
  let source: TableOrigin | undefined;
  const parseOwn = (): boolean => {
    if (parseElements()) return true;
    const origin = source ? undefined : parseOrigin(cursor);
    source ??= origin;
    return origin !== undefined;
  };
  const clauses = parseObjectClauses(cursor, parseOwn);
  if (columns.length === 0 && source === undefined) throw cursor.unexpected();
  const untyped = columns.find((column) => column.type === undefined);
  if (source === undefined && untyped) {
    throw compilationError(`Missing data type of column '${untyped.name.name}' in CREATE TABLE without AS.`);
  }
  const { modifiers } = header;
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createTable",
    ...name,
    persistence: modifiers.has("TEMPORARY") ? "TEMPORARY" : modifiers.has("TRANSIENT") ? "TRANSIENT" : "PERMANENT",
    columns,
    constraints,
    ...clauses,
    ...(source && { source }),
    text: cursor.slice(span),
    span,
  };
}

function parseOrigin(cursor: TokenCursor): TableOrigin | undefined {
  if (cursor.is("AS")) {
    const { query, body } = parseBodyQuery(cursor);
    return { kind: "query", query, source: body };
  }
  if (cursor.accept("LIKE")) return { kind: "like", name: parseObjectName(cursor) };
  if (cursor.accept("USING", "TEMPLATE")) {
    cursor.expect("(");
    const query = cursor.grammar.query(cursor);
    cursor.expect(")");
    return { kind: "template", query };
  }
  const clone = parseClone(cursor);
  return clone && { kind: "clone", ...clone };
}

/** Source: "ALTER TABLE". */
export function parseAlterTable(cursor: TokenCursor, first: number): AlterTable {
  const target = parseTarget(cursor);
  const actions = parseActions(cursor);
  return { kind: "alterTable", ...target, actions, span: cursor.spanFrom(first) };
}

function parseActions(cursor: TokenCursor): AlterTableAction[] {
  if (cursor.is("ALTER") || cursor.is("MODIFY")) {
    if (ALTERED_CONSTRAINTS.some((words) => cursor.is(cursor.value, ...words))) return [parseAlterConstraint(cursor)];
    return parseAlterColumns(cursor);
  }
  if (cursor.accept("ADD")) return [parseAdd(cursor)];
  if (cursor.accept("DROP")) return [parseDrop(cursor)];
  if (cursor.accept("RENAME", "COLUMN")) {
    const from = parseIdentifier(cursor);
    cursor.expect("TO");
    return [{ action: "renameColumn", from, to: parseIdentifier(cursor) }];
  }
  if (cursor.accept("RENAME", "CONSTRAINT")) {
    const from = parseIdentifier(cursor);
    cursor.expect("TO");
    return [{ action: "renameConstraint", from, to: parseIdentifier(cursor) }];
  }
  if (cursor.accept("SWAP", "WITH")) return [{ action: "swapWith", name: parseObjectName(cursor) }];
  if (cursor.is("CLUSTER", "BY")) return [{ action: "clusterBy", expressions: parseClusterBy(cursor) }];
  if (cursor.accept("SUSPEND", "RECLUSTER")) return [{ action: "suspendRecluster" }];
  if (cursor.accept("RESUME", "RECLUSTER")) return [{ action: "resumeRecluster" }];
  if (cursor.is("RECLUSTER")) throw unsupported("ALTER TABLE ... RECLUSTER");
  const common = parseCommonAlterAction(cursor);
  if (common === undefined) throw cursor.unexpected();
  return [common];
}

function refuseTableFeatures(cursor: TokenCursor, verb: string): void {
  if (cursor.is("SEARCH", "OPTIMIZATION")) throw unsupported(`ALTER TABLE ... ${verb} SEARCH OPTIMIZATION`);
  if (cursor.is("DATA", "METRIC")) throw unsupported("DATA METRIC FUNCTION");
}

function parseAdd(cursor: TokenCursor): AlterTableAction {
  refuseTableFeatures(cursor, "ADD");
  if (atTableConstraint(cursor)) return { action: "addConstraint", constraint: parseTableConstraint(cursor) };
  cursor.accept("COLUMN");
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  const columns = cursor.list(() => {
    cursor.accept("COLUMN");
    if (ifNotExists) cursor.accept("IF", "NOT", "EXISTS");
    const column = parseColumnDefinition(cursor);
    if (column.type === undefined) throw cursor.unexpected();
    return column;
  });
  return { action: "addColumns", ifNotExists, columns };
}

function parseDrop(cursor: TokenCursor): AlterTableAction {
  refuseTableFeatures(cursor, "DROP");
  if (cursor.accept("CLUSTERING", "KEY")) return { action: "dropClusteringKey" };
  const constraint = parseConstraintReference(cursor);
  if (constraint) {
    cursor.acceptOneOf("CASCADE", "RESTRICT");
    return { action: "dropConstraint", constraint };
  }
  cursor.accept("COLUMN");
  const ifExists = cursor.accept("IF", "EXISTS");
  const names = cursor.list(() => {
    cursor.accept("COLUMN");
    return parseIdentifier(cursor);
  });
  return { action: "dropColumns", ifExists, names };
}

const ALTERED_CONSTRAINTS = [["CONSTRAINT"], ["PRIMARY", "KEY"], ["UNIQUE", "("], ["FOREIGN", "KEY"]];

/** `ALTER | MODIFY constraint option ...`. Source: "CREATE | ALTER TABLE ... CONSTRAINT". */
function parseAlterConstraint(cursor: TokenCursor): AlterTableAction {
  cursor.index++;
  const constraint = parseConstraintReference(cursor)!;
  const options = parseConstraintOptions(cursor);
  if (options.length === 0) throw cursor.unexpected();
  return { action: "alterConstraint", constraint, options };
}

/** A constraint by its name or by what it is, if one stands here. */
function parseConstraintReference(cursor: TokenCursor): ConstraintReference | undefined {
  if (cursor.accept("CONSTRAINT")) return { kind: "name", name: parseIdentifier(cursor) };
  if (cursor.accept("PRIMARY", "KEY")) return { kind: "primaryKey" };
  if (cursor.accept("UNIQUE")) return { kind: "unique", columns: parseColumnList(cursor) };
  if (cursor.accept("FOREIGN", "KEY")) return { kind: "foreignKey", columns: parseColumnList(cursor) };
  return undefined;
}

/** `ALTER | MODIFY [COLUMN] c change, [COLUMN] d change, ...`, also in parentheses. Source: "ALTER TABLE ... ALTER COLUMN". */
export function parseAlterColumns(cursor: TokenCursor): AlterColumn[] {
  cursor.expectOneOf("ALTER", "MODIFY");
  const parseOne = (): AlterColumn => {
    cursor.acceptOneOf("ALTER", "MODIFY");
    cursor.accept("COLUMN");
    return { action: "alterColumn", column: parseIdentifier(cursor), change: parseColumnChange(cursor) };
  };
  return cursor.is("(") ? cursor.parenthesized(parseOne) : cursor.list(parseOne);
}

function parseColumnChange(cursor: TokenCursor): ColumnChange {
  if (cursor.accept("DROP", "DEFAULT")) return { kind: "dropDefault" };
  if (cursor.accept("DROP", "NOT", "NULL")) return { kind: "dropNotNull" };
  if (cursor.accept("UNSET", "COMMENT")) return { kind: "unsetComment" };
  if (cursor.is("UNSET", "PROJECTION") || cursor.is("SET", "PROJECTION")) throw unsupported("PROJECTION POLICY");
  if (cursor.accept("COMMENT")) return { kind: "comment", comment: cursor.string() };
  const set = cursor.accept("SET");
  if (set && cursor.accept("DEFAULT")) return { kind: "setDefault", expression: cursor.grammar.expression(cursor) };
  if (cursor.accept("NOT", "NULL")) return { kind: "setNotNull" };
  if (!cursor.accept("DATA", "TYPE")) cursor.accept("TYPE");
  return { kind: "setType", type: parseDataType(cursor) };
}

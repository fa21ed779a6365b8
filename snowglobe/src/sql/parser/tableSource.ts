import { compilationError, unsupported } from "../../errors";
import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type { JoinSource, Sample, SourceAlias, TableSource, ValuesSource } from "../ast/query";
import { CLAUSE_BEFORE_PARENTHESIS, NOT_A_TABLE_ALIAS, NOT_IN_FROM, RESERVED } from "../keywords";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { parseColumnList, parseIdentifier, parseObjectName, parseVariable, takeIdentifier } from "./identifier";
import { parsePivot, parseUnpivot } from "./pivot";
import { Power } from "./power";
import { atStageLocation, parseStageLocation, parseStageSource } from "./stageLocation";
import { parseChanges, parseTimeTravel } from "./timeTravel";
import { parseValues } from "./values";

/** The sources after FROM. Source: "FROM", "JOIN". */
export function parseFrom(cursor: TokenCursor): TableSource[] {
  return cursor.list(() => parseTableSource(cursor));
}

/** One source with its joins. */
export function parseTableSource(cursor: TokenCursor): TableSource {
  const first = cursor.index;
  cursor.enter();
  let left = parseItem(cursor);
  for (;;) {
    const join = parseJoinWords(cursor);
    if (join === undefined) break;
    left = parseJoin(cursor, join, left, first);
  }
  cursor.leave();
  return left;
}

type JoinWords = Pick<JoinSource, "type" | "natural" | "directed">;

/** `[NATURAL] [INNER | {LEFT | RIGHT | FULL} [OUTER] | CROSS] [DIRECTED] JOIN`, `ASOF JOIN`; nothing else is taken. */
function parseJoinWords(cursor: TokenCursor): JoinWords | undefined {
  const first = cursor.index;
  const natural = cursor.accept("NATURAL");
  const word = cursor.acceptOneOf("INNER", "LEFT", "RIGHT", "FULL", ...(natural ? [] : (["CROSS", "ASOF"] as const)));
  const side = word === "LEFT" || word === "RIGHT" || word === "FULL";
  if (side) cursor.accept("OUTER");
  const directed = word !== undefined && word !== "ASOF" && cursor.accept("DIRECTED");
  if (!cursor.accept("JOIN")) {
    if (natural || directed || side) throw cursor.unexpected();
    cursor.index = first;
    return undefined;
  }
  return { type: word ?? "INNER", natural, ...(directed && { directed }) };
}

function parseJoin(cursor: TokenCursor, join: JoinWords, left: TableSource, first: number): JoinSource {
  const right = parseItem(cursor, true);
  let matchCondition: Expression | undefined;
  if (join.type === "ASOF") {
    cursor.expect("MATCH_CONDITION", "(");
    matchCondition = cursor.grammar.expression(cursor);
    cursor.expect(")");
  }
  const conditional = join.type !== "CROSS" && !join.natural;
  const on = conditional && cursor.accept("ON") ? cursor.grammar.expression(cursor) : undefined;
  const using = conditional && !on && cursor.accept("USING") ? parseColumnList(cursor) : undefined;
  const readOrder = on || using ? parseReadOrder(cursor, join, left, right) : undefined;
  return {
    kind: "join",
    ...join,
    ...(readOrder && { readOrder }),
    left,
    right,
    ...(on && { on }),
    ...(using && { using }),
    ...(matchCondition && { matchCondition }),
    span: cursor.spanFrom(first),
  };
}

/** FIRST(alias) or LAST(alias). Source: "JOIN", usage notes on the read-order clause. */
function parseReadOrder(
  cursor: TokenCursor,
  join: JoinWords,
  left: TableSource,
  right: TableSource,
): JoinSource["readOrder"] {
  if (!cursor.is("FIRST", "(") && !cursor.is("LAST", "(")) return undefined;
  const word = cursor.expectOneOf("FIRST", "LAST");
  cursor.expect("(");
  const alias = parseIdentifier(cursor);
  cursor.expect(")");
  if (!join.directed) throw compilationError("FIRST or LAST is only valid on a DIRECTED JOIN.", "001867", "42601");
  if (![left, right].some((side) => nameOf(side) === alias.name)) {
    throw compilationError(
      `FIRST or LAST requires two direct operands, and alias '${alias.name}' must name one of them.`,
      "001868",
      "42601",
    );
  }
  return { word, alias };
}

function nameOf(source: TableSource): string | undefined {
  if (source.kind === "join") return undefined;
  return source.alias?.name ?? (source.kind === "table" ? source.name.at(-1)!.name : undefined);
}

/** A source without joins, with its pivots. No UNPIVOT follows a joined one. Source: "UNPIVOT", usage notes. */
function parseItem(cursor: TokenCursor, joined = false): TableSource {
  const first = cursor.index;
  let source = parsePrimarySource(cursor);
  for (;;) {
    if (cursor.is("PIVOT", "(")) source = withAlias(cursor, parsePivot(cursor, source, first), first);
    else if (cursor.is("UNPIVOT") && joined) throw cursor.unexpected();
    else if (cursor.is("UNPIVOT")) source = withAlias(cursor, parseUnpivot(cursor, source, first), first);
    else if (cursor.is("MATCH_RECOGNIZE", "(")) throw unsupported("MATCH_RECOGNIZE");
    else if (cursor.is("RESAMPLE", "(")) throw unsupported("RESAMPLE");
    else return source;
  }
}

function parsePrimarySource(cursor: TokenCursor): TableSource {
  const first = cursor.index;
  if (cursor.kind === TokenKind.Stage || (cursor.kind === TokenKind.String && cursor.source.startsWith("'@"))) {
    return withAlias(cursor, parseStageSource(cursor), first);
  }
  if (cursor.is("DIRECTORY", "(") && atStageLocation(cursor, 2)) {
    cursor.index += 2;
    const location = parseStageLocation(cursor);
    cursor.expect(")");
    const span = cursor.spanFrom(first);
    return withAlias(cursor, { kind: "stage", location, directory: true, columnAliases: [], span }, first);
  }
  if (cursor.kind === TokenKind.Positional) {
    const back = Number(cursor.source.slice(1));
    cursor.index++;
    return withAlias(cursor, { kind: "pipeResult", back, columnAliases: [], span: cursor.spanFrom(first) }, first);
  }
  if (cursor.is("(")) return parseParenthesis(cursor);
  if (cursor.is("VALUES")) return parseValuesSource(cursor, first);
  if (cursor.is("LATERAL")) return parseLateral(cursor);
  if (cursor.is("TABLE", "(")) return parseTableFunction(cursor, false, first);
  if (NOT_IN_FROM.has(cursor.value)) throw cursor.unexpected();
  return parseTable(cursor);
}

/** No names of tables unless quoted. Source: "ASOF JOIN". */
const ASOF_WORDS: ReadonlySet<string> = new Set(["ASOF", "MATCH_CONDITION"]);

/** FROM items of Snowflake's that look like calls. */
const UNSUPPORTED_SOURCES: ReadonlySet<string> = new Set(["DIRECTORY", "SEMANTIC_VIEW"]);

function parseTable(cursor: TokenCursor): TableSource {
  const first = cursor.index;
  if (UNSUPPORTED_SOURCES.has(cursor.value) && cursor.valueAhead(1) === "(") {
    throw unsupported(`FROM ${cursor.value}(...)`);
  }
  const boundary = cursor.is("DYNAMIC_TABLE_REFRESH_BOUNDARY", "(");
  if (boundary) cursor.index += 2;
  if (!boundary && ASOF_WORDS.has(cursor.value) && cursor.valueAhead(1) !== ".") throw cursor.unexpected();
  const name = parseObjectName(cursor);
  if (boundary) cursor.expect(")");
  if (cursor.is("(")) throw cursor.unexpected();
  const changes = cursor.is("CHANGES", "(") ? parseChanges(cursor) : undefined;
  const timeTravel = changes ? undefined : parseTimeTravel(cursor);
  const table = {
    kind: "table" as const,
    name,
    ...(boundary && { boundary }),
    ...(timeTravel && { timeTravel }),
    ...(changes && { changes }),
    columnAliases: [],
    span: cursor.spanFrom(first),
  };
  return withAlias(cursor, table, first);
}

function parseValuesSource(cursor: TokenCursor, first: number): TableSource {
  const source: ValuesSource = {
    kind: "valuesSource",
    values: parseValues(cursor),
    columnAliases: [],
    span: cursor.spanFrom(first),
  };
  return withAlias(cursor, source, first);
}

/** `(query) alias`, `(a JOIN b ...)`, `((query) UNION ...) alias`. */
function parseParenthesis(cursor: TokenCursor): TableSource {
  const first = cursor.index;
  cursor.expect("(");
  if (cursor.is("SELECT") || cursor.is("WITH") || cursor.is("VALUES")) return parseDerived(cursor, false, first);
  const innerFirst = cursor.index;
  const source = parseTableSource(cursor);
  if (isBareQuery(source) && !cursor.is(")")) {
    const query = cursor.grammar.queryAfter(cursor, source.query, innerFirst);
    return finishDerived(cursor, false, query, first);
  }
  cursor.expect(")");
  if (source.kind === "join") {
    if (cursor.is("AS") || atTableAlias(cursor)) throw unsupported("alias of a parenthesised join");
    return source;
  }
  return source.alias ? source : withAlias(cursor, source, first);
}

function isBareQuery(source: TableSource): source is Extract<TableSource, { kind: "derived" }> {
  return source.kind === "derived" && !source.alias && !source.lateral;
}

function parseDerived(cursor: TokenCursor, lateral: boolean, first: number): TableSource {
  return finishDerived(cursor, lateral, cursor.grammar.query(cursor), first);
}

type ParsedQuery = ReturnType<TokenCursor["grammar"]["query"]>;

function finishDerived(cursor: TokenCursor, lateral: boolean, query: ParsedQuery, first: number): TableSource {
  cursor.expect(")");
  const plain = query.ctes.length === 0 && query.orderBy.length === 0 && !query.limit && !query.offset;
  const base = { columnAliases: [], span: cursor.spanFrom(first) };
  if (!lateral && plain && query.body.kind === "values") {
    return withAlias(cursor, { kind: "valuesSource", values: query.body, ...base }, first);
  }
  return withAlias(cursor, { kind: "derived", lateral, query, ...base }, first);
}

function parseLateral(cursor: TokenCursor): TableSource {
  const first = cursor.index;
  cursor.expect("LATERAL");
  if (cursor.accept("(")) return parseDerived(cursor, true, first);
  if (cursor.is("TABLE", "(")) return parseTableFunction(cursor, true, first);
  const call = cursor.grammar.expression(cursor, Power.Postfix);
  if (call.kind !== "call") throw cursor.unexpected();
  const source = {
    kind: "tableFunction",
    lateral: true,
    call,
    columnAliases: [],
    span: cursor.spanFrom(first),
  } as const;
  return withAlias(cursor, source, first);
}

/** `TABLE(f(...))`, `TABLE('name')`, `TABLE(:v)`, `TABLE(name)`. Source: "Table functions", "Table literals". */
function parseTableFunction(cursor: TokenCursor, lateral: boolean, first: number): TableSource {
  cursor.expect("TABLE", "(");
  const variable = cursor.atString ? undefined : parseVariable(cursor);
  const argument = variable ?? cursor.grammar.expression(cursor);
  cursor.expect(")");
  const base = { lateral, columnAliases: [], span: cursor.spanFrom(first) };
  const source: TableSource =
    argument.kind === "call"
      ? { kind: "tableFunction", call: argument, ...base }
      : { kind: "tableFunction", nameExpression: argument, ...base };
  return withAlias(cursor, source, first);
}

function atTableAlias(cursor: TokenCursor): boolean {
  if (cursor.kind === TokenKind.Quoted) return true;
  if (cursor.kind !== TokenKind.Word) return false;
  const word = cursor.value;
  if (RESERVED.has(word) || NOT_A_TABLE_ALIAS.has(word)) return false;
  if (word === "UNPIVOT") return !["(", "INCLUDE", "EXCLUDE"].includes(cursor.valueAhead(1));
  return !(CLAUSE_BEFORE_PARENTHESIS.has(word) && cursor.valueAhead(1) === "(");
}

/** Adds `[AS] alias [(columns)]` and SAMPLE, which may stand on either side of the alias. */
function withAlias<T extends SourceAlias & TableSource>(cursor: TokenCursor, source: T, first: number): T {
  let sample = parseSample(cursor);
  let alias: Identifier | undefined;
  if (cursor.accept("AS")) {
    if (NOT_IN_FROM.has(cursor.value)) throw cursor.unexpected();
    alias = parseIdentifier(cursor);
  } else if (atTableAlias(cursor)) {
    alias = takeIdentifier(cursor);
  }
  const columnAliases = alias && cursor.is("(") ? parseColumnList(cursor) : [];
  sample ??= parseSample(cursor);
  if (!alias && !sample) return source;
  return { ...source, ...(alias && { alias }), columnAliases, ...(sample && { sample }), span: cursor.spanFrom(first) };
}

/** Source: "SAMPLE / TABLESAMPLE". */
function parseSample(cursor: TokenCursor): Sample | undefined {
  if (!cursor.is("SAMPLE") && !cursor.is("TABLESAMPLE")) return undefined;
  cursor.index++;
  const word = cursor.acceptOneOf("BERNOULLI", "ROW", "SYSTEM", "BLOCK");
  const method = word === "SYSTEM" || word === "BLOCK" ? "SYSTEM" : "BERNOULLI";
  cursor.expect("(");
  const size = cursor.grammar.expression(cursor);
  const rows = cursor.accept("ROWS");
  cursor.expect(")");
  let seed: Expression | undefined;
  if (cursor.acceptOneOf("SEED", "REPEATABLE")) {
    cursor.expect("(");
    seed = cursor.grammar.expression(cursor);
    cursor.expect(")");
  }
  return { method, size, rows, ...(seed && { seed }) };
}

import { unsupported } from "../../errors";
import type {
  Expression,
  FrameBound,
  FunctionCall,
  LambdaParameter,
  StringLiteral,
  WindowFrame,
  WindowSpecification,
} from "../ast/expression";
import type { Identifier, ObjectName } from "../ast/identifier";
import type { OrderItem } from "../ast/query";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { atDataType, parseDataType } from "./dataType";
import { atIdentifier, takeIdentifier } from "./identifier";
import { parseOrderBy } from "./orderBy";
import { Power } from "./power";

/** The call of `name`, at its opening parenthesis. */
export function parseCall(cursor: TokenCursor, name: ObjectName, first: number): FunctionCall {
  cursor.expect("(");
  const distinct = cursor.accept("DISTINCT");
  if (!distinct && cursor.is("ALL") && cursor.valueAhead(1) !== ")") cursor.index++;
  if (!cursor.is(")")) return parseArguments(cursor, name, distinct, [], first);
  cursor.index++;
  return finishCall(cursor, { name, args: [], namedArgs: [], distinct, nullTreatment: undefined }, first);
}

/** The arguments of a call, at the first of them, and what follows. `given` were read already. */
function parseArguments(
  cursor: TokenCursor,
  name: ObjectName,
  distinct: boolean,
  given: readonly Expression[],
  first: number,
): FunctionCall {
  cursor.enter();
  const args = [...given];
  const namedArgs: { name: string; value: Expression }[] = [];
  if (given.length === 0 || cursor.accept(",")) {
    do {
      if (cursor.valueAhead(1) === "=>") {
        const argument = takeIdentifier(cursor).name;
        cursor.expect("=>");
        namedArgs.push({ name: argument, value: parseArgument(cursor) });
      } else {
        args.push(...(parseSpread(cursor) ?? [parseArgument(cursor)]));
      }
    } while (cursor.accept(","));
  }
  const nullTreatment = parseNullTreatment(cursor);
  cursor.leave();
  cursor.expect(")");
  return finishCall(cursor, { name, args, namedArgs, distinct, nullTreatment }, first);
}

type CallParts = Pick<FunctionCall, "name" | "args" | "namedArgs" | "distinct"> & {
  readonly nullTreatment: FunctionCall["nullTreatment"] | undefined;
};

/** What may follow the closing parenthesis: WITHIN GROUP, IGNORE NULLS, OVER. */
function finishCall(cursor: TokenCursor, parts: CallParts, first: number): FunctionCall {
  const { name, args, namedArgs, distinct } = parts;
  let withinGroup: OrderItem[] | undefined;
  if (cursor.accept("WITHIN", "GROUP", "(")) {
    cursor.expect("ORDER", "BY");
    withinGroup = parseOrderBy(cursor);
    cursor.expect(")");
  }
  if (cursor.is("FROM", "FIRST") || cursor.is("FROM", "LAST")) {
    if (cursor.valueAhead(2) === "OVER" || cursor.valueAhead(3) === "NULLS") {
      throw unsupported(`${name.at(-1)!.name} ... FROM ${cursor.valueAhead(1)}`);
    }
  }
  const nullTreatment = parts.nullTreatment ?? parseNullTreatment(cursor);
  const over = cursor.is("OVER", "(") ? parseWindow(cursor) : undefined;
  return {
    kind: "call",
    name,
    args,
    namedArgs,
    distinct,
    ...(withinGroup && { withinGroup }),
    ...(nullTreatment && { nullTreatment }),
    ...(over && { over }),
    span: cursor.spanFrom(first),
  };
}

/**
 * `** array` if it stands here: the elements of a literal, or one node for what is known later. Source: "Expansion
 * operators".
 */
export function parseSpread(cursor: TokenCursor): readonly Expression[] | undefined {
  const first = cursor.index;
  if (!cursor.accept("*", "*")) return undefined;
  const operand = cursor.grammar.expression(cursor, Power.Postfix);
  return operand.kind === "array" ? operand.items : [{ kind: "spread", operand, span: cursor.spanFrom(first) }];
}

function parseNullTreatment(cursor: TokenCursor): FunctionCall["nullTreatment"] | undefined {
  if (cursor.accept("IGNORE", "NULLS")) return "IGNORE";
  if (cursor.accept("RESPECT", "NULLS")) return "RESPECT";
  return undefined;
}

/** An argument: an expression, `*`, or a lambda `x -> e`, `(x, y) -> e`, `x INT -> e`. */
function parseArgument(cursor: TokenCursor): Expression {
  const first = cursor.index;
  if (cursor.value === "SELECT" || cursor.value === "WITH") throw cursor.unexpected();
  const typed = typedParameters(cursor);
  if (typed) return parseLambda(cursor, typed, first);
  cursor.starAt = first;
  const argument = cursor.grammar.expression(cursor);
  if (!cursor.is("->")) return argument;
  const parameters = lambdaParameters(argument);
  if (parameters === undefined) throw cursor.unexpected();
  return parseLambda(cursor, parameters, first);
}

/** `x INT` or `(x INT, y INT)` before an arrow: what no other argument looks like. */
function typedParameters(cursor: TokenCursor): readonly LambdaParameter[] | undefined {
  if (atTypedParameter(cursor)) return [parseParameter(cursor)];
  if (!cursor.is("(")) return undefined;
  const first = cursor.index;
  cursor.index++;
  // `(x, y INT)`: one of them is enough.
  let typed = atTypedParameter(cursor);
  while (!typed && atIdentifier(cursor) && cursor.valueAhead(1) === ",") {
    cursor.index += 2;
    typed = atTypedParameter(cursor);
  }
  cursor.index = first;
  if (!typed) return undefined;
  cursor.index++;
  const parameters: LambdaParameter[] = [];
  do parameters.push(parseParameter(cursor));
  while (cursor.accept(","));
  cursor.expect(")");
  return parameters;
}

function parseParameter(cursor: TokenCursor): LambdaParameter {
  const name = takeIdentifier(cursor);
  return atDataType(cursor) ? { name, type: parseDataType(cursor) } : { name };
}

function atTypedParameter(cursor: TokenCursor): boolean {
  if (!atIdentifier(cursor) || cursor.kindAhead(1) !== TokenKind.Word) return false;
  cursor.index++;
  const typed = atDataType(cursor) && ["->", "(", ",", ")"].includes(cursor.valueAhead(1));
  cursor.index--;
  return typed;
}

function lambdaParameters(expression: Expression): LambdaParameter[] | undefined {
  const items = expression.kind === "row" ? expression.items : [expression];
  const parameters: LambdaParameter[] = [];
  for (const item of items) {
    if (item.kind !== "column" || item.parts.length !== 1) return undefined;
    parameters.push({ name: item.parts[0]! });
  }
  return parameters;
}

function parseLambda(cursor: TokenCursor, parameters: readonly LambdaParameter[], first: number): Expression {
  cursor.expect("->");
  const body = cursor.grammar.expression(cursor);
  return { kind: "lambda", parameters, body, span: cursor.spanFrom(first) };
}

/** `OVER (PARTITION BY ... ORDER BY ... frame)`. Source: "Window function syntax and usage". */
function parseWindow(cursor: TokenCursor): WindowSpecification {
  const first = cursor.index;
  cursor.expect("OVER", "(");
  const partitionBy = cursor.accept("PARTITION", "BY") ? cursor.list(() => cursor.grammar.expression(cursor)) : [];
  const orderBy = cursor.accept("ORDER", "BY") ? parseOrderBy(cursor) : [];
  const unit = cursor.acceptOneOf("ROWS", "RANGE");
  const frame = unit && parseFrame(cursor, unit);
  cursor.expect(")");
  return { partitionBy, orderBy, ...(frame && { frame }), span: cursor.spanFrom(first) };
}

function parseFrame(cursor: TokenCursor, unit: "ROWS" | "RANGE"): WindowFrame {
  if (!cursor.accept("BETWEEN")) return { unit, start: parseFrameBound(cursor), end: { kind: "CURRENT ROW" } };
  const start = parseFrameBound(cursor);
  cursor.expect("AND");
  return { unit, start, end: parseFrameBound(cursor) };
}

function parseFrameBound(cursor: TokenCursor): FrameBound {
  if (cursor.accept("CURRENT", "ROW")) return { kind: "CURRENT ROW" };
  if (cursor.accept("UNBOUNDED", "PRECEDING")) return { kind: "UNBOUNDED PRECEDING" };
  if (cursor.accept("UNBOUNDED", "FOLLOWING")) return { kind: "UNBOUNDED FOLLOWING" };
  const offset = cursor.grammar.expression(cursor, Power.Comparison);
  return { kind: cursor.expectOneOf("PRECEDING", "FOLLOWING"), offset };
}

/** The calls with keywords inside; undefined when none stands here. */
export function parseSpecialCall(cursor: TokenCursor): FunctionCall | undefined {
  if (cursor.valueAhead(1) !== "(") return undefined;
  switch (cursor.value) {
    case "EXTRACT":
      return parseExtract(cursor);
    case "TRIM":
      return parseTrim(cursor);
    case "SUBSTRING":
    case "SUBSTR":
      return parseSubstring(cursor);
    case "POSITION":
      return parsePosition(cursor);
    case "MATCH_RECOGNIZE":
      throw unsupported("MATCH_RECOGNIZE");
    default:
      return undefined;
  }
}

function simpleCall(cursor: TokenCursor, name: Identifier, args: Expression[], first: number): FunctionCall {
  return { kind: "call", name: [name], args, namedArgs: [], distinct: false, span: cursor.spanFrom(first) };
}

/** EXTRACT(part FROM e) is DATE_PART('part', e). */
function parseExtract(cursor: TokenCursor): FunctionCall {
  const first = cursor.index;
  const name = { ...takeIdentifier(cursor), name: "DATE_PART" };
  cursor.expect("(");
  const partIndex = cursor.index;
  const value = cursor.atString ? cursor.string() : cursor.source;
  if (cursor.index === partIndex) takeIdentifier(cursor);
  const part: StringLiteral = { kind: "string", value, span: cursor.spanFrom(partIndex) };
  cursor.expect("FROM");
  const operand = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return simpleCall(cursor, name, [part, operand], first);
}

/** TRIM([BOTH | LEADING | TRAILING] [characters] FROM e) is TRIM, LTRIM or RTRIM(e, characters). */
function parseTrim(cursor: TokenCursor): FunctionCall {
  const first = cursor.index;
  const word = takeIdentifier(cursor);
  const side = cursor.valueAhead(1);
  const sided = (side === "BOTH" || side === "LEADING" || side === "TRAILING") && !isArgumentEnd(cursor.valueAhead(2));
  if (!sided) {
    return parseCallWithFrom(cursor, word, first);
  }
  cursor.index += 2;
  const characters = cursor.is("FROM") ? undefined : cursor.grammar.expression(cursor);
  cursor.expect("FROM");
  const operand = cursor.grammar.expression(cursor);
  cursor.expect(")");
  const name = { ...word, name: side === "LEADING" ? "LTRIM" : side === "TRAILING" ? "RTRIM" : "TRIM" };
  return simpleCall(cursor, name, characters ? [operand, characters] : [operand], first);
}

function isArgumentEnd(value: string): boolean {
  return value === "," || value === ")";
}

/** TRIM(characters FROM e), or a plain call. */
function parseCallWithFrom(cursor: TokenCursor, word: Identifier, first: number): FunctionCall {
  cursor.expect("(");
  if (cursor.accept(")")) return simpleCall(cursor, word, [], first);
  const characters = cursor.grammar.expression(cursor);
  if (!cursor.accept("FROM")) return parseArguments(cursor, [word], false, [characters], first);
  const operand = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return simpleCall(cursor, word, [operand, characters], first);
}

/** SUBSTRING(e FROM start [FOR length]), or a plain call. */
function parseSubstring(cursor: TokenCursor): FunctionCall {
  const first = cursor.index;
  const word = takeIdentifier(cursor);
  cursor.expect("(");
  if (cursor.valueAhead(1) === "=>" || cursor.is(")")) throw cursor.unexpected();
  const operand = cursor.grammar.expression(cursor);
  if (!cursor.accept("FROM")) return parseArguments(cursor, [word], false, [operand], first);
  const args = [operand, cursor.grammar.expression(cursor)];
  if (cursor.accept("FOR")) args.push(cursor.grammar.expression(cursor));
  cursor.expect(")");
  return simpleCall(cursor, word, args, first);
}

/** POSITION(a IN b) is POSITION(a, b). */
function parsePosition(cursor: TokenCursor): FunctionCall {
  const first = cursor.index;
  const word = takeIdentifier(cursor);
  cursor.expect("(");
  const needle = cursor.grammar.expression(cursor, Power.Comparison);
  if (!cursor.accept("IN")) return parseArguments(cursor, [word], false, [needle], first);
  const haystack = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return simpleCall(cursor, word, [needle, haystack], first);
}

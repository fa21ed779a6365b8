import { compilationError, type SnowflakeError, tooManyArguments, unknownFunction, unsupported } from "../../errors";
import type { Expression, FunctionCall, Star, WindowSpecification } from "../../sql/ast/expression";
import { NULL_TYPE } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { call, constantValue, textLiteral, template } from "../construct";
import { emitExpression } from "../emit/plan";
import type { ArgumentText } from "../environment";
import type { AggregateRequest, BoundArguments, FunctionContext, FunctionDefinition } from "../functions/definition";
import { isDocumentedFunction } from "../functions/documentedFunctions";
import { findFunction } from "../functions/registry";
import type { BoundFrameBound, WindowCall } from "../plan";
import { nameText } from "./context";
import { bindScalarHandler } from "./handler";
import { bindScalarRoutine } from "./routine";
import { keyOf } from "./instantKeys";
import { intervalSql } from "./interval";
import { isRowSequence } from "./rowSequence";
import { expanded } from "./spread";
import { expandStar, isPlainStar } from "./star";
import type { ExpressionBinder } from "./expression";

/** Binds a call: a built-in by its registry entry, else what the environment knows. @throws SnowflakeError 002140 */
export function bindCall(binder: ExpressionBinder, call: FunctionCall): BoundExpression {
  const expression = { ...call, args: expanded(call.args, binder.context.environment) };
  const name = expression.name[expression.name.length - 1]!.name;
  const definition = expression.name.length === 1 ? findFunction(name) : undefined;
  if (!definition) {
    return expression.name.length === 1 && isRowSequence(name)
      ? rowSequence(binder, expression, name)
      : externalFunction(binder, expression);
  }
  return bindBuiltIn(binder, definition, inPositions(definition, expression, name), name);
}

/** The call with its named arguments in the places of their parameters. */
function inPositions(definition: FunctionDefinition, expression: FunctionCall, name: string): FunctionCall {
  if (expression.namedArgs.length === 0) return expression;
  const { parameters } = definition;
  if (!parameters) throw unsupported(`${name} with named arguments`);
  const args: (Expression | undefined)[] = [...expression.args];
  for (const { name: parameter, value } of expression.namedArgs) {
    const at = parameters.indexOf(parameter);
    if (at < 0 || args[at])
      throw compilationError(`unexpected argument [${parameter}] for function [${name}]`, "001111");
    args[at] = value;
  }
  const given = args.filter((arg) => arg !== undefined);
  const missing = Array.from(args, (arg, i) => (arg ? undefined : parameters[i])).find((one) => one !== undefined);
  if (missing !== undefined) {
    throw compilationError(`missing argument [${missing}] for function [${name}]`, "000938", "22023");
  }
  return { ...expression, args: given, namedArgs: [] };
}

function bindBuiltIn(
  binder: ExpressionBinder,
  definition: FunctionDefinition,
  expression: FunctionCall,
  name: string,
): BoundExpression {
  if (expression.over === undefined && definition.kind === "window") {
    throw compilationError(`Window function [${name}] must have an OVER clause`, "002303");
  }
  if (expression.over && (definition.kind === "scalar" || definition.notOver)) {
    throw compilationError(`Function [${name}] is not a window function and cannot have an OVER clause`, "002079");
  }
  if (definition.kind === "scalar") {
    if (expression.distinct) throw compilationError(`DISTINCT is not allowed in function ${name}`);
    const bound = boundArguments(binder, definition, expression, name);
    return binder.once(bound.args, (args) => definition.bind({ ...bound, args }, functionContext(binder)));
  }
  return expression.over
    ? windowCall(binder, definition, expression, expression.over, name)
    : aggregateCall(binder, definition, expression, name);
}

function checkArity(definition: Pick<FunctionDefinition, "min" | "max">, name: string, count: number): void {
  if (count < definition.min) {
    throw compilationError(
      `not enough arguments for function [${name}], expected ${definition.min}, got ${count}`,
      "000938",
      "22023",
    );
  }
  if (count > definition.max) {
    throw tooManyArguments(name, definition.max, count);
  }
}

function boundArguments(
  binder: ExpressionBinder,
  definition: FunctionDefinition,
  expression: FunctionCall,
  name: string,
): BoundArguments {
  const args = expression.args.flatMap((arg, i): BoundExpression | readonly BoundExpression[] => {
    if (definition.words?.includes(i) && arg.kind === "column" && arg.parts.length === 1) {
      return textLiteral(arg.parts[0]!.name);
    }
    // Lambdas are bound by their function: a stand-in that nobody reads.
    if (definition.lambdas?.includes(i)) return textLiteral("*");
    return arg.kind === "star" ? starArguments(binder, definition, arg) : binder.bind(arg);
  });
  checkArity(definition, name, args.length);
  return {
    name,
    args,
    distinct: expression.distinct,
    orderBy: expression.withinGroup ? binder.sortKeys(expression.withinGroup) : [],
    syntax: expression,
    lambda: (lambda: Expression, types) => binder.lambda(lambda, types),
  };
}

/** The columns that a star stands for, each with its name before it where the function takes pairs. */
function starArguments(
  binder: ExpressionBinder,
  definition: FunctionDefinition,
  star: Star,
): readonly BoundExpression[] {
  if (definition.star === "rows" && isPlainStar(star)) return [];
  return expandStar(binder.context, binder.place.scope, star).flatMap(({ name, bound, syntax }) => {
    const value = bound ?? binder.bind(syntax!);
    return definition.star === "pairs" ? [textLiteral(name), value] : [value];
  });
}

function functionContext(binder: ExpressionBinder, aggregate?: FunctionContext["aggregate"]): FunctionContext {
  return {
    session: binder.session,
    newId: () => binder.context.state.newId(),
    rowNumber: (what) => {
      const { sequences, clause } = binder.place;
      if (!sequences) throw unsupported(`${what} in ${clause}`);
      return sequences.add("SEQ8", undefined);
    },
    aggregate:
      aggregate ??
      (() => {
        throw unsupported("an aggregate here");
      }),
  };
}

function requireBlock(
  binder: ExpressionBinder,
  kind: "aggregate" | "window",
  name: string,
): NonNullable<ExpressionBinder["place"]["block"]> {
  const { block, inside, clause } = binder.place;
  if (kind === "aggregate" && inside === "aggregate") {
    throw compilationError(`Aggregate functions cannot be nested: [${name}] nested in an aggregate function`, "002078");
  }
  if (kind === "window" && inside !== undefined) {
    throw compilationError(
      `Window function [${name}] may not be nested inside another window function or aggregate.`,
      "002079",
    );
  }
  if (!block) {
    throw kind === "aggregate"
      ? compilationError(`Invalid aggregate function in ${clause.toLowerCase()} clause [${name}]`, "002035")
      : compilationError(
          `Window function [${name}] appears outside of SELECT, QUALIFY, and ORDER BY clauses.`,
          "002303",
        );
  }
  return block;
}

function aggregateCall(
  binder: ExpressionBinder,
  definition: FunctionDefinition,
  expression: FunctionCall,
  name: string,
): BoundExpression {
  const block = requireBlock(binder, "aggregate", name);
  const inner = binder.at({ inside: "aggregate" });
  const bound = boundArguments(inner, definition, expression, name);
  const add = (request: AggregateRequest): BoundExpression => {
    const parts = typeof request.template === "string" ? template(request.template) : request.template;
    const wrapper = template(request.wrapper ?? "$0");
    return block.addAggregate({
      name: request.name,
      args: request.args,
      template: wrapper.flatMap((part) => (typeof part === "number" ? parts : [part])),
      distinct: expression.distinct,
      orderBy: request.orderBy ?? bound.orderBy,
      type: request.type,
      nullable: request.nullable ?? true,
    });
  };
  return definition.bind(bound, functionContext(inner, add));
}

function windowCall(
  binder: ExpressionBinder,
  definition: FunctionDefinition,
  expression: FunctionCall,
  over: WindowSpecification,
  name: string,
): BoundExpression {
  const block = requireBlock(binder, "window", name);
  const inner = binder.at({ inside: "window" });
  const bound = boundArguments(inner, definition, expression, name);
  const partitionBy = over.partitionBy.map((item) => keyOf(inner.bind(item)));
  const orderBy = inner.sortKeys(over.orderBy);
  const frame = windowFrame(inner, over, orderBy.length > 0, definition, name);
  const add = (request: AggregateRequest): BoundExpression => {
    const ordered = (request.orderBy ?? bound.orderBy).length > 0;
    if (ordered && orderBy.length > 0) throw unsupported(`${name} with WITHIN GROUP and ORDER BY in OVER`);
    const window: WindowCall = {
      name: request.name,
      args: request.args,
      template: typeof request.template === "string" ? template(request.template) : request.template,
      wrapper: template(request.wrapper ?? "$0"),
      distinct: expression.distinct,
      partitionBy,
      // WITHIN GROUP over a partition: its order, over the whole partition.
      orderBy: ordered ? (request.orderBy ?? bound.orderBy) : orderBy,
      frame:
        request.frame === "none"
          ? undefined
          : ordered
            ? { unit: "ROWS", start: { kind: "UNBOUNDED PRECEDING" }, end: { kind: "UNBOUNDED FOLLOWING" } }
            : frame,
      type: request.type,
      nullable: request.nullable ?? true,
    };
    return block.addWindow(window);
  };
  return definition.bind(bound, functionContext(inner, add));
}

function rowSequence(binder: ExpressionBinder, expression: FunctionCall, name: string): BoundExpression {
  const { sequences } = binder.place;
  if (!sequences) throw unsupported(`${name} in ${binder.place.clause}`);
  if (expression.over) {
    throw compilationError(`Function [${name}] is not a window function and cannot have an OVER clause`, "002079");
  }
  checkArity({ min: 0, max: 1 }, name, expression.args.length);
  return sequences.add(name, expression.args[0] && binder.bind(expression.args[0]));
}

/** Ranks within a sliding frame, where one is given. Source: "Supported queries for dynamic tables", window functions. */
const SLIDING_RANKS: ReadonlySet<string> = new Set(["DENSE_RANK", "PERCENT_RANK", "RANK"]);

function windowFrame(
  binder: ExpressionBinder,
  over: WindowSpecification,
  ordered: boolean,
  definition: FunctionDefinition,
  name: string,
): WindowCall["frame"] {
  const kind = definition.frame;
  if (kind === "position" || kind === "position without order") {
    if (!ordered && kind === "position") {
      throw compilationError(`Missing ORDER BY expression in window specification of [${name}]`, "002303");
    }
    // A rank counts the rows before its own, which all lie in a frame that starts with the partition.
    if (!SLIDING_RANKS.has(name) || !over.frame || over.frame.start.kind === "UNBOUNDED PRECEDING") return undefined;
    if (name === "DENSE_RANK") throw unsupported("DENSE_RANK with a sliding window frame");
  }
  if (kind === "so far") {
    return { unit: "ROWS", start: { kind: "UNBOUNDED PRECEDING" }, end: { kind: "CURRENT ROW" } };
  }
  if (!over.frame) {
    if (kind === "partition" || (definition.kind === "window" && !ordered)) {
      return { unit: "ROWS", start: { kind: "UNBOUNDED PRECEDING" }, end: { kind: "UNBOUNDED FOLLOWING" } };
    }
    return undefined;
  }
  const bound = (frameBound: NonNullable<WindowSpecification["frame"]>["start"]): BoundFrameBound => {
    if (!("offset" in frameBound)) return frameBound;
    if (frameBound.offset.kind === "interval") {
      if (over.frame?.unit !== "RANGE") throw unsupported("an INTERVAL as the bound of a ROWS frame");
      const sql = intervalSql(frameBound.offset.value);
      return { kind: frameBound.kind, offset: { kind: "literal", sql, value: null, type: NULL_TYPE, nullable: false } };
    }
    const offset = binder.bind(frameBound.offset);
    const value = constantValue(offset);
    if (value === undefined || value === null || !/^\d+$/.test(value)) {
      throw unsupported("window frames whose offset is no whole number");
    }
    return { kind: frameBound.kind, offset: { ...offset, kind: "literal", sql: value, value } };
  };
  return { unit: over.frame.unit, start: bound(over.frame.start), end: bound(over.frame.end) };
}

/** Functions that catalog or session know: SYSTEM$..., a user's own. */
function externalFunction(binder: ExpressionBinder, expression: FunctionCall): BoundExpression {
  const { environment } = binder.context;
  if (expression.args.some(({ kind }) => kind === "stageReference")) throw missingFunction(expression);
  const positional = expression.args.map((arg) => binder.bind(arg));
  const named = expression.namedArgs.map(({ value }) => binder.bind(value));
  const args = [...positional, ...named];
  const texts = args.map((arg, index): ArgumentText => {
    const name = expression.namedArgs[index - positional.length]?.name;
    return name === undefined ? argumentText(arg) : Object.assign(argumentText(arg), { name });
  });
  const resolved = environment.resolveScalarFunction?.(expression.name, texts);
  if (!resolved) throw missingFunction(expression);
  if (resolved.kind === "text") return textLiteral(resolved.value);
  if (resolved.kind === "expression") {
    return call(nameText(expression.name), [resolved.sql], [], resolved.type, true, resolved.volatility);
  }
  if (resolved.kind === "template") {
    return call(
      nameText(expression.name),
      template(resolved.template),
      positional,
      resolved.type,
      true,
      resolved.volatility,
    );
  }
  return resolved.kind === "handler"
    ? bindScalarHandler(binder, resolved, args)
    : bindScalarRoutine(binder, resolved, args);
}

/** Why a function cannot be called: Snowflake knows it and this server does not, or nobody does. */
export function missingFunction({ name }: FunctionCall): SnowflakeError {
  const own = name[name.length - 1]!.name;
  if (name.length === 1 && isDocumentedFunction(own)) return unsupported(`function ${own}`);
  return unknownFunction(nameText(name));
}

/** An argument for the environment: its text, and its value where it is constant. */
export function argumentText(expression: BoundExpression): ArgumentText {
  const constant = constantValue(expression);
  return {
    // Only asked for by functions that take text: others take subqueries, too.
    get sql() {
      return emitExpression(expression, {
        scan: () => {
          throw unsupported("subqueries as arguments of this function");
        },
      });
    },
    type: expression.type,
    ...(constant === undefined ? {} : { constant }),
  };
}

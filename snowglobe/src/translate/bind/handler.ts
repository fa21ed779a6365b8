import type { HandlerSpec } from "../../javascript/handlerSource";
import { javaScriptKind } from "../../javascript/values";
import { dataTypeText, VARCHAR, VARIANT, type DataType } from "../../sql/ast/dataType";
import type { BoundExpression, Template } from "../boundExpression";
import { castTo, instant } from "../cast";
import { call, columnRef, template, textLiteral } from "../construct";
import type { HandlerCall, ScalarFunction, SessionContext, TableHandler } from "../environment";
import { walkExpression } from "../planWalk";
import type { Plan, PlanColumn } from "../plan";
import type { ExpressionBinder } from "./expression";
import { argumentsInOrder, strictly } from "./routine";
import { literal } from "../../quoting";

/** The text by which a value goes into a handler. */
function argumentText(value: BoundExpression, session: SessionContext): BoundExpression {
  const as = (text: string): BoundExpression => call("TEXT", template(text), [value], VARCHAR, true);
  switch (javaScriptKind(value.type)) {
    case "D": {
      const at = instant(value, session)!;
      return call("TEXT", template("CAST(epoch_ms($0) AS VARCHAR)"), [at], VARCHAR, true);
    }
    case "X":
      return as("hex($0)");
    case "V":
      return as("fn.variant_text($0)");
    case "S":
      return castTo(value, VARCHAR, session);
    default:
      return as("CAST($0 AS VARCHAR)");
  }
}

/** The value that a handler's text stands for. */
function resultValue(text: BoundExpression, type: DataType, session: SessionContext): BoundExpression {
  const as = (sql: string, made: DataType): BoundExpression => call("VALUE", template(sql), [text], made, true);
  switch (javaScriptKind(type)) {
    case "D": {
      const at: DataType = { kind: "TIMESTAMP_LTZ", scale: 3 };
      return castTo(as("timezone('UTC', make_timestamp(CAST($0 AS BIGINT) * 1000))", at), type, session, "explicit");
    }
    case "V":
      return castTo(as("CAST(host_read_json($0, 's') AS JSON)", VARIANT), type, session, "explicit");
    case "N":
      return as("CAST($0 AS DOUBLE)", type);
    case "B":
      return as("CAST($0 AS BOOLEAN)", type);
    default:
      return castTo(text, type, session, "explicit");
  }
}

function specOf(handler: HandlerCall): Pick<HandlerSpec, "name" | "body" | "parameters"> {
  return {
    name: handler.name,
    body: handler.text,
    parameters: handler.parameters.map(({ name, type }) => ({
      name,
      kind: javaScriptKind(type)!,
      type: dataTypeText(type),
    })),
  };
}

/**
 * The call of the engine. No template of text: the handler's own may hold `$1`.
 *
 * @param count of the arguments
 */
function engineCall(host: string, spec: HandlerSpec, count: number): Template {
  const items = Array.from({ length: count }, (_, index) => (index === 0 ? [index] : [", ", index])).flat();
  const before = `${host}(${literal(JSON.stringify(spec))}, CAST(to_json(CAST([`;
  return [before, ...items, "] AS VARCHAR[])) AS VARCHAR))"];
}

/** A call of a user's function whose handler is JavaScript. */
export function bindScalarHandler(
  binder: ExpressionBinder,
  handler: Extract<ScalarFunction, { kind: "handler" }>,
  args: readonly BoundExpression[],
): BoundExpression {
  const { session } = binder;
  const spec: HandlerSpec = { ...specOf(handler), returns: javaScriptKind(handler.returnType)! };
  return binder.once(argumentsInOrder(binder, handler, args), (values) => {
    const texts = values.map((value) => argumentText(value, session));
    const host = handler.volatile ? "host_volatile_javascript" : "host_javascript";
    const text = call(
      handler.name,
      engineCall(host, spec, texts.length),
      texts,
      VARCHAR,
      true,
      handler.volatile ? "volatile" : "deterministic",
    );
    return strictly(handler, values, resultValue(text, handler.returnType, session));
  });
}

function readsColumns(value: BoundExpression): boolean {
  let found = false;
  walkExpression(value, (one) => {
    found ||= one.kind === "column";
  });
  return found;
}

/** A call of a user's table function whose handler is JavaScript: once for each row that the arguments are of. */
export function bindTableHandler(
  binder: ExpressionBinder,
  handler: TableHandler,
  args: readonly BoundExpression[],
): Plan {
  const { session } = binder;
  const values = argumentsInOrder(binder, handler, args);
  const spec: HandlerSpec = {
    ...specOf(handler),
    columns: handler.columns.map(({ name, type }) => ({ name, kind: javaScriptKind(type)! })),
    correlated: values.some(readsColumns),
  };
  const texts = values.map((value) => argumentText(value, session));
  const made = (name: string, type: DataType): PlanColumn => ({
    id: binder.context.state.newId(),
    name,
    type,
    nullable: true,
  });
  const input: Plan = {
    kind: "tableFunction",
    name: handler.name,
    // The engine is asked once where there is no argument.
    args: texts.length > 0 ? texts : [textLiteral("")],
    rows: {
      kind: "elements",
      list: ["CAST(CAST(", ...engineCall("host_volatile_javascript", spec, texts.length), " AS JSON) AS VARCHAR[][])"],
      fields: handler.columns.map((_, index) => template(`e[${index + 1}]`)),
    },
    columns: handler.columns.map(({ name }) => made(name, VARCHAR)),
  };
  return {
    kind: "project",
    input,
    expressions: handler.columns.map(({ type }, index) => resultValue(columnRef(input.columns[index]!), type, session)),
    columns: handler.columns.map(({ name, type }) => made(name, type)),
  };
}

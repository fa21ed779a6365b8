import { compilationError, unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { NUMBER, VARCHAR, VARIANT } from "../../sql/ast/dataType";
import type { FunctionCall } from "../../sql/ast/expression";
import type { BoundExpression } from "../boundExpression";
import { castTo, toVariant } from "../cast";
import { constantValue, template, textLiteral } from "../construct";
import { valueAtPath } from "../jsonPath";
import type { ArgumentText, SqlRelation, ViewRelation } from "../environment";
import type { Plan, PlanColumn } from "../plan";
import { isSemiStructured, physicalType } from "../types/physicalType";
import { nameText } from "./context";
import { bindTableHandler } from "./handler";
import { bindTableRoutine } from "./routine";
import type { ExpressionBinder } from "./expression";
import { argumentText, missingFunction } from "./functionCall";
import { literal } from "../../quoting";

export type BoundTableFunction = { readonly plan: Plan } | { readonly relation: SqlRelation | ViewRelation };

/** A table function in FROM: a built-in, else what the environment knows. @throws SnowflakeError 002140 */
export function bindTableFunction(binder: ExpressionBinder, expression: FunctionCall): BoundTableFunction {
  const name = expression.name[expression.name.length - 1]!.name;
  if (expression.name.length === 1) {
    switch (name) {
      case "FLATTEN":
        return {
          plan: flatten(binder, argumentsOf(binder, expression, ["INPUT", "PATH", "OUTER", "RECURSIVE", "MODE"])),
        };
      case "SPLIT_TO_TABLE":
      case "STRTOK_SPLIT_TO_TABLE":
        return { plan: splitToTable(binder, name, expression) };
      case "GENERATOR":
        return { plan: generator(binder, argumentsOf(binder, expression, ["ROWCOUNT", "TIMELIMIT"])) };
    }
  }
  const bound = [...expression.args, ...expression.namedArgs.map(({ value }) => value)].map((arg, index) =>
    // VALIDATE(t, ...): the table is named, not read.
    name === "VALIDATE" && index === 0 && arg.kind === "column" ? textLiteral(nameText(arg.parts)) : binder.bind(arg),
  );
  const args = bound.map((arg, index): ArgumentText => {
    const name = expression.namedArgs[index - expression.args.length]?.name;
    return name === undefined ? argumentText(arg) : Object.assign(argumentText(arg), { name });
  });
  const relation = binder.context.environment.resolveTableFunction?.(expression.name, args);
  if (!relation) throw missingFunction(expression);
  if (relation.kind === "tableHandler") return { plan: bindTableHandler(binder, relation, bound) };
  return relation.kind === "tableRoutine" ? { plan: bindTableRoutine(binder, relation, bound) } : { relation };
}

function argumentsOf(
  binder: ExpressionBinder,
  expression: FunctionCall,
  names: readonly string[],
): ReadonlyMap<string, BoundExpression> {
  const bound = new Map<string, BoundExpression>();
  expression.args.forEach((arg, i) => {
    const name = names[i];
    if (name === undefined)
      throw compilationError(`too many arguments for function [${nameText(expression.name)}]`, "000939", "22023");
    bound.set(name, binder.bind(arg));
  });
  for (const arg of expression.namedArgs) {
    if (!names.includes(arg.name)) {
      throw compilationError(
        `unexpected argument [${arg.name}] for function ${nameText(expression.name)}`,
        "001007",
        "22023",
      );
    }
    bound.set(arg.name, binder.bind(arg.value));
  }
  return bound;
}

function columnsOf(
  binder: ExpressionBinder,
  columns: readonly (readonly [string, DataType, boolean])[],
): readonly PlanColumn[] {
  return columns.map(([name, type, nullable]) => ({ id: binder.context.state.newId(), name, type, nullable }));
}

function flag(value: BoundExpression | undefined, name: string): boolean {
  if (!value) return false;
  const constant = constantValue(value);
  if (typeof constant !== "string") throw unsupported(`${name} that is no constant`);
  return constant.toLowerCase() === "true";
}

/** FLATTEN. Source: "FLATTEN". */
function flatten(binder: ExpressionBinder, args: ReadonlyMap<string, BoundExpression>): Plan {
  const given = args.get("INPUT");
  if (!given) throw compilationError("missing argument [INPUT] for function FLATTEN", "000938", "22023");
  const variant = isSemiStructured(given.type) ? given : toVariant(given, binder.session);
  if (!variant)
    throw compilationError(`Invalid argument types for function 'FLATTEN': (${given.type.kind})`, "001044", "42P13");
  const outer = flag(args.get("OUTER"), "FLATTEN OUTER");
  const recursive = flag(args.get("RECURSIVE"), "FLATTEN RECURSIVE");
  const mode = constantValue(args.get("MODE") ?? textLiteral("BOTH"))?.toUpperCase();
  const path = constantValue(args.get("PATH") ?? textLiteral(""));
  if (typeof mode !== "string" || typeof path !== "string")
    throw unsupported("FLATTEN with PATH or MODE that are no constants");
  if (!["BOTH", "ARRAY", "OBJECT"].includes(mode)) {
    throw compilationError(`invalid value [${mode}] for parameter 'MODE' of function FLATTEN`, "001007", "22023");
  }
  const rows = `fn.${recursive ? "flatten_tree" : "flatten_list"}($0, ${literal(path)}, '${mode}')`;
  const list = outer ? `fn.${recursive ? "tree_or_one" : "or_one"}(${rows}, ${literal(path)})` : rows;
  const container = recursive ? "CASE WHEN e.ord IS NULL THEN $0 ELSE e.this END" : "$0";
  const fields = ["$1", "e.key", "e.path", "CAST(e.idx AS DECIMAL(38,0))", "e.val", container];
  return {
    kind: "tableFunction",
    name: "FLATTEN",
    args: [valueAtPath(variant, path), ONE],
    sequence: 1,
    rows: { kind: "elements", list: template(list), fields: fields.map(template) },
    columns: columnsOf(binder, [
      ["SEQ", NUMBER, false],
      ["KEY", VARCHAR, true],
      ["PATH", VARCHAR, true],
      ["INDEX", NUMBER, true],
      ["VALUE", VARIANT, true],
      ["THIS", VARIANT, true],
    ]),
  };
}

/** The SEQ of a table function that no other row goes into. */
const ONE: BoundExpression = {
  kind: "literal",
  sql: `CAST(1 AS ${physicalType(NUMBER)})`,
  value: "1",
  type: NUMBER,
  nullable: false,
};

/** SPLIT_TO_TABLE and STRTOK_SPLIT_TO_TABLE. */
function splitToTable(binder: ExpressionBinder, name: string, expression: FunctionCall): Plan {
  const args = expression.args.map((arg) => castTo(binder.bind(arg), VARCHAR, binder.session));
  if (name === "SPLIT_TO_TABLE" && args.length !== 2) {
    throw compilationError(
      `not enough arguments for function [${name}], expected 2, got ${args.length}`,
      "000938",
      "22023",
    );
  }
  const parts = name === "SPLIT_TO_TABLE" ? "fn.split" : "fn.strtok_list";
  const list = `list_transform(${parts}($0, ${args.length > 1 ? "$1" : "' '"}), lambda part, i: {'i': i, 'v': part})`;
  return {
    kind: "tableFunction",
    name,
    args: [...args, ONE],
    sequence: args.length,
    rows: {
      kind: "elements",
      list: template(list),
      fields: [`$${args.length}`, "CAST(e.i AS DECIMAL(38,0))", "e.v"].map(template),
    },
    columns: columnsOf(binder, [
      ["SEQ", NUMBER, false],
      ["INDEX", NUMBER, false],
      ["VALUE", VARCHAR, true],
    ]),
  };
}

/** GENERATOR(ROWCOUNT => n): rows without columns. */
function generator(binder: ExpressionBinder, args: ReadonlyMap<string, BoundExpression>): Plan {
  if (args.has("TIMELIMIT")) throw unsupported("GENERATOR with TIMELIMIT");
  const count = constantValue(args.get("ROWCOUNT") ?? textLiteral(""));
  if (typeof count !== "string" || !/^\d+$/.test(count)) {
    throw compilationError("GENERATOR needs ROWCOUNT, a constant whole number", "001014", "22023");
  }
  // One column that nobody can name: a FROM item needs one.
  const hidden: PlanColumn = { id: binder.context.state.newId(), name: "", type: NUMBER, nullable: false };
  return {
    kind: "tableFunction",
    name: "GENERATOR",
    args: [],
    rows: { kind: "select", sql: `SELECT CAST(range AS DECIMAL(38,0)) FROM range(${count})` },
    columns: [hidden],
  };
}

import { randomUUID } from "node:crypto";
import { SnowflakeError } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import type { Expression, FunctionCall } from "../sql/ast/expression";
import type { Query, Select } from "../sql/ast/query";
import type { StatementValue } from "../sql/ast/scripting";
import type { Statement } from "../sql/ast/statement";
import type { StatementContext } from "../execution/context";
import { valueFromWire } from "../execution/wireValue";
import type { Outcome } from "../execution/outcome";
import { recordedStatement } from "../execution/recordedStatement";
import type { TypedValue } from "../translate";
import { RowReader } from "./cursor";
import { nestedProcedure, type NestedProcedure } from "./nestedProcedure";
import { BlockScope, type Variable } from "./scope";
import { booleanValue, inferredType, numberValue, textValue, wireRows } from "./values";
import { withVariables } from "./variablesInExpressions";

/** Runs the SQL of one block: its statements and its expressions, with the block's variables in them. */
export class SqlInBlock {
  /** @param root scope of the whole block: holds SQLROWCOUNT and its kin */
  constructor(
    private readonly context: StatementContext,
    private readonly root: BlockScope,
    private readonly callNested: (
      procedure: NestedProcedure,
      call: FunctionCall,
      scope: BlockScope,
    ) => Promise<Outcome> = () => Promise.reject(new Error("no block declares procedures here")),
  ) {
    for (const name of ["SQLROWCOUNT", "SQLFOUND", "SQLNOTFOUND", "SQLID"]) this.set(name, textValue(null));
  }

  private set(name: string, value: TypedValue): void {
    this.root.declare(name, { kind: "variable", type: value.type, value });
  }

  /**
   * Runs a statement under a query id of its own; its result can be read by RESULT_SCAN.
   *
   * @param positional values of `?`
   */
  async statement(statement: Statement, scope: BlockScope, positional: readonly TypedValue[] = []): Promise<Outcome> {
    const into = intoOf(statement);
    const outcome = await this.run(into ? withoutInto(statement) : statement, scope, positional);
    for (const [name, value] of outcome.variables ?? []) {
      await this.assign(scope.require(name, "variable"), value, scope);
    }
    if (into) await this.into(into, outcome, scope);
    const { statistics } = outcome;
    if (statistics) {
      const rows = statistics.numRowsInserted + statistics.numRowsUpdated + statistics.numRowsDeleted;
      this.set("SQLROWCOUNT", numberValue(rows));
      this.set("SQLFOUND", booleanValue(rows > 0));
      this.set("SQLNOTFOUND", booleanValue(rows === 0));
    }
    return outcome;
  }

  private async run(statement: Statement, scope: BlockScope, positional: readonly TypedValue[]): Promise<Outcome> {
    const queryId = randomUUID();
    const { text } = this.context;
    try {
      return await recordedStatement(statement, text, queryId, this.context, () => {
        const nested = statement.kind === "call" ? nestedProcedure(statement.procedure, scope) : undefined;
        if (nested && statement.kind === "call") return this.callNested(nested, statement.procedure, scope);
        const binds = { positional, named: scope.values() };
        return this.context.run(statement, text, { queryId, binds, pipe: [] });
      });
    } finally {
      this.set("SQLID", textValue(queryId));
    }
  }

  /** `(statement)` as the value of a RESULTSET. */
  statementValue(value: StatementValue, scope: BlockScope): Promise<Outcome> {
    return this.statement(value.statement, scope);
  }

  query(query: Query, scope: BlockScope, positional: readonly TypedValue[] = []): Promise<Outcome> {
    return this.statement({ kind: "queryStatement", query, span: query.span }, scope, positional);
  }

  /** The value of an expression. @param type what it is brought to */
  async value(expression: Expression, scope: BlockScope, type?: DataType): Promise<TypedValue> {
    const values = scope.values();
    const bound = withVariables(expression, values);
    const known = bound.kind === "bind" && bound.name !== undefined ? values.get(bound.name) : constant(bound);
    if (known && (!type || fits(known, type))) return type ? { ...known, type } : known;
    const wide: DataType | undefined = type?.kind === "VARCHAR" ? VARCHAR : type;
    const { span } = expression;
    const item: Expression = wide ? { kind: "cast", operand: bound, type: wide, tryCast: false, span } : bound;
    const select: Select = {
      kind: "select",
      distinct: false,
      items: [{ expression: item, alias: { name: "VALUE", quoted: false, span }, span }],
      from: [],
      span,
    };
    const query: Query = { kind: "query", ctes: [], recursive: false, body: select, orderBy: [], span };
    // Not a statement of the user's: it gets no query id of its own.
    const outcome = await this.context.run({ kind: "queryStatement", query, span }, this.context.text, {
      binds: { positional: [], named: values },
      pipe: [],
    });
    const [cell = null] = [...wireRows(outcome)][0] ?? [];
    const value = valueFromWire(outcome.columns[0]!.type, cell);
    return type ? checkedLength({ ...value, type }, type) : value;
  }

  /** Gives a variable a value, brought to the variable's type. */
  async assign(variable: Variable, value: TypedValue, scope: BlockScope): Promise<void> {
    if (fits(value, variable.type)) {
      variable.value = { ...value, type: variable.type };
      return;
    }
    const inner = new BlockScope(scope);
    inner.declare("VALUE", { kind: "variable", type: value.type, value });
    const span = { start: 0, end: 0 };
    variable.value = await this.value({ kind: "bind", name: "VALUE", span }, inner, variable.type);
  }

  private async into(names: readonly string[], outcome: Outcome, scope: BlockScope): Promise<void> {
    if (outcome.total !== 1) {
      throw new SnowflakeError(
        "100132",
        "P0000",
        `A SELECT INTO statement expects exactly 1 returned row, but got ${outcome.total}.`,
      );
    }
    const row = new RowReader(outcome).next()!;
    await this.fill(names, row.values, scope);
  }

  /** Puts the values of a row into variables, one each. @throws SnowflakeError when their numbers differ */
  async fill(names: readonly string[], values: readonly TypedValue[], scope: BlockScope): Promise<void> {
    if (names.length !== values.length) {
      throw new SnowflakeError(
        "002099",
        "42601",
        `SQL compilation error:\nNumber of INTO variables (${names.length}) does not match the number of columns (${values.length}).`,
      );
    }
    for (const [index, name] of names.entries()) {
      await this.assign(scope.require(name, "variable"), values[index]!, scope);
    }
  }
}

/** The type of a variable that is declared without one. */
export function typeFor(value: TypedValue): DataType {
  return inferredType(value.type);
}

/** Constants need no query. */
function constant(expression: Expression): TypedValue | undefined {
  switch (expression.kind) {
    case "string":
      return textValue(expression.value);
    case "boolean":
      return booleanValue(expression.value);
    case "null":
      return textValue(null);
    case "number":
      return /^\d{1,38}$/.test(expression.text) ? { ...numberValue(0), value: expression.text } : undefined;
    default:
      return undefined;
  }
}

/** Whether a value is one of the type as it is. */
function fits(value: TypedValue, type: DataType): boolean {
  if (value.value === null) return true;
  switch (type.kind) {
    case "VARCHAR":
      return value.type.kind === "VARCHAR" && [...value.value].length <= type.length;
    case "NUMBER":
      return value.type.kind === "NUMBER" && type.precision === 38 && value.type.scale === type.scale;
    case "BINARY":
      return false;
    default:
      return (
        value.type.kind === type.kind &&
        (!("scale" in type) || ("scale" in value.type && value.type.scale === type.scale))
      );
  }
}

function checkedLength(value: TypedValue, type: DataType): TypedValue {
  if (type.kind !== "VARCHAR" || value.value === null || [...value.value].length <= type.length) return value;
  throw new SnowflakeError("100078", "22000", `String '${value.value}' is too long and would be truncated`);
}

function intoOf(statement: Statement): readonly string[] | undefined {
  if (statement.kind === "call") return statement.into === undefined ? undefined : [statement.into];
  if (statement.kind !== "queryStatement" || statement.query.body.kind !== "select") return undefined;
  return statement.query.body.into;
}

function withoutInto(statement: Statement): Statement {
  if (statement.kind === "call") return { ...statement, into: undefined };
  if (statement.kind !== "queryStatement" || statement.query.body.kind !== "select") return statement;
  const body: Select = { ...statement.query.body, into: undefined };
  return { ...statement, query: { ...statement.query, body } };
}

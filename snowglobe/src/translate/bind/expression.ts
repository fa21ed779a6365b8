import { compilationError, invalidIdentifier, unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { BOOLEAN, VARIANT } from "../../sql/ast/dataType";
import type {
  BinaryExpression,
  CaseExpression,
  ColumnReference,
  Expression,
  LambdaExpression,
  LikeExpression,
  NumberLiteral,
  UnaryExpression,
} from "../../sql/ast/expression";
import { foldQuotedParts, parseObjectName } from "../../sql";
import type { ObjectName } from "../../sql/ast/identifier";
import type { OrderItem, Query } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { computedOnce } from "../computedOnce";
import { booleanLiteral, call, caseCall, columnRef, constantValue, nullLiteral, textLiteral } from "../construct";
import type { SessionContext } from "../environment";
import { typedLiteral } from "../literal";
import type { Plan, SortKey } from "../plan";
import { isSemiStructured, physicalType } from "../types/physicalType";
import { commonTypeOf } from "../types/supertype";
import type { SelectBlock } from "./block";
import { type BindContext, locate, nameText } from "./context";
import { bindCall } from "./functionCall";
import { expanded } from "./spread";
import { intervalArithmetic } from "./interval";
import { arithmetic, comparable, comparison, concatenation, like, logical, negation, variantKey } from "../operators";
import type { RowSequences } from "./rowSequence";
import { type AliasResolver, findByPosition, findInScope, type Scope } from "./scope";
import { inList, inQuery, negatable, rowComparison } from "./membership";

/** What surrounds an expression. */
export interface ExpressionPlace {
  readonly scope: Scope;
  /** Names of select items. Columns of this scope win over them unless `aliasesFirst`. */
  readonly aliases?: AliasResolver;
  readonly aliasesFirst?: boolean;
  /** Collects aggregates and window functions; absent where they may not stand. */
  readonly block?: SelectBlock;
  /** Collects SEQ1 ... SEQ8; absent where there are no rows to number. */
  readonly sequences?: RowSequences;
  /** The clause, for messages: `WHERE`, `SELECT` ... */
  readonly clause: string;
  /** Inside an aggregate's or a window function's argument. */
  readonly inside?: "aggregate" | "window";
  /** What PRIOR, CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH stand for in a query with CONNECT BY. */
  readonly hierarchy?: (expression: Expression) => BoundExpression | undefined;
  /** Parameters of lambdas and of SQL functions around. */
  readonly parameters?: ReadonlyMap<string, BoundExpression>;
}

/** Binds a subquery in a scope; given by the query binder, which knows this module. */
export type QueryBinding = (context: BindContext, query: Query, outer: Scope) => Plan;

/** Binds expressions of one place: names, types and Snowflake's semantics. */
export class ExpressionBinder {
  readonly session: SessionContext;

  constructor(
    readonly context: BindContext,
    readonly place: ExpressionPlace,
    readonly bindQuery: QueryBinding,
  ) {
    this.session = context.environment.session;
  }

  /** A binder for the same text at another place. */
  at(place: Partial<ExpressionPlace>): ExpressionBinder {
    return new ExpressionBinder(this.context, { ...this.place, ...place }, this.bindQuery);
  }

  /** What `make` makes of some operands, each of which is computed once. */
  once(
    operands: readonly BoundExpression[],
    make: (operands: readonly BoundExpression[]) => BoundExpression,
  ): BoundExpression {
    return computedOnce(operands, () => this.context.state.newId(), make);
  }

  condition(expression: Expression): BoundExpression {
    return castTo(this.bind(expression), BOOLEAN, this.session);
  }

  bind(expression: Expression): BoundExpression {
    const session = this.session;
    switch (expression.kind) {
      case "number":
        return numberLiteral(expression);
      case "string":
        return textLiteral(expression.value);
      case "boolean":
        return booleanLiteral(expression.value);
      case "null":
        return nullLiteral();
      case "typedLiteral":
        return castTo(textLiteral(expression.value), expression.type, session, "explicit");
      case "interval":
        throw unsupported("INTERVAL outside of + and -");
      case "column":
        return this.column(expression);
      case "star":
        throw compilationError("'*' is not allowed here");
      case "bind": {
        const { binds } = this.context.environment;
        const column = expression.name === undefined ? binds.columns?.[(expression.index ?? 1) - 1] : undefined;
        if (column !== undefined) {
          const parts = [{ name: column, quoted: true, span: expression.span }];
          return this.column({ kind: "column", parts, span: expression.span });
        }
        const value =
          expression.name === undefined
            ? binds.positional[(expression.index ?? 1) - 1]
            : binds.named.get(expression.name);
        if (!value)
          throw compilationError(
            `Bind variable ${expression.name === undefined ? "?" : `:${expression.name}`} not set.`,
            "002049",
          );
        return typedLiteral(value, session);
      }
      case "sessionVariable": {
        const value = session.variables.get(expression.name);
        if (!value) throw compilationError(`Session variable '$${expression.name}' does not exist`, "002211", "02000");
        return typedLiteral(value, session);
      }
      case "stageReference":
        throw unsupported("a stage as a value");
      case "positional": {
        const found = findByPosition(this.place.scope, expression.qualifier?.name, expression.position);
        if (!found) throw invalidIdentifier(`$${expression.position}`, locate(this.context, expression.span));
        return found;
      }
      case "unary":
        return this.unary(expression);
      case "binary":
        return this.binary(expression);
      case "is":
        return this.is(expression);
      case "between": {
        const low = this.bind(expression.low);
        const high = this.bind(expression.high);
        const within = this.once([this.bind(expression.operand)], ([operand]) =>
          logical(
            "AND",
            [comparison(">=", operand!, low, session), comparison("<=", operand!, high, session)],
            session,
          ),
        );
        return negatable(within, expression.negated);
      }
      case "inList":
        return inList(
          this,
          expression.operand,
          expanded(expression.items, this.context.environment),
          expression.negated,
        );
      case "inQuery":
        return inQuery(
          this,
          expression.operand,
          expression.query,
          expression.negated ? "<>" : "=",
          expression.negated ? "ALL" : "ANY",
        );
      case "quantified":
        return inQuery(this, expression.operand, expression.query, expression.operator, expression.quantifier);
      case "like":
        return this.like(expression);
      case "case":
        return this.caseExpression(expression);
      case "cast":
        return castTo(this.bind(expression.operand), expression.type, session, expression.tryCast ? "try" : "explicit");
      case "call":
        return this.place.hierarchy?.(expression) ?? bindCall(this, expression);
      case "exists": {
        const plan = this.bindQuery(this.context, expression.query, this.place.scope);
        return { kind: "exists", plan, type: BOOLEAN, nullable: false };
      }
      case "subquery": {
        const plan = this.bindQuery(this.context, expression.query, this.place.scope);
        if (plan.columns.length !== 1) {
          throw compilationError("Scalar subquery must return exactly one column.".replace(/\.$/, ""), "002056");
        }
        return { kind: "subquery", plan, type: plan.columns[0]!.type, nullable: true };
      }
      case "path":
        return this.path(expression);
      case "spread":
        throw unsupported("** outside IN and the arguments of a function");
      case "array":
        return bindCall(this, {
          kind: "call",
          span: expression.span,
          name: [{ name: "ARRAY_CONSTRUCT", quoted: false, span: expression.span }],
          args: expression.items,
          namedArgs: [],
          distinct: false,
        });
      case "object":
        return bindCall(this, {
          kind: "call",
          span: expression.span,
          name: [{ name: "OBJECT_CONSTRUCT_KEEP_NULL", quoted: false, span: expression.span }],
          args: expression.entries.flatMap((entry): Expression[] => [
            { kind: "string", value: entry.key, span: expression.span },
            entry.value,
          ]),
          namedArgs: [],
          distinct: false,
        });
      case "row":
        throw unsupported("row values outside of IN and comparisons");
      case "collate":
        throw unsupported("COLLATE");
      case "lambda":
        throw compilationError("A lambda expression is not allowed here");
    }
  }

  /** A name, which `IDENTIFIER(:v)` takes from a variable. */
  name(name: ObjectName): ObjectName {
    const variable = name[0]?.variable;
    if (!variable) return name;
    const value = constantValue(this.bind(variable));
    if (typeof value !== "string") throw compilationError("IDENTIFIER() needs a name");
    return this.nameIn(value);
  }

  /** A name that a value holds. */
  nameIn(text: string): ObjectName {
    const name = parseObjectName(text);
    return this.session.parameters.get("QUOTED_IDENTIFIERS_IGNORE_CASE") === true ? foldQuotedParts(name) : name;
  }

  private column(expression: ColumnReference): BoundExpression {
    const { scope, aliases, aliasesFirst, parameters } = this.place;
    if (expression.outer) throw compilationError("(+) may only stand in the WHERE clause of a SELECT.", "002019");
    const parts = this.name(expression.parts);
    const name = parts[parts.length - 1]!.name;
    if (parts.length === 1) {
      const parameter = parameters?.get(name);
      if (parameter) return parameter;
      if (aliasesFirst) {
        const alias = aliases?.(name);
        if (alias) return alias;
      }
    }
    const own = findInScope(scope, parts);
    if (own) return own;
    if (parts.length === 1 && !aliasesFirst) {
      const alias = aliases?.(name);
      if (alias) return alias;
    }
    for (let outer = scope.parent; outer; outer = outer.parent) {
      const found = findInScope(outer, parts);
      if (found) return found;
    }
    const sequence =
      parts.length > 1 && name === "NEXTVAL" && this.context.environment.resolveSequence?.(parts.slice(0, -1));
    if (sequence) {
      return call("NEXTVAL", [sequence.sql], [], { kind: "NUMBER", precision: 38, scale: 0 }, false, "volatile");
    }
    throw invalidIdentifier(nameText(parts), locate(this.context, expression.span));
  }

  private unary(expression: UnaryExpression): BoundExpression {
    const { operator, operand } = expression;
    switch (operator) {
      case "NOT":
        return negatable(this.condition(operand), true);
      case "+":
      case "-":
        return negation(operator, this.bind(operand), this.session);
      default: {
        const value = this.place.hierarchy?.(expression);
        if (!value) throw compilationError(`${operator} is only allowed in a query with CONNECT BY.`, "002078");
        return value;
      }
    }
  }

  private binary(expression: BinaryExpression): BoundExpression {
    const { operator } = expression;
    if (operator === "AND" || operator === "OR" || operator === "||") {
      const operands = chain(expression).map((operand) => this.bind(operand));
      return operator === "||" ? concatenation(operands, this.session) : logical(operator, operands, this.session);
    }
    if (operator === "+" || operator === "-" || operator === "*" || operator === "/" || operator === "%") {
      return this.arithmeticChain(expression);
    }
    if (expression.left.kind === "row" && expression.right.kind === "row") {
      const [left, right] = [expression.left, expression.right].map((row) => row.items.map((item) => this.bind(item)));
      return rowComparison(this, operator, left!, right!);
    }
    return comparison(operator, this.bind(expression.left), this.bind(expression.right), this.session);
  }

  /** Left-deep chains are walked in a loop: they may have thousands of terms. */
  private arithmeticChain(expression: BinaryExpression): BoundExpression {
    const spine: BinaryExpression[] = [];
    let left: Expression = expression;
    while (left.kind === "binary" && /^[-+*/%]$/.test(left.operator)) {
      spine.push(left);
      left = left.left;
    }
    // An interval on the left side of + swaps with the date.
    let bound: BoundExpression | undefined = left.kind === "interval" ? undefined : this.bind(left);
    for (const node of spine.reverse()) {
      const operator = node.operator as "+" | "-" | "*" | "/" | "%";
      if (bound === undefined) {
        if (left.kind !== "interval" || operator !== "+") throw unsupported("INTERVAL outside of + and -");
        bound = intervalArithmetic("+", this.bind(node.right), left.value, this.session);
      } else if (node.right.kind === "interval") {
        bound = intervalArithmetic(operator, bound, node.right.value, this.session);
      } else {
        bound = arithmetic(operator, bound, this.bind(node.right), this.session);
      }
    }
    return bound!;
  }

  private is(expression: Extract<Expression, { kind: "is" }>): BoundExpression {
    const not = expression.negated ? "NOT " : "";
    const operand = this.bind(expression.operand);
    if (expression.test === "DISTINCT" && expression.other) {
      const [a, b] = comparable(operand, this.bind(expression.other), this.session);
      return call("IS DISTINCT FROM", `($0 IS ${not}DISTINCT FROM $1)`, [a, b], BOOLEAN, false);
    }
    if (expression.test === "NULL") return call("IS NULL", `($0 IS ${not}NULL)`, [operand], BOOLEAN, false);
    const boolean = castTo(operand, BOOLEAN, this.session);
    return call("IS", `($0 IS ${not}${expression.test})`, [boolean], BOOLEAN, false);
  }

  private like(expression: LikeExpression): BoundExpression {
    const escape = expression.escape && this.bind(expression.escape);
    const patterns = expression.patterns.map((pattern) => this.bind(pattern));
    const joined = this.once([this.bind(expression.operand)], ([operand]) => {
      const tests = patterns.map((pattern) => like(expression.operator, operand!, pattern, escape, this.session));
      if (tests.length === 1) return tests[0]!;
      return logical(expression.quantifier === "ALL" ? "AND" : "OR", tests, this.session);
    });
    return negatable(joined, expression.negated);
  }

  private caseExpression(expression: CaseExpression): BoundExpression {
    const { operand } = expression;
    const results = expression.branches.map((branch) => this.bind(branch.then));
    results.push(expression.otherwise ? this.bind(expression.otherwise) : nullLiteral());
    const type = commonTypeOf(results.map((result) => result.type));
    if (!type) throw compilationError("CASE branches have incompatible types", "001044");
    const branches = results.map((result) => castTo(result, type, this.session));
    if (!operand) {
      return caseCall(
        expression.branches.map((branch) => this.condition(branch.when)),
        branches,
        type,
      );
    }
    const values = expression.branches.map((branch) => this.bind(branch.when));
    return this.once([this.bind(operand)], ([subject]) =>
      caseCall(
        values.map((value) => comparison("=", subject!, value, this.session)),
        branches,
        type,
      ),
    );
  }

  private path(expression: Extract<Expression, { kind: "path" }>): BoundExpression {
    let bound = this.bind(expression.base);
    if (!isSemiStructured(bound.type)) bound = castTo(bound, VARIANT, this.session);
    for (const step of expression.steps) {
      if (step.kind === "key") {
        bound = call("GET_PATH", "fn.json_key($0, $1)", [bound, textLiteral(step.key)], VARIANT, true);
        continue;
      }
      const index = this.bind(step.index);
      bound =
        index.type.kind === "VARCHAR"
          ? call("GET", "fn.json_key($0, $1)", [bound, index], VARIANT, true)
          : call(
              "GET",
              "fn.json_index($0, $1)",
              [bound, castTo(index, { kind: "NUMBER", precision: 18, scale: 0 }, this.session)],
              VARIANT,
              true,
            );
    }
    return bound;
  }

  /** A lambda over parameters of the given types. */
  lambda(expression: Expression, types: readonly DataType[]): BoundExpression {
    if (expression.kind !== "lambda") throw compilationError("A lambda expression is expected");
    const lambda: LambdaExpression = expression;
    if (lambda.parameters.length !== types.length) {
      throw compilationError(`A lambda with ${types.length} parameters is expected, got ${lambda.parameters.length}`);
    }
    const known = new Map(this.place.parameters ?? []);
    const parameters = lambda.parameters.map(({ name: { name }, type }, i) => {
      const given = columnRef({ id: this.context.state.newId(), name, type: types[i]!, nullable: true });
      known.set(name, type ? castTo(given, type, this.session) : given);
      return given;
    });
    const body = this.at({ parameters: known }).bind(lambda.body);
    return { kind: "lambda", parameters, body, type: body.type, nullable: body.nullable };
  }

  /** ORDER BY items as sort keys. */
  sortKeys(items: readonly OrderItem[]): readonly SortKey[] {
    return items.flatMap((item) => sortKeysOf(this.bind(item.expression), item, this.session));
  }
}

/** Sort keys of one ORDER BY item. Where it does not say so DEFAULT_NULL_ORDERING places NULLs. Source: "ORDER BY". */
export function sortKeysOf(
  expression: BoundExpression,
  item: Pick<OrderItem, "descending" | "nulls">,
  session: SessionContext,
): readonly SortKey[] {
  const lowest = session.parameters.get("DEFAULT_NULL_ORDERING") === "FIRST";
  const byDefault = lowest === item.descending ? "LAST" : "FIRST";
  const nulls = item.nulls ?? byDefault;
  const key = (by: BoundExpression): SortKey => ({ expression: by, descending: item.descending, nulls });
  if (expression.type.kind === "TIMESTAMP_TZ") {
    return [key(call("ORDER BY", "($0).utc", [expression], { kind: "TIMESTAMP_NTZ", scale: 9 }))];
  }
  if (isSemiStructured(expression.type)) return [key(variantKey(expression))];
  return [key(expression)];
}

/** The operands of a chain of one associative operator, left to right, found without recursion. */
function chain(expression: BinaryExpression): readonly Expression[] {
  const operands: Expression[] = [];
  const pending: Expression[] = [expression];
  while (pending.length > 0) {
    const at = pending.pop()!;
    if (at.kind === "binary" && at.operator === expression.operator) pending.push(at.right, at.left);
    else operands.push(at);
  }
  return operands;
}

/** Whether fixed or float is decided from the text: an exponent makes it a float. Source: "Numeric data types". */
function numberLiteral(expression: NumberLiteral): BoundExpression {
  const { text } = expression;
  if (/[eE]/.test(text)) {
    return { kind: "literal", sql: `CAST('${text}' AS DOUBLE)`, value: text, type: { kind: "FLOAT" }, nullable: false };
  }
  const [whole = "", fraction = ""] = text.split(".");
  const digits = whole.replace(/^0+/, "");
  const precision = Math.max(1, digits.length + fraction.length);
  if (precision > 38) {
    if (digits.length > 38) {
      return {
        kind: "literal",
        sql: `CAST('${text}' AS DOUBLE)`,
        value: text,
        type: { kind: "FLOAT" },
        nullable: false,
      };
    }
    throw compilationError(`Numeric value '${text}' is out of range`, "100039", "22003");
  }
  const type: DataType = { kind: "NUMBER", precision, scale: fraction.length };
  const plain = `${digits === "" ? "0" : digits}${fraction === "" ? "" : `.${fraction}`}`;
  return { kind: "literal", sql: `CAST(${plain} AS ${physicalType(type)})`, value: plain, type, nullable: false };
}

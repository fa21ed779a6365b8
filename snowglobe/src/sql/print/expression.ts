import { dataTypeText } from "../ast/dataType";
import type {
  BinaryExpression,
  Expression,
  FrameBound,
  FunctionCall,
  LambdaParameter,
  Star,
  WindowSpecification,
} from "../ast/expression";
import type { OrderItem, Query } from "../ast/query";
import { Power } from "../parser/power";
import { printIdentifier, printObjectName, printVariable, words } from "./name";
import { printStageReference } from "./stageLocation";
import { quoteString } from "../../quoting";

/** How queries inside expressions are printed: given by print/query.ts, so that the files import one way. */
export type QueryPrinter = (query: Query) => string;

const OPERATOR_POWER: Readonly<Record<BinaryExpression["operator"], number>> = {
  OR: Power.Or,
  AND: Power.And,
  "=": Power.Comparison,
  "<>": Power.Comparison,
  "<": Power.Comparison,
  "<=": Power.Comparison,
  ">": Power.Comparison,
  ">=": Power.Comparison,
  "+": Power.Additive,
  "-": Power.Additive,
  "||": Power.Additive,
  "*": Power.Multiplicative,
  "/": Power.Multiplicative,
  "%": Power.Multiplicative,
};

const PRIMARY = Power.Postfix + 1;

/** How tightly the expression's own operator binds. */
function powerOf(expression: Expression): number {
  switch (expression.kind) {
    case "binary":
      return OPERATOR_POWER[expression.operator];
    case "unary":
      return expression.operator === "NOT" ? Power.Not : Power.Sign;
    case "is":
    case "between":
    case "inList":
    case "inQuery":
    case "like":
    case "quantified":
      return Power.Comparison;
    case "path":
    case "collate":
      return Power.Postfix;
    case "lambda":
      return Power.None;
    default:
      return PRIMARY;
  }
}

/** Prints expressions as Snowflake text, with the parentheses that their structure needs. */
export class ExpressionPrinter {
  constructor(private readonly query: QueryPrinter) {}

  /** The expression, in parentheses when it binds less than `power`. */
  private operand(expression: Expression, power: number): string {
    const text = this.print(expression);
    return powerOf(expression) < power ? `(${text})` : text;
  }

  list(expressions: readonly Expression[]): string {
    return expressions.map((expression) => this.print(expression)).join(", ");
  }

  print(e: Expression): string {
    switch (e.kind) {
      case "number":
        return e.text;
      case "string":
        return quoteString(e.value);
      case "boolean":
        return e.value ? "TRUE" : "FALSE";
      case "null":
        return "NULL";
      case "typedLiteral":
        return e.type.kind === "BINARY" ? `X${quoteString(e.value)}` : `${e.type.kind} ${quoteString(e.value)}`;
      case "interval":
        return `INTERVAL ${quoteString(e.value)}`;
      case "column":
        return `${printObjectName(e.parts)}${e.outer ? "(+)" : ""}`;
      case "star":
        return this.star(e);
      case "bind":
      case "sessionVariable":
        return printVariable(e);
      case "stageReference":
        return printStageReference(e.location);
      case "positional":
        return e.qualifier ? `${printIdentifier(e.qualifier)}.$${e.position}` : `$${e.position}`;
      case "unary":
        return this.unary(e);
      case "binary":
        return this.binary(e);
      case "is":
      case "between":
      case "inList":
      case "inQuery":
      case "like":
      case "quantified":
        return this.predicate(e);
      case "case":
        return this.caseExpression(e);
      case "cast":
        return `${e.tryCast ? "TRY_CAST" : "CAST"}(${this.print(e.operand)} AS ${dataTypeText(e.type)})`;
      case "call":
        return this.call(e);
      case "exists":
        return `EXISTS (${this.query(e.query)})`;
      case "subquery":
        return `(${this.query(e.query)})`;
      case "path":
        return this.path(e);
      case "spread":
        return `** ${this.print(e.operand)}`;
      case "array":
        return `[${this.list(e.items)}]`;
      case "object":
        return `{${e.entries.map((entry) => `${quoteString(entry.key)}: ${this.print(entry.value)}`).join(", ")}}`;
      case "row":
        return `(${this.list(e.items)})`;
      case "collate":
        return `${this.operand(e.operand, Power.Postfix)} COLLATE ${quoteString(e.collation)}`;
      case "lambda":
        return `(${e.parameters.map(printParameter).join(", ")}) -> ${this.print(e.body)}`;
    }
  }

  private unary(e: Extract<Expression, { kind: "unary" }>): string {
    if (e.operator === "NOT") return `NOT ${this.operand(e.operand, Power.Not)}`;
    // Two signs side by side would be a comment.
    const operand = this.operand(e.operand, e.operand.kind === "unary" ? PRIMARY : Power.Sign);
    return e.operator === "+" || e.operator === "-" ? `${e.operator}${operand}` : `${e.operator} ${operand}`;
  }

  /** Chains lean to the left and may be thousands long: they are walked, not recursed into. */
  private binary(e: BinaryExpression): string {
    const chain: BinaryExpression[] = [];
    let left: Expression = e;
    while (left.kind === "binary") {
      chain.push(left);
      left = left.left;
    }
    let text = this.operand(left, OPERATOR_POWER[chain.at(-1)!.operator]);
    for (let at = chain.length - 1; at >= 0; at--) {
      const { operator, right } = chain[at]!;
      const power = OPERATOR_POWER[operator];
      text = `${text} ${operator} ${this.operand(right, power + 1)}`;
      const parent = chain[at - 1];
      if (parent && power < OPERATOR_POWER[parent.operator]) text = `(${text})`;
    }
    return text;
  }

  private predicate(
    e: Extract<Expression, { kind: "is" | "between" | "inList" | "inQuery" | "like" | "quantified" }>,
  ): string {
    const tight = (operand: Expression) => this.operand(operand, Power.Comparison + 1);
    const left = this.operand(e.operand, Power.Comparison);
    const not = e.kind !== "quantified" && e.negated ? "NOT" : undefined;
    switch (e.kind) {
      case "is":
        return words(left, "IS", not, e.test, e.other && `FROM ${tight(e.other)}`);
      case "between":
        return words(left, not, "BETWEEN", tight(e.low), "AND", tight(e.high));
      case "inList":
        return words(left, not, `IN (${this.list(e.items)})`);
      case "inQuery":
        return words(left, not, `IN (${this.query(e.query)})`);
      case "quantified":
        return `${left} ${e.operator} ${e.quantifier} (${this.query(e.query)})`;
      case "like": {
        const pattern = e.quantifier ? `${e.quantifier} (${this.list(e.patterns)})` : tight(e.patterns[0]!);
        return words(left, not, e.operator, pattern, e.escape && `ESCAPE ${tight(e.escape)}`);
      }
    }
  }

  private caseExpression(e: Extract<Expression, { kind: "case" }>): string {
    const branches = e.branches.map(({ when, then }) => `WHEN ${this.print(when)} THEN ${this.print(then)}`);
    return words(
      "CASE",
      e.operand && this.print(e.operand),
      ...branches,
      e.otherwise && `ELSE ${this.print(e.otherwise)}`,
      "END",
    );
  }

  private path(e: Extract<Expression, { kind: "path" }>): string {
    const steps = e.steps.map((step) =>
      step.kind === "key" ? `[${quoteString(step.key)}]` : `[${this.print(step.index)}]`,
    );
    return this.operand(e.base, PRIMARY) + steps.join("");
  }

  private call(e: FunctionCall): string {
    const named = e.namedArgs.map(({ name, value }) => `${name} => ${this.print(value)}`);
    const args = [...e.args.map((argument) => this.print(argument)), ...named].join(", ");
    return words(
      `${printObjectName(e.name)}(${e.distinct ? "DISTINCT " : ""}${args})`,
      e.withinGroup && `WITHIN GROUP (ORDER BY ${this.orderBy(e.withinGroup)})`,
      e.nullTreatment && `${e.nullTreatment} NULLS`,
      e.over && `OVER (${this.window(e.over)})`,
    );
  }

  private window(window: WindowSpecification): string {
    const { partitionBy, orderBy, frame } = window;
    return words(
      partitionBy.length > 0 && `PARTITION BY ${this.list(partitionBy)}`,
      orderBy.length > 0 && `ORDER BY ${this.orderBy(orderBy)}`,
      frame && `${frame.unit} BETWEEN ${this.bound(frame.start)} AND ${this.bound(frame.end)}`,
    );
  }

  private bound(bound: FrameBound): string {
    return "offset" in bound ? `${this.operand(bound.offset, Power.Comparison + 1)} ${bound.kind}` : bound.kind;
  }

  orderBy(items: readonly OrderItem[]): string {
    return items
      .map((item) =>
        words(
          item.all ? "ALL" : this.print(item.expression),
          item.descending && "DESC",
          item.nulls && `NULLS ${item.nulls}`,
        ),
      )
      .join(", ");
  }

  private star(e: Star): string {
    const renames = e.rename?.map(({ from, to }) => `${printIdentifier(from)} AS ${printIdentifier(to)}`);
    const replacements = e.replace?.map((item) => `${this.print(item.expression)} AS ${printIdentifier(item.name)}`);
    return words(
      [...e.qualifier.map(printIdentifier), "*"].join("."),
      e.ilike !== undefined && `ILIKE ${quoteString(e.ilike)}`,
      e.exclude && `EXCLUDE (${e.exclude.map(printIdentifier).join(", ")})`,
      replacements && `REPLACE (${replacements.join(", ")})`,
      renames && `RENAME (${renames.join(", ")})`,
    );
  }
}

function printParameter({ name, type }: LambdaParameter): string {
  return type ? `${printIdentifier(name)} ${dataTypeText(type)}` : printIdentifier(name);
}

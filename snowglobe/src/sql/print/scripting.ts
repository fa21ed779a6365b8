import { dataTypeText } from "../ast/dataType";
import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type {
  Block,
  ConditionalBranch,
  Declaration,
  ExceptionHandler,
  ScriptStatement,
  StatementValue,
} from "../ast/scripting";
import type { Statement } from "../ast/statement";
import { printIdentifier, words } from "./name";
import { printArgument, printReturns } from "./routine";
import { printExpression, printQuery } from "./query";
import { quoteString } from "../../quoting";

type ScriptOnly = Exclude<ScriptStatement, Statement>;

/** Prints Snowflake Scripting; the statements inside by the printer it is given. */
export class ScriptPrinter {
  constructor(private readonly statement: (statement: Statement) => string) {}

  block({ declarations, body, handlers, label }: Block): string {
    return words(
      declarations.length > 0 && `DECLARE ${declarations.map((each) => `${this.declaration(each)};`).join(" ")}`,
      "BEGIN",
      this.body(body),
      handlers.length > 0 && `EXCEPTION ${handlers.map((handler) => this.handler(handler)).join(" ")}`,
      "END",
      label && printIdentifier(label),
    );
  }

  private body(body: readonly ScriptStatement[]): string {
    return body.map((each) => `${this.script(each)};`).join(" ");
  }

  private handler({ exceptions, other, mode, body }: ExceptionHandler): string {
    const names = other ? "OTHER" : exceptions.map(printIdentifier).join(" OR ");
    return words(`WHEN ${names} ${mode} THEN`, this.body(body));
  }

  private value(value: Expression | StatementValue): string {
    if (value.kind !== "statementValue") return printExpression(value);
    return words(value.async && "ASYNC", `(${this.statement(value.statement)})`);
  }

  private declaration(declaration: Declaration): string {
    const name = printIdentifier(declaration.name);
    switch (declaration.kind) {
      case "variable":
        return words(
          name,
          declaration.type && dataTypeText(declaration.type),
          declaration.value && `:= ${this.value(declaration.value)}`,
        );
      case "cursor": {
        const { source } = declaration;
        return `${name} CURSOR FOR ${source.kind === "query" ? printQuery(source.query) : printIdentifier(source.name)}`;
      }
      case "resultSet":
        return words(`${name} RESULTSET`, declaration.value && `:= ${this.value(declaration.value)}`);
      case "procedure": {
        const { arguments: args, returns, body } = declaration;
        const list = args.map(printArgument).join(", ");
        return `${name} PROCEDURE(${list}) RETURNS ${printReturns(returns)} AS ${this.block(body)}`;
      }
      case "exception": {
        const { number, message } = declaration;
        const parts = [String(number), ...(message === undefined ? [] : [quoteString(message)])];
        return words(`${name} EXCEPTION`, number !== undefined && `(${parts.join(", ")})`);
      }
    }
  }

  private script(script: ScriptStatement): string {
    switch (script.kind) {
      case "let":
        return `LET ${this.declaration(script.declaration)}`;
      case "assignment":
        return `${printIdentifier(script.name)} := ${this.value(script.value)}`;
      case "return": {
        const value = script.value && this.value(script.value);
        if (!script.table) return words("RETURN", value);
        // A SELECT stands in TABLE(...) without parentheses of its own.
        const bare = script.value?.kind === "statementValue" && this.statement(script.value.statement);
        return `RETURN TABLE(${bare === false ? value : bare})`;
      }
      case "if":
      case "caseStatement":
      case "forCursor":
      case "forRange":
      case "while":
      case "repeat":
      case "loop":
        return this.compound(script);
      case "break":
      case "continue":
        return words(script.kind.toUpperCase(), script.label && printIdentifier(script.label));
      case "raise":
        return words("RAISE", script.exception && printIdentifier(script.exception));
      case "open": {
        const using = script.using.map(printExpression).join(", ");
        return words(`OPEN ${printIdentifier(script.cursor)}`, using && `USING (${using})`);
      }
      case "fetch":
        return `FETCH ${printIdentifier(script.cursor)} INTO ${script.into.map(printIdentifier).join(", ")}`;
      case "close":
        return `CLOSE ${printIdentifier(script.cursor)}`;
      case "async":
        return `ASYNC (${this.statement(script.statement)})`;
      case "cancel":
        return `CANCEL ${printIdentifier(script.resultSet)}`;
      case "await":
        return `AWAIT ${script.resultSet ? printIdentifier(script.resultSet) : "ALL"}`;
      case "nullStatement":
        return "NULL";
      default:
        return this.statement(script);
    }
  }

  private compound(
    script: Extract<
      ScriptOnly,
      { kind: "if" | "caseStatement" | "forCursor" | "forRange" | "while" | "repeat" | "loop" }
    >,
  ): string {
    switch (script.kind) {
      case "if":
        return words(
          `IF ${script.branches.map((branch) => this.branch(branch)).join(" ELSEIF ")}`,
          script.otherwise && words("ELSE", this.body(script.otherwise)),
          "END IF",
        );
      case "caseStatement":
        return words(
          "CASE",
          script.operand && printExpression(script.operand),
          ...script.branches.map((branch) => `WHEN ${this.branch(branch)}`),
          script.otherwise && words("ELSE", this.body(script.otherwise)),
          "END CASE",
        );
      case "forCursor": {
        const range = `${printIdentifier(script.variable)} IN ${printIdentifier(script.source)}`;
        return words(`FOR ${range} DO`, this.body(script.body), "END FOR", this.label(script.label));
      }
      case "forRange": {
        const range = words(
          `${printIdentifier(script.variable)} IN`,
          script.reverse && "REVERSE",
          `${printExpression(script.from)} TO ${printExpression(script.to)}`,
        );
        return words(`FOR ${range} DO`, this.body(script.body), "END FOR", this.label(script.label));
      }
      case "while": {
        const condition = printExpression(script.condition);
        return words(`WHILE ${condition} DO`, this.body(script.body), "END WHILE", this.label(script.label));
      }
      case "repeat": {
        const until = `UNTIL ${printExpression(script.until)} END REPEAT`;
        return words("REPEAT", this.body(script.body), until, this.label(script.label));
      }
      case "loop":
        return words("LOOP", this.body(script.body), "END LOOP", this.label(script.label));
    }
  }

  private branch({ condition, body }: ConditionalBranch): string {
    return words(`${printExpression(condition)} THEN`, this.body(body));
  }

  private label(label: Identifier | undefined): string | undefined {
    return label && printIdentifier(label);
  }
}

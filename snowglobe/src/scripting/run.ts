import { compilationError, SnowflakeError, unsupported } from "../errors";
import { foldQuotedIdentifiers, parseStatements } from "../sql";
import type { StatementOf, Statement } from "../sql/ast/statement";
import type { StatementContext } from "../execution/context";
import type { Outcome } from "../execution/outcome";
import { sessionParameter } from "../execution/parameters";
import { runStatement } from "../statements/registry";
import type { TypedValue } from "../translate";
import { NULL_RESULT } from "./blockResult";
import { executeFile } from "./executeFile";
import { Interpreter } from "./interpreter";
import { BlockScope } from "./scope";
import { SqlInBlock } from "./sqlInBlock";

/** How deep EXECUTE IMMEDIATE may run EXECUTE IMMEDIATE. */
const MOST_NESTED = 8;

/** A context before it can run statements inside itself. */
export type ContextBase = Omit<StatementContext, "run">;

/** The context of a statement, in which blocks and other statements can be run. */
export function runnable(base: ContextBase): StatementContext {
  const context: StatementContext = {
    ...base,
    run: (statement, text, more) => run(statement, runnable({ ...context, ...more, text })),
  };
  return context;
}

/**
 * Runs any statement: blocks and EXECUTE IMMEDIATE here, all others by the registry.
 * @throws SnowflakeError
 */
export function run(statement: Statement, context: StatementContext): Promise<Outcome> {
  switch (statement.kind) {
    case "block":
      return context.describeOnly ? Promise.resolve(NULL_RESULT) : new Interpreter(context).run(statement);
    case "executeImmediate":
      return executeImmediate(statement, context);
    case "executeFile":
      return context.describeOnly ? Promise.resolve(NULL_RESULT) : executeFile(statement, context);
    default:
      return runStatement(statement, context);
  }
}

/** Source: "EXECUTE IMMEDIATE". The text sees no Scripting variables but those of USING. */
async function executeImmediate(
  statement: StatementOf<"executeImmediate">,
  context: StatementContext,
): Promise<Outcome> {
  const depth = (context.depth ?? 0) + 1;
  if (depth > MOST_NESTED) throw unsupported(`EXECUTE IMMEDIATE nested more than ${MOST_NESTED} deep`);
  const { value: given } = await textOf(statement, context);
  if (given === null) throw compilationError("Unsupported statement type 'NULL'.", "000002", "0A000");
  const text = sessionParameter(context.session, "QUOTED_IDENTIFIERS_IGNORE_CASE")
    ? foldQuotedIdentifiers(given)
    : given;
  const statements = parseStatements(text);
  if (statements.length === 0) {
    throw new SnowflakeError("000900", "42601", "SQL compilation error:\nEmpty SQL statement.");
  }
  if (statements.length > 1) {
    throw new SnowflakeError(
      "000008",
      "0A000",
      `Actual statement count ${statements.length} did not match the desired statement count 1.`,
    );
  }
  const positional = statement.using.map((name) => variable(name, context));
  return context.run(statements[0]!, text, { binds: { positional, named: new Map() }, pipe: [], depth });
}

function textOf(statement: StatementOf<"executeImmediate">, context: StatementContext): Promise<TypedValue> {
  const scope = new BlockScope();
  for (const [name, value] of context.binds.named) scope.declare(name, { kind: "variable", type: value.type, value });
  return new SqlInBlock(context, new BlockScope()).value(statement.statement, scope);
}

function variable(name: string, context: StatementContext): TypedValue {
  const found = context.binds.named.get(name) ?? context.session.variables.get(name);
  if (!found) throw compilationError(`Bind variable ${name} not set.`, "002049");
  return found;
}

import { compilationError, invalidArguments, unsupported } from "../errors";
import { rows, type Outcome } from "../execution/outcome";
import { valueFromWire } from "../execution/wireValue";
import { StatementType } from "../account/statementType";
import { dataTypeText } from "../sql/ast/dataType";
import type { FunctionCall } from "../sql/ast/expression";
import type { ProcedureDeclaration } from "../sql/ast/scripting";
import { encoded, NULL_RESULT } from "./blockResult";
import type { Interpreter } from "./interpreter";
import { BlockScope, type Variable } from "./scope";
import { NULL_VALUE, wireRows } from "./values";

/** A procedure that a block declares. It sees the variables of its block. Source: "Using nested stored procedures". */
export interface NestedProcedure {
  readonly kind: "procedure";
  readonly declaration: ProcedureDeclaration;
  /** Of the block that declares it. */
  readonly scope: BlockScope;
}

/** The nested procedure that a CALL means; undefined when it means one of the account. */
export function nestedProcedure(call: FunctionCall, scope: BlockScope): NestedProcedure | undefined {
  const found = call.name.length === 1 ? scope.find(call.name[0]!.name) : undefined;
  return found?.kind === "procedure" ? found : undefined;
}

/**
 * Runs a nested procedure.
 *
 * @param from where the arguments are evaluated
 * @throws SnowflakeError or Raised
 */
export async function callNested(
  interpreter: Interpreter,
  { declaration, scope }: NestedProcedure,
  call: FunctionCall,
  from: BlockScope,
): Promise<Outcome> {
  const { name, arguments: parameters, returns, body } = declaration;
  if (call.namedArgs.length > 0) throw unsupported("named arguments of a nested procedure");
  if (call.args.length !== parameters.length) {
    throw invalidArguments(
      name.name,
      parameters.map(({ type }) => dataTypeText(type)),
    );
  }
  const inner = new BlockScope(scope);
  for (const [index, { name: own, type, out, default: preset }] of parameters.entries()) {
    if (out || preset) throw compilationError("A nested procedure has neither output arguments nor defaults");
    const value = await interpreter.sql.value(call.args[index]!, from, type);
    inner.declare(own.name, { kind: "variable", type, value });
  }
  const completion = await interpreter.nested(body, inner);
  const outcome = completion.kind === "return" ? completion.outcome : NULL_RESULT;
  if (returns.kind === "table") return outcome;
  const [cell = null] = [...wireRows(outcome)][0] ?? [];
  const result: Variable = { kind: "variable", type: returns.type, value: NULL_VALUE };
  await interpreter.sql.assign(result, valueFromWire(outcome.columns[0]!.type, cell), inner);
  const [type, text] = encoded(result.value);
  return rows([[name.name, type]], [[text]], StatementType.SELECT);
}

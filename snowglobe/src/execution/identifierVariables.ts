import { compilationError } from "../errors";
import { foldQuotedParts, parseObjectName } from "../sql";
import type { Identifier, ObjectName } from "../sql/ast/identifier";
import type { Statement } from "../sql/ast/statement";
import type { StatementContext } from "./context";

/**
 * The statement with every `IDENTIFIER($v)`, `IDENTIFIER(:v)` and `IDENTIFIER(?)` replaced by the name that the variable
 * holds. Source: "Literals and variables as identifiers".
 *
 * @throws SnowflakeError where the variable is not set, or its value is no name
 */
export function withIdentifiers<T extends Statement>(statement: T, context: StatementContext): T {
  // Nearly all statements have none: they are spared the walk.
  return statement.namesInVariables ? (walk(statement, context) as T) : statement;
}

function walk(value: unknown, context: StatementContext): unknown {
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    if (value.length === 1 && isVariable(first)) return nameIn(first, context);
    return value.map((item) => walk(item, context));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, context)]));
}

type VariableIdentifier = Identifier & { readonly variable: NonNullable<Identifier["variable"]> };

function isVariable(value: unknown): value is VariableIdentifier {
  return typeof value === "object" && value !== null && "quoted" in value && "variable" in value && !!value.variable;
}

function nameIn({ variable, span }: VariableIdentifier, context: StatementContext): ObjectName {
  const { binds, session } = context;
  const shown = variable.kind === "sessionVariable" ? `$${variable.name}` : `:${variable.name ?? variable.index!}`;
  const found =
    variable.kind === "sessionVariable"
      ? session.variables.get(variable.name)
      : variable.name !== undefined
        ? binds.named.get(variable.name)
        : binds.positional[variable.index! - 1];
  if (typeof found?.value !== "string" || found.value === "") {
    throw compilationError(`Variable '${shown}' in IDENTIFIER does not hold a name`, "002211", "42601");
  }
  const name = parseObjectName(found.value);
  const folded = session.parameters.get("QUOTED_IDENTIFIERS_IGNORE_CASE") === true ? foldQuotedParts(name) : name;
  return folded.map((part) => ({ ...part, span }));
}

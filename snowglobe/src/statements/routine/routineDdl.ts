import type { Procedure, UserFunction } from "../../catalog/objects";
import { requireOwnership } from "../../execution/authorize";
import { commentClause, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";
import { dataTypeText } from "../../sql/ast/dataType";
import { quoteName } from "../../quoting";

/** CREATE FUNCTION and CREATE PROCEDURE, names in quotes. Source: "GET_DDL", UDFs and stored procedures. */
export const routineDdl: DdlWriter<UserFunction | Procedure> = (routine, name, context) => {
  if (routine.secure) requireOwnership(context, routine);
  const args = routine.arguments.map(({ name: own, type, out, defaultText }) =>
    [quoteName(own), out && "OUT", dataTypeText(type), defaultText !== undefined && `DEFAULT ${defaultText}`]
      .filter(Boolean)
      .join(" "),
  );
  const lines = [
    `CREATE OR REPLACE ${routine.secure ? "SECURE " : ""}${routine.kind} ${name}(${args.join(", ")})`,
    `RETURNS ${returnsText(routine.returns)}`,
    `LANGUAGE ${routine.language ?? "SQL"}`,
    routine.strict && "STRICT",
    routine.kind === "FUNCTION" && routine.immutable && "IMMUTABLE",
    routine.kind === "FUNCTION" && routine.memoizable && "MEMOIZABLE",
    commentClause(routine),
    routine.kind === "PROCEDURE" && `EXECUTE AS ${routine.executeAs}`,
    `AS ${quoteString(routine.body)};`,
  ];
  return lines.filter(Boolean).join("\n");
};

function returnsText(returns: UserFunction["returns"]): string {
  if (returns.kind === "type") return `${dataTypeText(returns.type)}${returns.notNull ? " NOT NULL" : ""}`;
  return `TABLE (${returns.columns.map(({ name, type }) => `${quoteName(name)} ${dataTypeText(type)}`).join(", ")})`;
}

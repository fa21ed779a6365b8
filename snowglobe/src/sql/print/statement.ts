import { printStageLocation } from "./stageLocation";
import { unsupported } from "../../errors";
import type { Statement, StatementOf } from "../ast/statement";
import { printAdministration } from "./administration";
import { type AlterKind, printAlter } from "./alter";
import { type CreateKind, printAnonymousProcedure, printCreate } from "./create";
import { printDml } from "./dml";
import { printGovernance } from "./governance";
import { printIdentifier, printObjectName, words } from "./name";
import { expressions, printExpression } from "./query";
import { ScriptPrinter } from "./scripting";
import { quoteString, quoteIfNeeded } from "../../quoting";

/**
 * A statement as canonical Snowflake text, without a semicolon. Bodies of views, tasks, alerts ... are printed from
 * their AST; the user's own words are in the nodes' `text` and `body`.
 *
 * @throws SnowflakeError 000002 for a statement that was not read but only recognised
 */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case "block":
      return scripts.block(statement);
    case "pipe":
      return statement.statements.map(printStatement).join(" ->> ");
    case "beginTransaction":
      return words("BEGIN TRANSACTION", statement.name && `NAME ${printIdentifier(statement.name)}`);
    case "commit":
      return "COMMIT";
    case "rollback":
      return "ROLLBACK";
    case "setVariables": {
      const [name] = statement.names;
      if (statement.names.length === 1) return `SET ${printIdentifier(name!)} = ${expressions.list(statement.values)}`;
      const values =
        statement.values.length === 1
          ? printExpression(statement.values[0]!)
          : `(${expressions.list(statement.values)})`;
      return `SET (${statement.names.map(printIdentifier).join(", ")}) = ${values}`;
    }
    case "unsetVariables":
      return `UNSET (${statement.names.map(printIdentifier).join(", ")})`;
    case "call":
      return words(
        statement.anonymous && `WITH ${printAnonymousProcedure(statement.anonymous)}`,
        `CALL ${printExpression(statement.procedure)}`,
        statement.into !== undefined && `INTO :${quoteIfNeeded(statement.into)}`,
      );
    case "explainChanges":
      return `EXPLAIN CHANGES USING ${statement.format} ${printStatement(statement.statement)}`;
    case "explain":
      return `EXPLAIN USING ${statement.format} ${printStatement(statement.statement)}`;
    case "executeImmediate": {
      const using = statement.using.map(quoteIfNeeded).join(", ");
      return words(`EXECUTE IMMEDIATE ${printExpression(statement.statement)}`, using && `USING (${using})`);
    }
    case "executeFile":
      return `EXECUTE IMMEDIATE FROM ${statement.location ? printStageLocation(statement.location) : quoteString(statement.relative!)}`;
    case "executeTask":
      return words(
        `EXECUTE TASK ${printObjectName(statement.name)}`,
        statement.retryLast && "RETRY LAST",
        statement.config !== undefined && `USING CONFIG = ${quoteString(statement.config)}`,
      );
    case "executeAlert":
      return `EXECUTE ALERT ${printObjectName(statement.name)}`;
    case "unsupportedStatement":
      throw unsupported(statement.feature);
    case "drop":
    case "undrop":
    case "describe":
    case "describeResult":
    case "describeTransaction":
    case "comment":
    case "show":
    case "showGrants":
    case "grantPrivileges":
    case "revokePrivileges":
    case "grantRole":
    case "revokeRole":
    case "grantOwnership":
    case "use":
    case "useSecondaryRoles":
      return printAdministration(statement);
    case "createTag":
    case "alterTag":
    case "createMaskingPolicy":
    case "createRowAccessPolicy":
    case "alterMaskingPolicy":
    case "alterRowAccessPolicy":
    case "alterAttachments":
      return printGovernance(statement);
    default:
      if (isCreate(statement)) return printCreate(statement, printStatement);
      if (isAlter(statement)) return printAlter(statement, printStatement);
      return printDml(statement);
  }
}

const scripts = new ScriptPrinter(printStatement);

function isCreate(statement: Statement): statement is StatementOf<CreateKind> {
  return statement.kind.startsWith("create");
}

function isAlter(statement: Statement): statement is StatementOf<AlterKind> {
  return statement.kind.startsWith("alter");
}

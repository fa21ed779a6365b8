import { dataTypeText } from "../ast/dataType";
import type { ObjectName } from "../ast/identifier";
import type { Statement, StatementOf } from "../ast/statement";
import type { AlterTableAction, ColumnChange, ConstraintReference } from "../ast/statements/table";
import { printColumnDefinition, printConstraint, printExecuteAs } from "./create";
import type { GovernanceKind } from "./governance";
import { printColumns, printIdentifier, printObjectName, words } from "./name";
import { printProperties } from "./property";
import { expressions, printExpression } from "./query";
import { quoteString, quoteIfNeeded } from "../../quoting";

export type AlterKind = Exclude<Extract<Statement["kind"], `alter${string}`>, GovernanceKind>;
type StatementPrinter = (statement: Statement) => string;
type Alter = StatementOf<AlterKind>;
type Action = Exclude<Extract<Alter, { readonly action: unknown }>["action"] | AlterTableAction, AlterColumnAction>;
type AlterColumnAction = Extract<AlterTableAction, { readonly action: "alterColumn" }>;

const KIND_TEXT: Readonly<Record<Exclude<AlterKind, "alterSession" | "alterIntegration" | "alterRole">, string>> = {
  alterTable: "TABLE",
  alterView: "VIEW",
  alterDynamicTable: "DYNAMIC TABLE",
  alterStream: "STREAM",
  alterTask: "TASK",
  alterAlert: "ALERT",
  alterDatabase: "DATABASE",
  alterSchema: "SCHEMA",
  alterWarehouse: "WAREHOUSE",
  alterUser: "USER",
  alterAccount: "ACCOUNT",
  alterStage: "STAGE",
  alterFileFormat: "FILE FORMAT",
  alterSequence: "SEQUENCE",
  alterFunction: "FUNCTION",
  alterProcedure: "PROCEDURE",
};

/** ALTER statements. */
export function printAlter(statement: Alter, nested: StatementPrinter): string {
  if (statement.kind === "alterSession") {
    const change =
      statement.unset.length > 0 ? `UNSET ${statement.unset.join(", ")}` : `SET ${printProperties(statement.set)}`;
    return `ALTER SESSION ${change}`;
  }
  return words(
    `ALTER ${kindText(statement)}`,
    "ifExists" in statement && statement.ifExists && "IF EXISTS",
    "name" in statement && statement.name && printObjectName(statement.name),
    "argumentTypes" in statement && `(${statement.argumentTypes.join(", ")})`,
    statement.kind === "alterTable"
      ? printTableActions(statement.actions, nested)
      : printAction(statement.action, nested),
  );
}

function kindText(statement: Exclude<Alter, { kind: "alterSession" }>): string {
  if (statement.kind === "alterIntegration") return statement.objectKind;
  if (statement.kind === "alterRole") return statement.databaseRole ? "DATABASE ROLE" : "ROLE";
  return KIND_TEXT[statement.kind];
}

function isAlterColumn(action: AlterTableAction): action is AlterColumnAction {
  return action.action === "alterColumn";
}

function printTableActions(actions: readonly AlterTableAction[], nested: StatementPrinter): string {
  const columns = actions.filter(isAlterColumn);
  if (columns.length === 0) return actions.map((action) => printAction(action as Action, nested)).join(" ");
  return printAlterColumns(columns);
}

function printAlterColumns(columns: readonly AlterColumnAction[]): string {
  const changes = columns.map(({ column, change }) => `${printIdentifier(column)} ${printColumnChange(change)}`);
  return `ALTER COLUMN ${changes.join(", COLUMN ")}`;
}

function names(list: readonly ObjectName[]): string {
  return list.map(printObjectName).join(", ");
}

function printAction(action: Action, nested: StatementPrinter): string {
  switch (action.action) {
    case "renameTo":
      return `RENAME TO ${printObjectName(action.name)}`;
    case "swapWith":
      return `SWAP WITH ${printObjectName(action.name)}`;
    case "set":
      return `SET ${printProperties(action.properties)}`;
    case "unset":
      return `UNSET ${action.names.map(quoteIfNeeded).join(", ")}`;
    case "resume":
      return words("RESUME", action.ifSuspended && "IF SUSPENDED");
    case "clusterBy":
      return `CLUSTER BY (${expressions.list(action.expressions)})`;
    case "setFrozenWhere":
      return `SET FROZEN WHERE (${printExpression(action.condition.expression)})`;
    case "setExecuteAs":
      return `SET ${printExecuteAs(action.executeAs)}`;
    case "columnComments":
      return `MODIFY ${action.columns
        .map(({ column, comment }) =>
          words(
            `COLUMN ${printIdentifier(column)}`,
            comment === null ? "UNSET COMMENT" : `COMMENT ${quoteString(comment)}`,
          ),
        )
        .join(", ")}`;
    case "modifyAs":
      return `MODIFY AS ${nested(action.body.statement)}`;
    case "modifyWhen":
      return `MODIFY WHEN ${printExpression(action.when.expression)}`;
    case "modifyCondition":
      return `MODIFY CONDITION EXISTS (${nested(action.condition.statement)})`;
    case "modifyAction":
      return `MODIFY ACTION ${nested(action.body.statement)}`;
    case "addAfter":
      return `ADD AFTER ${names(action.tasks)}`;
    case "removeAfter":
      return `REMOVE AFTER ${names(action.tasks)}`;
    case "setFinalize":
      return `SET FINALIZE = ${printObjectName(action.root)}`;
    case "alterColumns":
      return printAlterColumns(action.columns);
    case "refresh":
      return words(
        "others" in action && action.others.map((name) => `, ${printObjectName(name)}`).join(""),
        "REFRESH",
        "copySession" in action && action.copySession && "COPY SESSION",
        "subpath" in action && action.subpath !== undefined && `SUBPATH = ${quoteString(action.subpath)}`,
      );
    case "setIncrement":
      return `SET INCREMENT = ${action.increment}`;
    case "setOrder":
      return action.ordered ? "SET ORDER" : "SET NOORDER";
    case "executeAs":
      return `EXECUTE AS ${action.as}`;
    case "addColumns": {
      const columns = action.columns.map(printColumnDefinition).join(", ");
      return words("ADD COLUMN", action.ifNotExists && "IF NOT EXISTS", columns);
    }
    case "addToken":
      return words(
        "ADD PROGRAMMATIC ACCESS TOKEN",
        action.ifNotExists && "IF NOT EXISTS",
        printIdentifier(action.name),
        printProperties(action.properties),
      );
    case "removeToken":
      return `REMOVE PROGRAMMATIC ACCESS TOKEN ${printIdentifier(action.name)}`;
    case "dropColumns":
      return words("DROP COLUMN", action.ifExists && "IF EXISTS", action.names.map(printIdentifier).join(", "));
    case "renameColumn":
      return `RENAME COLUMN ${printIdentifier(action.from)} TO ${printIdentifier(action.to)}`;
    case "renameConstraint":
      return `RENAME CONSTRAINT ${printIdentifier(action.from)} TO ${printIdentifier(action.to)}`;
    case "addConstraint":
      return `ADD ${printConstraint(action.constraint)}`;
    case "dropConstraint":
      return `DROP ${printReference(action.constraint)}`;
    case "alterConstraint":
      return words("ALTER", printReference(action.constraint), ...action.options);
    default:
      return FIXED_TEXT[action.action];
  }
}

/** The actions that are words only. */
const FIXED_TEXT = {
  suspend: "SUSPEND",
  dropClusteringKey: "DROP CLUSTERING KEY",
  suspendRecluster: "SUSPEND RECLUSTER",
  resumeRecluster: "RESUME RECLUSTER",
  unsetFrozenWhere: "UNSET FROZEN WHERE",
  unsetExecuteAs: "UNSET EXECUTE AS USER",
  setSecure: "SET SECURE",
  unsetSecure: "UNSET SECURE",
  removeWhen: "REMOVE WHEN",
  unsetFinalize: "UNSET FINALIZE",
  enableManagedAccess: "ENABLE MANAGED ACCESS",
  disableManagedAccess: "DISABLE MANAGED ACCESS",
  abortAllQueries: "ABORT ALL QUERIES",
} as const;

function printReference(constraint: ConstraintReference): string {
  switch (constraint.kind) {
    case "name":
      return `CONSTRAINT ${printIdentifier(constraint.name)}`;
    case "primaryKey":
      return "PRIMARY KEY";
    case "unique":
      return `UNIQUE ${printColumns(constraint.columns)}`;
    case "foreignKey":
      return `FOREIGN KEY ${printColumns(constraint.columns)}`;
  }
}

function printColumnChange(change: ColumnChange): string {
  switch (change.kind) {
    case "setDefault":
      return `SET DEFAULT ${printExpression(change.expression)}`;
    case "dropDefault":
      return "DROP DEFAULT";
    case "setNotNull":
      return "SET NOT NULL";
    case "dropNotNull":
      return "DROP NOT NULL";
    case "setType":
      return `SET DATA TYPE ${dataTypeText(change.type)}`;
    case "comment":
      return `COMMENT ${quoteString(change.comment)}`;
    case "unsetComment":
      return "UNSET COMMENT";
  }
}

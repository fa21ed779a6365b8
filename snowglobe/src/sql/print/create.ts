import { dataTypeText } from "../ast/dataType";
import type { ExecuteAsUser } from "../ast/statements/dynamicTable";
import type { Statement, StatementOf } from "../ast/statement";
import type { CloneSource, ColumnLabel, RowAccessPolicyUse, TagAssignment } from "../ast/statements/common";
import type { CreateRoutine } from "../ast/statements/routine";
import type { ColumnConstraint, ColumnDefinition, TableConstraint, TableOrigin } from "../ast/statements/table";
import { printColumnAttachments, printRowAccessPolicyUse, printTags } from "./attachments";
import type { GovernanceKind } from "./governance";
import { printHead } from "./head";
import { printColumns, printIdentifier, printObjectName, words } from "./name";
import { printProperties } from "./property";
import { printArgument, printReturns } from "./routine";
import { expressions, printExpression, printQuery, tableSources } from "./query";
import { quoteString } from "../../quoting";

export type CreateKind = Exclude<Extract<Statement["kind"], `create${string}`>, GovernanceKind>;
type StatementPrinter = (statement: Statement) => string;

/** CREATE statements. */
export function printCreate(statement: StatementOf<CreateKind>, nested: StatementPrinter): string {
  switch (statement.kind) {
    case "createTable":
      return printTable(statement);
    case "createView":
      return words(
        printHead(statement, `${flags(statement)}VIEW`),
        printLabels(statement.columns),
        ...clauses(statement),
        `AS ${printQuery(statement.query)}`,
      );
    case "createDynamicTable":
      return printDynamicTable(statement, nested);
    case "createStream":
      return words(
        printHead(statement, "STREAM"),
        printClone(statement.clone),
        ...clauses(statement),
        statement.on && `ON ${statement.on.objectKind} ${printObjectName(statement.on.name)}`,
        statement.timeTravel && tableSources.timeTravel(statement.timeTravel),
      );
    case "createTask":
      return words(
        printHead(statement, "TASK"),
        printClone(statement.clone),
        ...clauses(statement),
        statement.after.length > 0 && `AFTER ${statement.after.map(printObjectName).join(", ")}`,
        statement.finalize && `FINALIZE = ${printObjectName(statement.finalize)}`,
        statement.when && `WHEN ${printExpression(statement.when.expression)}`,
        statement.body && `AS ${nested(statement.body.statement)}`,
      );
    case "createAlert":
      return words(
        printHead(statement, "ALERT"),
        printClone(statement.clone),
        ...clauses(statement),
        statement.condition && `IF (EXISTS (${nested(statement.condition.statement)}))`,
        statement.action && `THEN ${nested(statement.action.statement)}`,
      );
    case "createFunction":
    case "createProcedure":
      return printRoutine(statement);
    case "createSequence":
      return words(
        printHead(statement, "SEQUENCE"),
        `START = ${statement.start} INCREMENT = ${statement.increment}`,
        statement.ordered !== undefined && (statement.ordered ? "ORDER" : "NOORDER"),
        statement.comment !== undefined && `COMMENT = ${quoteString(statement.comment)}`,
      );
    default:
      return printPlain(statement);
  }
}

const KIND_TEXT = {
  createDatabase: "DATABASE",
  createSchema: "SCHEMA",
  createWarehouse: "WAREHOUSE",
  createRole: "ROLE",
  createDatabaseRole: "DATABASE ROLE",
  createUser: "USER",
  createNotificationIntegration: "NOTIFICATION INTEGRATION",
  createStage: "STAGE",
  createFileFormat: "FILE FORMAT",
} as const;

/** The kinds that are little more than a name and properties. */
function printPlain(statement: StatementOf<keyof typeof KIND_TEXT>): string {
  return words(
    printHead(statement, flags(statement) + KIND_TEXT[statement.kind]),
    "clone" in statement && printClone(statement.clone),
    "managedAccess" in statement && statement.managedAccess && "WITH MANAGED ACCESS",
    ...clauses(statement),
  );
}

const FLAGS = ["secure", "transient", "temporary", "recursive", "aggregate"] as const;

/** The words before the kind, for those fields of the statement that are true. */
function flags(statement: object): string {
  const fields = statement as Readonly<Record<string, unknown>>;
  return FLAGS.filter((flag) => fields[flag] === true)
    .map((flag) => `${flag.toUpperCase()} `)
    .join("");
}

interface Clauses {
  readonly properties?: Parameters<typeof printProperties>[0];
  readonly tags?: readonly TagAssignment[];
  readonly copyGrants?: boolean;
  readonly clusterBy?: Parameters<typeof expressions.list>[0];
  readonly rowAccessPolicy?: RowAccessPolicyUse;
}

function clauses({
  properties,
  tags,
  copyGrants,
  clusterBy,
  rowAccessPolicy,
}: Clauses): (string | false | undefined)[] {
  return [
    clusterBy && `CLUSTER BY (${expressions.list(clusterBy)})`,
    copyGrants && "COPY GRANTS",
    rowAccessPolicy && `WITH ${printRowAccessPolicyUse(rowAccessPolicy)}`,
    tags && printTags(tags),
    properties && printProperties(properties),
  ];
}

function printClone(clone: CloneSource | undefined): string | undefined {
  return (
    clone &&
    words(`CLONE ${printObjectName(clone.name)}`, clone.timeTravel && tableSources.timeTravel(clone.timeTravel))
  );
}

function printLabels(columns: readonly ColumnLabel[]): string {
  const labels = columns.map(({ name, type, comment, ...attached }) =>
    words(
      printIdentifier(name),
      type && dataTypeText(type),
      printColumnAttachments(attached),
      comment !== undefined && `COMMENT ${quoteString(comment)}`,
    ),
  );
  return labels.length === 0 ? "" : `(${labels.join(", ")})`;
}

function printTable(statement: StatementOf<"createTable">): string {
  const elements = [...statement.columns.map(printColumnDefinition), ...statement.constraints.map(printConstraint)];
  return words(
    printHead(statement, words(statement.persistence !== "PERMANENT" && statement.persistence, "TABLE")),
    elements.length > 0 && `(${elements.join(", ")})`,
    ...clauses(statement),
    statement.source && printOrigin(statement.source),
  );
}

function printOrigin(origin: TableOrigin): string {
  switch (origin.kind) {
    case "query":
      return `AS ${printQuery(origin.query)}`;
    case "template":
      return `USING TEMPLATE (${printQuery(origin.query)})`;
    case "like":
      return `LIKE ${printObjectName(origin.name)}`;
    case "clone":
      return printClone(origin)!;
  }
}

export function printColumnDefinition(column: ColumnDefinition): string {
  const { identity } = column;
  return words(
    printIdentifier(column.name),
    column.type && dataTypeText(column.type),
    column.collation !== undefined && `COLLATE ${quoteString(column.collation)}`,
    column.notNull && "NOT NULL",
    column.default && `DEFAULT ${printExpression(column.default)}`,
    identity && `IDENTITY (${identity.start}, ${identity.increment})`,
    identity?.ordered !== undefined && (identity.ordered ? "ORDER" : "NOORDER"),
    ...column.constraints.map(printColumnConstraint),
    printColumnAttachments(column),
    column.comment !== undefined && `COMMENT ${quoteString(column.comment)}`,
  );
}

const CONSTRAINT_TEXT = { primaryKey: "PRIMARY KEY", unique: "UNIQUE", foreignKey: "FOREIGN KEY" } as const;

function printColumnConstraint({ kind, name, references, options }: ColumnConstraint): string {
  return words(
    name && `CONSTRAINT ${printIdentifier(name)}`,
    CONSTRAINT_TEXT[kind],
    references && `REFERENCES ${printObjectName(references.table)}`,
    references?.column && printColumns([references.column]),
    ...options,
  );
}

export function printConstraint({ kind, name, columns, references, options }: TableConstraint): string {
  return words(
    name && `CONSTRAINT ${printIdentifier(name)}`,
    CONSTRAINT_TEXT[kind],
    printColumns(columns),
    references && `REFERENCES ${printObjectName(references.table)}`,
    references && references.columns.length > 0 && printColumns(references.columns),
    ...options,
  );
}

function printDynamicTable(statement: StatementOf<"createDynamicTable">, nested: StatementPrinter): string {
  return words(
    printHead(statement, `${flags(statement)}DYNAMIC TABLE`),
    printLabels(statement.columns),
    printClone(statement.clone),
    ...clauses(statement),
    statement.frozenWhere && `FROZEN WHERE (${printExpression(statement.frozenWhere.expression)})`,
    statement.requireUser && "REQUIRE USER",
    statement.copyTags && "COPY TAGS",
    statement.backfillFrom &&
      words(
        `BACKFILL FROM ${printObjectName(statement.backfillFrom.name)}`,
        statement.backfillFrom.timeTravel && tableSources.timeTravel(statement.backfillFrom.timeTravel),
      ),
    statement.startAt && `START ${tableSources.timeTravel(statement.startAt)}`,
    statement.executeAs && printExecuteAs(statement.executeAs),
    statement.refreshUsing && `REFRESH USING (${nested(statement.refreshUsing.statement)})`,
    statement.query && `AS ${printQuery(statement.query)}`,
  );
}

export function printExecuteAs({ user, secondaryRoles }: ExecuteAsUser): string {
  const roles = typeof secondaryRoles === "object" ? secondaryRoles.map(printIdentifier).join(", ") : secondaryRoles;
  return words(`EXECUTE AS USER ${printIdentifier(user)}`, roles && `USE SECONDARY ROLES ${roles}`);
}

function printRoutine(statement: StatementOf<"createFunction" | "createProcedure">): string {
  return words(
    printHead(statement, flags(statement) + (statement.kind === "createFunction" ? "FUNCTION" : "PROCEDURE")),
    printRoutineParts(statement),
  );
}

/** What follows the name of a function or procedure. */
function printRoutineParts(statement: CreateRoutine): string {
  return words(
    `(${statement.arguments.map(printArgument).join(", ")})`,
    statement.copyGrants && "COPY GRANTS",
    `RETURNS ${printReturns(statement.returns)}`,
    `LANGUAGE ${statement.language}`,
    statement.nullHandling,
    statement.volatility,
    statement.memoizable && "MEMOIZABLE",
    printProperties(statement.properties),
    statement.executeAs && `EXECUTE AS ${statement.executeAs}`,
    statement.body && `AS ${quoteString(statement.body.text)}`,
  );
}

/** `p AS PROCEDURE ...`, what stands between WITH and CALL. */
export function printAnonymousProcedure(statement: CreateRoutine): string {
  return words(`${printObjectName(statement.name)} AS PROCEDURE`, printRoutineParts(statement));
}

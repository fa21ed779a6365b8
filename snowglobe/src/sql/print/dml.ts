import type { TableSource } from "../ast/query";
import type { StatementOf } from "../ast/statement";
import type { Assignment, InsertTarget, MergeClause } from "../ast/statements/dml";
import type { StageTarget } from "../ast/statements/stage";
import { printColumns, printIdentifier, printObjectName, words } from "./name";
import { printProperties } from "./property";
import { expressions, printExpression, printQuery, tableSources } from "./query";
import { printStageLocation } from "./stageLocation";
import { quoteString } from "../../quoting";

type DmlKind =
  | "queryStatement"
  | "insert"
  | "multiTableInsert"
  | "update"
  | "delete"
  | "merge"
  | "truncate"
  | "copyIntoTable"
  | "copyIntoLocation"
  | "put"
  | "get"
  | "list"
  | "remove";

/** Queries, DML and the statements that move files. */
export function printDml(statement: StatementOf<DmlKind>): string {
  switch (statement.kind) {
    case "queryStatement":
      return printQuery(statement.query);
    case "insert":
      return words(
        statement.overwrite ? "INSERT OVERWRITE INTO" : "INSERT INTO",
        printObjectName(statement.table),
        statement.columns.length > 0 && printColumns(statement.columns),
        printQuery(statement.query),
      );
    case "multiTableInsert":
      return words(
        statement.overwrite ? "INSERT OVERWRITE" : "INSERT",
        statement.mode,
        ...statement.branches.map(({ when, into }) =>
          words(when && `WHEN ${printExpression(when)} THEN`, into.map(printTarget).join(" ")),
        ),
        statement.otherwise.length > 0 && `ELSE ${statement.otherwise.map(printTarget).join(" ")}`,
        printQuery(statement.query),
      );
    case "update":
      return words(
        `UPDATE ${printObjectName(statement.table)}`,
        statement.alias && `AS ${printIdentifier(statement.alias)}`,
        `SET ${printAssignments(statement.assignments)}`,
        statement.from.length > 0 && `FROM ${printSources(statement.from)}`,
        statement.where && `WHERE ${printExpression(statement.where)}`,
      );
    case "delete":
      return words(
        `DELETE FROM ${printObjectName(statement.table)}`,
        statement.alias && `AS ${printIdentifier(statement.alias)}`,
        statement.using.length > 0 && `USING ${printSources(statement.using)}`,
        statement.where && `WHERE ${printExpression(statement.where)}`,
      );
    case "merge":
      return words(
        `MERGE INTO ${printObjectName(statement.table)}`,
        statement.alias && `AS ${printIdentifier(statement.alias)}`,
        `USING ${tableSources.print(statement.using)}`,
        `ON ${printExpression(statement.on)}`,
        ...statement.clauses.map(printMergeClause),
      );
    case "truncate":
      return words("TRUNCATE TABLE", statement.ifExists && "IF EXISTS", printObjectName(statement.table));
    case "copyIntoTable":
    case "copyIntoLocation":
      return printCopy(statement);
    default:
      return printFiles(statement);
  }
}

function printSources(sources: readonly TableSource[]): string {
  return sources.map((source) => tableSources.print(source)).join(", ");
}

function printTarget({ table, columns, values }: InsertTarget): string {
  return words(
    `INTO ${printObjectName(table)}`,
    columns.length > 0 && printColumns(columns),
    values.length > 0 && `VALUES (${expressions.list(values)})`,
  );
}

function printAssignments(assignments: readonly Assignment[]): string {
  return assignments.map(({ column, value }) => `${printObjectName(column)} = ${printExpression(value)}`).join(", ");
}

function printMergeClause({ matched, condition, action }: MergeClause): string {
  return words(
    matched ? "WHEN MATCHED" : "WHEN NOT MATCHED",
    condition && `AND ${printExpression(condition)}`,
    `THEN ${printMergeAction(action)}`,
  );
}

function printMergeAction(action: MergeClause["action"]): string {
  switch (action.kind) {
    case "delete":
      return "DELETE";
    case "update":
      return `UPDATE SET ${printAssignments(action.assignments)}`;
    case "insert": {
      const columns = action.columns.length > 0 && printColumns(action.columns);
      return words("INSERT", columns, `VALUES (${expressions.list(action.values)})`);
    }
    case "updateAllByName":
      return "UPDATE ALL BY NAME";
    case "insertAllByName":
      return "INSERT ALL BY NAME";
  }
}

function printCopy(statement: StatementOf<"copyIntoTable" | "copyIntoLocation">): string {
  const properties = printProperties(statement.properties);
  if (statement.kind === "copyIntoTable") {
    const { from } = statement;
    return words(
      `COPY INTO ${printObjectName(statement.table)}`,
      statement.columns.length > 0 && printColumns(statement.columns),
      "FROM",
      from.kind === "query" ? `(${printQuery(from.query)})` : printEnd(from),
      properties,
    );
  }
  const { from, partitionBy } = statement;
  return words(
    `COPY INTO ${printEnd(statement.to)} FROM`,
    from.kind === "table" ? printObjectName(from.name) : `(${printQuery(from.query)})`,
    partitionBy && `PARTITION BY (${printExpression(partitionBy)})`,
    properties,
  );
}

function printEnd(end: StatementOf<"copyIntoLocation">["to"]): string {
  return end.kind === "stage" ? printStageLocation(end.location) : quoteString(end.url);
}

function printStageTarget({ location, variable }: StageTarget): string {
  return location ? printStageLocation(location) : printExpression(variable!);
}

function printFiles(statement: StatementOf<"put" | "get" | "list" | "remove">): string {
  const stage = printStageTarget(statement);
  switch (statement.kind) {
    // The path is raw text: in quotes it is kept as it is.
    case "put":
      return words(`PUT 'file://${statement.localPath}'`, stage, printProperties(statement.properties));
    case "get":
      return words(`GET ${stage}`, `'file://${statement.localPath}'`, printProperties(statement.properties));
    default: {
      const pattern = statement.pattern !== undefined && `PATTERN = ${quoteString(statement.pattern)}`;
      return words(statement.kind.toUpperCase(), stage, pattern);
    }
  }
}

import type { Query } from "../../sql/ast/query";
import { VARCHAR, type DataType } from "../../sql/ast/dataType";
import type { StatementContext } from "../../execution/context";
import { nodesOf } from "../../sql/syntaxNodes";
import { walkPlan, type Plan, type SqlRelation } from "../../translate";
import type { RelationColumn } from "../../translate/environment";
import { DOCUMENT, fieldName } from "./sourceColumns";
import type { SourceFile } from "./sourceFile";
import { literal } from "../../quoting";

const TIMESTAMP: DataType = { kind: "TIMESTAMP_NTZ", scale: 3 };

/** Name of the row's number in a source. */
const ROW_NUMBER = "n";

/** Columns that every staged file has, and where they stand in a source. Source: "Querying metadata for staged files". */
const FILE_COLUMNS: readonly RelationColumn[] = [
  { name: "METADATA$FILENAME", type: VARCHAR, nullable: false, physical: "file_name" },
  {
    name: "METADATA$FILE_ROW_NUMBER",
    type: { kind: "NUMBER", precision: 18, scale: 0 },
    nullable: false,
    physical: ROW_NUMBER,
  },
  { name: "METADATA$FILE_LAST_MODIFIED", type: TIMESTAMP, nullable: false, physical: "file_modified" },
  {
    name: "METADATA$START_SCAN_TIME",
    type: { kind: "TIMESTAMP_LTZ", scale: 3 },
    nullable: false,
    physical: "scan_began",
  },
];

/** A staged file as queries see it. @param shape how many fields, or one document a row @param sql FROM item */
export function fileRelation(shape: number | "document", sql: string): SqlRelation {
  const fields = Array.from({ length: shape === "document" ? 1 : shape }, (_, index): RelationColumn => ({
    name: `$${index + 1}`,
    type: shape === "document" ? DOCUMENT.type : VARCHAR,
    nullable: true,
    physical: fieldName(index),
  }));
  return {
    kind: "sql",
    path: ["STAGE"],
    sql,
    columns: [...fields, ...FILE_COLUMNS.map((column) => ({ ...column, hidden: true }))],
  };
}

/** A source of a file's records with the columns of `FILE_COLUMNS` beside them. */
export function withFileColumns(source: string, { staged }: SourceFile, { startedOn }: StatementContext): string {
  const columns = [
    `${literal(staged.name)} AS file_name`,
    `make_timestamp(${staged.modifiedOn}) AS file_modified`,
    `make_timestamptz(${Math.floor(startedOn)}) AS scan_began`,
  ];
  return `(SELECT *, ${columns.join(", ")} FROM ${source} AS s)`;
}

/** The largest n of `$n` in a query. */
export function positionsIn(query: Query): number {
  let most = 0;
  for (const node of nodesOf(query)) {
    if (node.kind === "positional") most = Math.max(most, node.position as number);
  }
  return most;
}

/** Whether a plan over a file reads the number of its rows. */
export function rowNumberIn(plan: Plan): boolean {
  const ids = new Set<string>();
  let found = false;
  walkPlan(plan, {
    node: (node) => {
      if (node.kind !== "sql") return;
      const id = node.columns[node.physical.indexOf(ROW_NUMBER)]?.id;
      if (id !== undefined) ids.add(id);
    },
  });
  walkPlan(plan, {
    expression: (expression) => {
      if (expression.kind === "column" && ids.has(expression.id)) found = true;
    },
  });
  return found;
}

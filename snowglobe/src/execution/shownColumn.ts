import type { CatalogObject } from "../catalog/objects";
import type { DataType } from "../sql/ast/dataType";
import type { SqlRelation } from "../translate/environment";
import type { StatementContext } from "./context";
import { rows, TEXT, TIMESTAMP, type Cell, type Outcome } from "./outcome";
import { relationOf } from "./sqlRelation";

/** A column of a listing, a view or a history: its name, its type and the value that it has for a row; without one NULL. */
export type ShownColumn<Row> = readonly [
  name: string,
  type: DataType,
  value?: (row: Row, context: StatementContext) => Cell,
];

/** The database in which an object lies; undefined for what lies in none. */
export function databaseName(object: CatalogObject, { instance }: StatementContext): string | undefined {
  return instance.catalog.pathOf(object)[0];
}

/** The schema in which a schema's object lies. */
export function schemaName(object: CatalogObject, { instance }: StatementContext): string | undefined {
  return instance.catalog.pathOf(object)[1];
}

/** Owners are account roles here; what the system made has none. */
export function ownerRoleType({ owner }: Pick<CatalogObject, "owner">): string {
  return owner === null ? "" : "ROLE";
}

// Columns that objects of all kinds show under the same names.
export const CREATED_ON: ShownColumn<CatalogObject> = ["created_on", TIMESTAMP, (object) => object.createdOn];
export const NAME: ShownColumn<{ readonly name: string }> = ["name", TEXT, (object) => object.name];
export const DATABASE_NAME: ShownColumn<CatalogObject> = ["database_name", TEXT, databaseName];
export const SCHEMA_NAME: ShownColumn<CatalogObject> = ["schema_name", TEXT, schemaName];
export const OWNER: ShownColumn<CatalogObject> = ["owner", TEXT, (object) => object.owner];
export const COMMENT: ShownColumn<CatalogObject> = ["comment", TEXT, (object) => object.comment];
export const OWNER_ROLE_TYPE: ShownColumn<CatalogObject> = ["owner_role_type", TEXT, ownerRoleType];

/** Y or N, as SHOW writes most flags. */
export function flag(value: boolean): string {
  return value ? "Y" : "N";
}

function split<Row>(columns: readonly ShownColumn<Row>[], found: readonly Row[], context: StatementContext) {
  return {
    spec: columns.map(([name, type]) => [name, type] as const),
    cells: found.map((row) => columns.map(([, , value]) => value?.(row, context))),
  };
}

/** Rows as the answer of SHOW, DESCRIBE and the like. */
export function shown<Row>(
  columns: readonly ShownColumn<Row>[],
  found: readonly Row[],
  context: StatementContext,
  statementTypeId: number,
): Outcome {
  const { spec, cells } = split(columns, found, context);
  return rows(spec, cells, statementTypeId);
}

/** Rows as a relation that queries can read: a view of INFORMATION_SCHEMA or a history. */
export function shownRelation<Row>(
  path: readonly string[],
  columns: readonly ShownColumn<Row>[],
  found: readonly Row[],
  context: StatementContext,
): SqlRelation {
  const { spec, cells } = split(columns, found, context);
  return relationOf(path, spec, cells);
}

/** What DuckDB's text calls a column of a relation. */
export function physicalName(relation: SqlRelation, column: string): string {
  return relation.columns.find(({ name }) => name === column)!.physical;
}

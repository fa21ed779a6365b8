import { quoteIfNeeded } from "../../quoting";
import type { Column, DynamicTable, Table } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { requireDistinct } from "../../execution/tableColumns";
import type { StatementContext } from "../../execution/context";
import { owns } from "../../execution/authorize";
import { tryFindOnAccount } from "../../execution/lookup";
import { Properties } from "../../execution/properties";
import { parseObjectName } from "../../sql";
import { bindContent, pipelineIdsOf, inputIdsOf, type BoundContent } from "../../refresh/dynamicTableContent";
import { queryInputs, requireNotBehindViews, type QueryInputs } from "../../refresh/queryInputs";
import type { StatementOf } from "../../sql/ast/statement";
import { actingAs } from "./executeAs";
import { columnType, type BoundQuery } from "../../translate";

/** What a definition reads, and what it means. */
export interface Definition {
  readonly queryText: string;
  /** The statement's context with names resolved from the table's own schema. */
  readonly inside: StatementContext;
  readonly bound: BoundContent;
  /** All stored relations that it reads. */
  readonly inputs: readonly (Table | DynamicTable)[];
  /** The dynamic tables among them that are refreshed with it: those that are not behind a boundary. */
  readonly upstream: readonly DynamicTable[];
  readonly reads: QueryInputs;
}

/**
 * Binds the query of CREATE DYNAMIC TABLE.
 *
 * @param schemaId of the table: names are resolved from there
 * @throws SnowflakeError for what no dynamic table may read
 */
export function bindDefinition(
  statement: StatementOf<"createDynamicTable">,
  name: string,
  schemaId: number,
  context: StatementContext,
  dataTimestamp: number,
): Definition {
  const { catalog } = context.instance;
  const queryText = (statement.refreshUsing ?? statement.body)!.text;
  const databaseId = catalog.require("SCHEMA", schemaId).parentId;
  const as = statement.executeAs && actingAs(statement.executeAs, context);
  const warehouseId = warehouseIdOf(statement, context);
  const session = { ...context.session, ...as, schemaId, databaseId, warehouseId };
  const inside = { ...context, text: queryText, session };
  const custom = statement.refreshUsing && customDraft(statement, queryText, name, schemaId);
  const bound = bindContent(custom ?? { queryText }, inside, dataTimestamp);
  const objects = (ids: readonly number[]): (Table | DynamicTable)[] =>
    ids.map((id) => catalog.object(id) as Table | DynamicTable);
  const upstream = objects(pipelineIdsOf(bound.query)).filter((one) => one.kind === "DYNAMIC TABLE");
  const reads = queryInputs(custom ?? { queryText }, inside);
  requireNotBehindViews(reads, name);
  return { queryText, inside, bound, inputs: objects(inputIdsOf(bound.query)), upstream, reads };
}

/** What CURRENT_WAREHOUSE is to the refreshes: the warehouse that does them. */
function warehouseIdOf(statement: StatementOf<"createDynamicTable">, context: StatementContext): number | null {
  const name = new Properties(statement.properties, context).text("WAREHOUSE");
  if (name === undefined) return null;
  return tryFindOnAccount(context, "WAREHOUSE", parseObjectName(quoteIfNeeded(name)))?.id ?? null;
}

/** What SELF means while the statement of REFRESH USING is bound. */
function customDraft(
  statement: StatementOf<"createDynamicTable">,
  queryText: string,
  name: string,
  parentId: number,
): DynamicTable {
  const columns = customColumns(statement).map((column, index) => ({ ...column, physical: `c${index + 1}` }));
  return {
    kind: "DYNAMIC TABLE",
    id: 0,
    storageId: 0,
    name,
    parentId,
    queryText,
    refreshUsing: true,
    columns,
  } as never;
}

/** REFRESH USING needs all columns with their types. Source: "Custom incrementalization". */
function customColumns(statement: StatementOf<"createDynamicTable">): Omit<Column, "physical">[] {
  const columns = statement.columns.map(({ name, type, comment = "" }) => {
    if (!type) throw compilationError(`Column '${name.name}' needs a type: REFRESH USING does not tell it.`);
    return { name: name.name, type, nullable: true, comment };
  });
  if (columns.length === 0) throw compilationError("REFRESH USING needs a column list with types.");
  requireDistinct(columns);
  return columns;
}

/** The columns that the statement lists, or those of the query. */
export function definedColumns(
  statement: StatementOf<"createDynamicTable">,
  query: BoundQuery,
): Omit<Column, "physical">[] {
  if (statement.refreshUsing) return customColumns(statement);
  const given = statement.columns;
  if (given.length > 0 && given.length !== query.columns.length) {
    throw compilationError("Invalid column definition list", "002026", "42601");
  }
  const columns = query.columns.map((column, index) => ({
    name: given[index]?.name.name ?? column.name,
    type: given[index]?.type ?? columnType(column.type),
    nullable: true,
    comment: given[index]?.comment ?? "",
  }));
  requireDistinct(columns);
  return columns;
}

/**
 * Base tables whose change tracking the statement switches on, which only their owner may. Source: "Create dynamic
 * tables", change tracking.
 */
export function untracked(inputs: readonly (Table | DynamicTable)[], context: StatementContext): Table[] {
  const tables = inputs.filter((object): object is Table => object.kind === "TABLE");
  const found = tables.filter((table) => !table.changeTracking);
  for (const table of found) {
    if (!owns(context, table)) {
      throw compilationError(`Change tracking is not enabled on table '${table.name}'.`, "002712", "42601");
    }
  }
  return found;
}

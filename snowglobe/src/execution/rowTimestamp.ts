import type { Table, DynamicTable } from "../catalog/objects";
import { parameterDefinition } from "../catalog/parameters";
import { TIMESTAMP_LTZ } from "../sql/ast/dataType";
import { call, columnRef } from "../translate";
import type { RelationColumn, StoredRelation } from "../translate/environment";
import type { StatementContext } from "./context";
import { objectParameter } from "./parameters";

/** The commit that a row's version came with, of tables that have ROW_TIMESTAMP. Nobody can name it. */
export const ROW_VERSION: RelationColumn = {
  name: "",
  type: { kind: "NUMBER", precision: 18, scale: 0 },
  nullable: false,
  physical: "_vf",
  hidden: true,
};

/**
 * METADATA$ROW_LAST_COMMIT_TIME: when a row was committed as it is; NULL for rows of before ROW_TIMESTAMP, and for those
 * that the open transaction has written. Source: "Use row timestamps to measure latency in your pipelines".
 *
 * @param since see `rowTimesSince` of the table
 */
export function rowCommitTime(since: number): NonNullable<StoredRelation["metadata"]>[number] {
  return {
    name: "METADATA$ROW_LAST_COMMIT_TIME",
    over: (columns) => {
      const version = columns.find((column) => column.name === ROW_VERSION.name)!;
      const text = `(SELECT timezone('UTC', make_timestamp(c.ts)) FROM storage.commits AS c WHERE c.v = $0 AND c.v > ${since})`;
      return call("METADATA$ROW_LAST_COMMIT_TIME", text, [columnRef(version)], TIMESTAMP_LTZ, true);
    },
  };
}

/** Whether a new table of a schema shows times where its statement does not say so. */
export function rowTimesByDefault(schemaId: number, context: StatementContext): boolean {
  const definition = parameterDefinition("ROW_TIMESTAMP_DEFAULT")!;
  return Boolean(objectParameter(context, context.instance.catalog.object(schemaId)!, definition).value);
}

/**
 * What a table keeps for ROW_TIMESTAMP = TRUE or FALSE. Switching it off forgets all times for good.
 *
 * @param on undefined: as it is
 */
export function withRowTimes(
  table: Pick<Table | DynamicTable, "rowTimesSince">,
  on: boolean | undefined,
  { instance }: StatementContext,
): Pick<Table, "rowTimesSince"> {
  if (on === undefined || on === (table.rowTimesSince !== undefined)) return {};
  return { rowTimesSince: on ? instance.storage.lastVersion : undefined };
}

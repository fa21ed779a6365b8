import { literal } from "../storage";
import type { SqlRelation } from "../translate/environment";
import { decodeFromWire } from "../translate";
import type { StatementResult } from "../account/result";

/**
 * A kept result as a relation: rows are read back from their wire encoding. Source: "RESULT_SCAN".
 *
 * @param name for messages
 */
export function resultRelation(result: StatementResult, name: string): SqlRelation {
  const names = result.columns.map((_, index) => `c${index + 1}`);
  const json = `[${result.chunks
    .filter((chunk) => chunk.rowCount > 0)
    .map((chunk) => chunk.json)
    .join(",")}]`;
  const cells = result.columns.map(
    (column, index) => `${decodeFromWire(`r.r[${index + 1}]`, column.type)} AS ${names[index]!}`,
  );
  return {
    kind: "sql",
    path: [name],
    sql: `(SELECT ${cells.join(", ")} FROM (SELECT unnest(from_json(${literal(json)}, '[["VARCHAR"]]')) AS r) AS r)`,
    columns: result.columns.map((column, index) => ({ ...column, physical: names[index]! })),
  };
}

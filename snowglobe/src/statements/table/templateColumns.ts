import type { Column } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { parseDataType } from "../../sql";
import type { Query } from "../../sql/ast/query";

/** One object of the array, as INFER_SCHEMA gives it. */
interface Described {
  readonly COLUMN_NAME?: unknown;
  readonly TYPE?: unknown;
  readonly NULLABLE?: unknown;
}

/**
 * The columns that the query of USING TEMPLATE describes: one array of objects with COLUMN_NAME, TYPE and NULLABLE.
 * Sources: "CREATE TABLE", USING TEMPLATE; "INFER_SCHEMA".
 */
export async function templateColumns(query: Query, context: StatementContext): Promise<Column[]> {
  const outcome = await context.run({ kind: "queryStatement", query, span: query.span }, context.text);
  const [row] = JSON.parse(`[${outcome.chunks[0]?.json ?? ""}]`) as (string | null)[][];
  const described = parsedArray(row?.[0] ?? "null");
  if (outcome.columns.length !== 1 || outcome.total !== 1 || !described || described.length === 0) {
    throw compilationError(
      "USING TEMPLATE needs a query of one row with one array of column descriptions, as ARRAY_AGG(OBJECT_CONSTRUCT(*)) over INFER_SCHEMA gives it.",
      "001003",
      "42601",
    );
  }
  return described.map(({ COLUMN_NAME: name, TYPE: type, NULLABLE: nullable }, index) => {
    if (typeof name !== "string" || typeof type !== "string") {
      throw compilationError("A column description of USING TEMPLATE needs COLUMN_NAME and TYPE.", "001003", "42601");
    }
    return {
      name,
      type: parseDataType(type),
      nullable: nullable !== false && nullable !== "false",
      comment: "",
      physical: `c${index + 1}`,
    };
  });
}

function parsedArray(text: string): readonly Described[] | undefined {
  const parsed = JSON.parse(text) as unknown;
  return Array.isArray(parsed) ? (parsed as Described[]) : undefined;
}

import { invalidValue } from "../../errors";
import type { HostFunction } from "../../storage";

interface Described {
  readonly COLUMN_NAME: string;
  readonly TYPE: string;
  readonly NULLABLE?: boolean;
  readonly EXPRESSION?: string;
}

/** The columns of an array that INFER_SCHEMA's rows were put into, as CREATE takes them. Source: "GENERATE_COLUMN_DESCRIPTION". */
function columnDescription(json: string, kind: string): string {
  const columns = JSON.parse(json) as Described[];
  const name = ({ COLUMN_NAME }: Described): string => `"${COLUMN_NAME.replaceAll('"', '""')}"`;
  switch (kind.toLowerCase()) {
    case "table":
      return columns
        .map((column) => `${name(column)} ${column.TYPE}${column.NULLABLE === false ? " NOT NULL" : ""}`)
        .join(",\n");
    case "external_table":
      return columns.map((column) => `${name(column)} ${column.TYPE} AS (${column.EXPRESSION ?? ""})`).join(",\n");
    case "view":
      return columns.map(name).join(" ,\n");
    default:
      throw invalidValue(kind, "GENERATE_COLUMN_DESCRIPTION");
  }
}

export const schemaFunctions: readonly HostFunction[] = [
  { name: "host_column_description", parameters: 2, call: columnDescription },
];

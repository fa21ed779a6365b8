import type snowflake from "snowflake-sdk";
import type { NodeClient } from "../server/nodeDriver";
import type { Answer, CaseClient, Failure } from "./runner";
import type { Seen } from "./values";

/** What snowflake-sdk makes of a date or timestamp. */
interface SfDate extends Date {
  getEpochSeconds(): number;
  getNanoSeconds(): number;
  getScale(): number;
  getTimezone(): string | number | undefined;
}

/** Cases through snowflake-sdk. */
export class NodeCases implements CaseClient {
  constructor(private readonly client: NodeClient) {}

  async execute(sql: string): Promise<Answer> {
    const { rows, statement } = await this.client.execute(sql, { rowMode: "array" } as object);
    const columns = (statement.getColumns() ?? []) as readonly snowflake.Column[];
    return {
      columns: columns.map((column) => ({ name: column.getName(), type: typeOf(column) })),
      rows: (rows as unknown as unknown[][]).map((row) => row.map((value, index) => seen(value, columns[index]!))),
    };
  }

  failure(error: unknown): Failure | undefined {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (typeof code !== "string" && typeof code !== "number") return undefined;
    return { code: String(code).padStart(6, "0"), message: String(message) };
  }
}

/** The driver knows neither lengths of texts nor the precision of floats. */
function typeOf(column: snowflake.Column): string {
  const type = column.getType().toUpperCase();
  switch (type) {
    case "FIXED":
      return `NUMBER(${column.getPrecision()},${column.getScale()})`;
    case "REAL":
      return "FLOAT";
    case "TEXT":
      return "VARCHAR";
    case "TIME":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_TZ":
      return `${type}(${column.getScale()})`;
    default:
      return type;
  }
}

function seen(value: unknown, column: snowflake.Column): Seen {
  if (value === null || value === undefined) return { kind: "null" };
  switch (column.getType().toUpperCase()) {
    case "BOOLEAN":
      return { kind: "boolean", value: value as boolean };
    case "FIXED":
    case "REAL":
      return { kind: "number", text: String(value), exact: false };
    case "DATE":
      return {
        kind: "date",
        text: (value as Date)
          .toISOString()
          .replace(/T.*/, "")
          .replace(/^\+0*(?=\d{5})/, ""),
      };
    case "TIME":
      // The driver prints it by TIME_OUTPUT_FORMAT, which has no fraction, and NULL as a word.
      if (value === "NULL") return { kind: "null" };
      return { kind: "time", text: String(value), digits: 0 };
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return timestamp(value as SfDate, column.getType().toUpperCase());
    case "BINARY":
      return { kind: "bytes", hex: (value as Buffer).toString("hex") };
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return { kind: "json", text: jsonText(value) };
    default:
      return { kind: "text", text: value as string };
  }
}

/** As Snowflake writes it: an element that is not there is `undefined`. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value) ?? "undefined";
  return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)}}`;
}

function timestamp(value: SfDate, type: string): Seen {
  const zone = value.getTimezone();
  const offset = type === "TIMESTAMP_NTZ" ? undefined : type === "TIMESTAMP_TZ" && typeof zone === "number" ? zone : 0;
  const seconds = value.getEpochSeconds() + (offset ?? 0) * 60;
  const whole = new Date(seconds * 1000)
    .toISOString()
    .replace("T", " ")
    .replace(/\.000Z$/, "");
  const text = `${whole}.${String(value.getNanoSeconds()).padStart(9, "0")}`;
  return {
    kind: "timestamp",
    text,
    digits: 9,
    ...(offset !== undefined && { offset }),
    ...(type === "TIMESTAMP_LTZ" && { local: true }),
  };
}

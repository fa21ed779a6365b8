/**
 * A server on the loopback that takes every statement dbt sends and answers just enough for dbt to go on: an empty schema,
 * tests that find nothing. What it does not prove: that any Snowflake accepts the statements.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A result: columns, each text or number, and rows of texts. */
interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const OBJECT_COLUMNS = ["created_on", "name", "database_name", "schema_name", "kind", "is_dynamic", "is_iceberg"];

function answer(sql: string): Result {
  if (/^show terse schemas/i.test(sql)) return { columns: ["name"], rows: [["WORKSHOP"]] };
  if (/^show objects/i.test(sql)) return { columns: OBJECT_COLUMNS, rows: [] };
  if (/^show user functions/i.test(sql)) {
    return { columns: ["catalog_name", "schema_name", "name", "is_builtin"], rows: [] };
  }
  if (/^describe table/i.test(sql)) return { columns: ["name", "type"], rows: [["ADDR_STATE", "VARCHAR(2)"]] };
  if (/as failures,/i.test(sql)) {
    return { columns: ["FAILURES", "SHOULD_WARN", "SHOULD_ERROR"], rows: [["0", "0", "0"]] };
  }
  if (/where false/i.test(sql)) return { columns: ["TEST_NAME", "COUNT_FAILED"], rows: [] };
  return { columns: ["status"], rows: [["Statement executed successfully."]] };
}

const type = (name: string): Record<string, unknown> => {
  const base = { name, nullable: true, scale: 0, precision: 38, length: null, byteLength: null };
  if (name === "FAILURES") return { ...base, type: "fixed" };
  return { ...base, type: name.startsWith("SHOULD_") ? "boolean" : "text", length: 16_777_216, byteLength: 16_777_216 };
};

/** Statements without dbt's trailing comment, blank space folded to one space each. */
const plain = (sql: string): string =>
  sql
    .replace(/\/\*[^]*?\*\//g, " ")
    .replace(/^\s*--.*$/gm, " ")
    .replace(/\s+/g, " ")
    .replace(/[; ]+$/, "")
    .trim();

export class StatementServer {
  /** In the order of arrival. */
  readonly statements: string[] = [];
  /** Names of roles that logged in. */
  readonly roles = new Set<string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
        const url = new URL(request.url!, "http://server");
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ success: true, code: null, message: null, data: this.#data(url, text) }));
      });
    });
  }

  static async start(): Promise<StatementServer> {
    const server = new StatementServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #data(url: URL, body: string): Record<string, unknown> {
    if (url.pathname.startsWith("/session/v1/login")) {
      this.roles.add(url.searchParams.get("roleName") ?? "");
      const session = { databaseName: null, schemaName: null, warehouseName: null, roleName: null };
      return { token: "t", masterToken: "m", validityInSeconds: 3600, parameters: [], sessionInfo: session };
    }
    if (!url.pathname.startsWith("/queries/")) return {};
    const sql = plain((JSON.parse(body) as { sqlText: string }).sqlText);
    this.statements.push(sql);
    const { columns, rows } = answer(sql);
    return {
      parameters: [],
      rowtype: columns.map(type),
      rowset: rows,
      total: rows.length,
      returned: rows.length,
      queryId: "01b00000-0000-0000-0000-000000000000",
      queryResultFormat: "json",
      statementTypeId: 4096,
    };
  }
}

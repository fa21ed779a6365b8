import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { DataType } from "../../src/sql/ast/dataType";
import { dataTypeText } from "../../src/sql/ast/dataType";
import { parseQuery } from "../../src/sql";
import { doesNotExist } from "../../src/errors";
import { RowCollector } from "../../src/rowset";
import { SqlRunner } from "../../src/storage/sqlRunner";
import { registerHostFunctions } from "../../src/storage";
import {
  batchProjection,
  type BindEnvironment,
  type BoundQuery,
  bindQuery,
  columnType,
  emitPlan,
  hostFunctions,
  macroDefinitions,
  physicalType,
  type Relation,
  type SessionContext,
  type StoredRelation,
  translateDuckDbError,
} from "../../src/translate";

export const session: SessionContext = {
  currentDatabase: "DB",
  currentSchema: "PUBLIC",
  currentRole: "ACCOUNTADMIN",
  currentUser: "ADMIN",
  currentWarehouse: "WH",
  sessionId: 17,
  client: "Test 1",
  organization: "ORG",
  secondaryRoles: { roles: [], value: "" },
  account: "SNOWGLOBE",
  region: "LOCAL",
  version: "9.1.0",
  timezone: "America/Los_Angeles",
  timestampTypeMapping: "TIMESTAMP_NTZ",
  // 2024-03-10 18:30:00.123456 UTC
  statementTimestamp: 1710095400123456,
  variables: new Map([["V", { type: { kind: "NUMBER", precision: 2, scale: 0 }, value: "42" }]]),
  parameters: new Map(),
  lastQueryIds: ["id-newest", "id-older"],
};

/** An in-memory DuckDB with the helper macros, some tables, and views that are bound in place. */
export class Harness {
  private readonly relations = new Map<string, Relation>();
  private lastId = 0;

  private constructor(readonly connection: DuckDBConnection) {}

  static async open(): Promise<Harness> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'; SET GLOBAL max_expression_depth = 10000");
    registerHostFunctions(connection, hostFunctions);
    await connection.run("CREATE SCHEMA data");
    for (const definition of macroDefinitions) await connection.run(definition);
    return new Harness(connection);
  }

  close(): void {
    this.connection.closeSync();
  }

  environment(overrides: Partial<BindEnvironment> = {}): BindEnvironment {
    return {
      session,
      binds: { positional: [], named: new Map() },
      resolveRelation: (name) => {
        const found = this.relations.get(name[name.length - 1]!.name);
        if (!found) throw doesNotExist("Object", name.map((part) => part.name).join("."));
        return found;
      },
      ...overrides,
    };
  }

  /** @param rows a query in Snowflake's dialect that fills the table */
  async table(name: string, columns: readonly (readonly [string, DataType])[], rows?: string): Promise<StoredRelation> {
    this.lastId += 1;
    const relation: StoredRelation = {
      kind: "stored",
      id: this.lastId,
      path: ["DB", "PUBLIC", name],
      columns: columns.map(([column, type], i) => ({ name: column, type, nullable: true, physical: `c${i + 1}` })),
    };
    this.relations.set(name, relation);
    const list = columns.map(([, type], i) => `c${i + 1} ${physicalType(type)}`).join(", ");
    await this.connection.run(`CREATE TABLE data.t${this.lastId} (${list})`);
    if (rows !== undefined) await this.connection.run(`INSERT INTO data.t${this.lastId} ${this.sql(rows)}`);
    return relation;
  }

  view(name: string, text: string): void {
    this.relations.set(name, {
      kind: "view",
      path: ["DB", "PUBLIC", name],
      query: parseQuery(text),
      text,
      environment: this.environment(),
    });
  }

  bind(text: string, environment = this.environment()): BoundQuery {
    return bindQuery(parseQuery(text), text, environment);
  }

  sql(text: string, environment = this.environment()): string {
    return this.emit(this.bind(text, environment));
  }

  emit(bound: BoundQuery): string {
    return emitPlan(bound.plan, { scan: (node) => `data.t${node.relation.id}` });
  }

  /** The rows in the drivers' JSON cells. */
  async rows(text: string, environment = this.environment()): Promise<(string | null)[][]> {
    const bound = this.bind(text, environment);
    const sql = batchProjection(this.emit(bound), bound.columns);
    const types = bound.columns.map((column) => columnType(column.type));
    const collector = new RowCollector(types, () => Promise.reject(new Error("more rows than a test has")));
    try {
      await new SqlRunner(this.connection).chunks(sql, (chunk) => collector.add(chunk));
      const { chunks } = await collector.end();
      return chunks.flatMap((chunk) => JSON.parse(`[${chunk.json}]`) as (string | null)[][]);
    } catch (error) {
      throw translateDuckDbError(error);
    }
  }

  /** The one value of a query. */
  async value(text: string, environment = this.environment()): Promise<string | null> {
    const rows = await this.rows(text, environment);
    if (rows.length !== 1 || rows[0]!.length !== 1) throw new Error(`expected one value, got ${JSON.stringify(rows)}`);
    return rows[0]![0]!;
  }

  types(text: string): string[] {
    return this.bind(text).columns.map((column) => dataTypeText(column.type));
  }

  names(text: string): string[] {
    return this.bind(text).columns.map((column) => column.name);
  }
}

import { mkdtempSync, readdirSync, existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SnowflakeError, doesNotExist } from "../../src/errors";
import type {
  ClientSession,
  LoginRequest,
  ParameterValue,
  ResultForm,
  SnowglobeEngine,
  StatementRequest,
} from "../../src/session/contract";
import type { ResultColumn, RowChunk, StatementResult } from "../../src/account/result";
import { StatementType } from "../../src/account/statementType";
import * as types from "../../src/sql/ast/dataType";

/** Both may log in with the same password. */
const USERS = ["LEARNER", "STRANGER"];
export const PASSWORD = "right";

type Script = (request: StatementRequest, session: FakeSession) => Promise<Partial<StatementResult>>;

/** An engine that knows a handful of statements by heart; what it is asked is kept for assertions. */
export class FakeEngine implements SnowglobeEngine {
  readonly stageRoot = mkdtempSync(join(tmpdir(), "snowglobe-stages-"));
  readonly logins: LoginRequest[] = [];
  readonly statements: StatementRequest[] = [];
  readonly sessions: FakeSession[] = [];
  readonly kept = new Map<string, StatementResult>();
  #scripts: { readonly pattern: RegExp; readonly script: Script }[] = [];

  constructor() {
    for (const [pattern, script] of STANDARD_SCRIPTS) this.on(pattern, script);
  }

  /** Later scripts win. */
  on(pattern: RegExp, script: Script): void {
    this.#scripts.unshift({ pattern, script });
  }

  async login(request: LoginRequest): Promise<ClientSession> {
    this.logins.push(request);
    if (!USERS.includes(request.user.toUpperCase()) || request.password !== PASSWORD) {
      throw new SnowflakeError("390100", "28000", "Incorrect username or password was specified.");
    }
    const session = new FakeSession(this, this.sessions.length + 1001, request);
    this.sessions.push(session);
    return session;
  }

  result(userId: number, queryId: string): StatementResult | undefined {
    return userId === 1 ? this.kept.get(queryId) : undefined;
  }

  async run(request: StatementRequest, session: FakeSession): Promise<StatementResult> {
    this.statements.push(request);
    const text = request.sqlText.trim();
    const found = this.#scripts.find(({ pattern }) => pattern.test(text));
    if (!found) throw doesNotExist("Object", "DB.PUBLIC.NOTHING");
    const result = { ...table([], []), ...(await found.script(request, session)), queryId: request.queryId };
    this.kept.set(request.queryId, result);
    return result;
  }

  /** Bytes of the texts that ran, in order. */
  get texts(): string[] {
    return this.statements.map((statement) => statement.sqlText);
  }

  stageFiles(folder: string): string[] {
    const path = join(this.stageRoot, folder);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  dispose(): void {
    rmSync(this.stageRoot, { recursive: true, force: true });
  }
}

export class FakeSession implements ClientSession {
  readonly user: string;
  readonly userId: number;
  readonly current: ClientSession["current"];
  readonly parameters: Record<string, ParameterValue> = { TIMEZONE: "UTC" };
  closed = 0;
  ended = false;

  constructor(
    readonly engine: FakeEngine,
    readonly id: number,
    login: LoginRequest,
  ) {
    this.user = login.user.toUpperCase();
    this.userId = USERS.indexOf(this.user) + 1;
    this.current = {
      database: login.databaseName ?? null,
      schema: login.schemaName ?? null,
      warehouse: login.warehouseName ?? null,
      role: login.roleName ?? null,
    };
    Object.assign(this.parameters, login.parameters);
  }

  get resultForm(): ResultForm {
    return { arrow: false, indent: 0 };
  }

  clientParameters(): { name: string; value: ParameterValue }[] {
    return Object.entries(this.parameters).map(([name, value]) => ({ name, value }));
  }

  execute(request: StatementRequest): Promise<StatementResult> {
    return this.engine.run(request, this);
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

export function column(name: string, type: types.DataType, nullable = true): ResultColumn {
  return { name, type, nullable };
}

/** A result of the given rows, all in one chunk unless `rowsPerChunk` says otherwise. */
export function table(
  columns: ResultColumn[],
  rows: (string | null)[][],
  rowsPerChunk = Infinity,
): Omit<StatementResult, "queryId"> {
  const chunks: RowChunk[] = [];
  for (let from = 0; from < rows.length; from += rowsPerChunk) {
    const part = rows.slice(from, Math.min(rows.length, from + rowsPerChunk));
    chunks.push({ rowCount: part.length, json: part.map((row) => JSON.stringify(row)).join(",") });
  }
  return { statementTypeId: StatementType.SELECT, columns, total: rows.length, chunks, numberOfBinds: 0 };
}

/** Resolves when the statement is cancelled, by failing as the engine does. */
export function untilCancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const cancel = (): void => reject(new SnowflakeError("000604", "57014", "SQL execution canceled"));
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel);
  });
}

/** One column of each type and its cell as on the wire. */
const TYPES_ROW: readonly (readonly [string, types.DataType, string | null])[] = [
  ["I", types.NUMBER, "42"],
  ["BIG", types.NUMBER, "12345678901234567890"],
  ["DEC", { kind: "NUMBER", precision: 10, scale: 2 }, "1.50"],
  ["F", types.FLOAT, "3.25"],
  ["T", types.VARCHAR, 'Ünï "quoted"\nline'],
  ["B", types.BOOLEAN, "1"],
  ["D", types.DATE, "19000"],
  ["TI", types.TIME, "45296.123456789"],
  ["NTZ", types.TIMESTAMP_NTZ, "1700000000.123456789"],
  ["LTZ", types.TIMESTAMP_LTZ, "1700000000.123000000"],
  ["TZ", types.TIMESTAMP_TZ, "1700000000.123000000 1020"],
  ["BIN", types.BINARY, "DEADBEEF"],
  ["V", types.VARIANT, '{\n  "a": 1\n}'],
  ["A", types.ARRAY, "[1,2]"],
  ["O", types.OBJECT, '{"k":"v"}'],
  ["N", types.NULL_TYPE, null],
];

const STANDARD_SCRIPTS: readonly (readonly [RegExp, Script])[] = [
  [/^select 1\b/i, async () => table([column("1", types.NUMBER)], [["1"]])],
  [
    /^select types/i,
    async () =>
      table(
        TYPES_ROW.map(([name, type]) => column(name, type)),
        [TYPES_ROW.map(([, , cell]) => cell)],
      ),
  ],
  [/^select empty/i, async () => table([column("X", types.VARCHAR)], [])],
  [
    /^select many/i,
    async () =>
      table(
        [column("ID", types.NUMBER), column("NAME", types.VARCHAR)],
        Array.from({ length: 2500 }, (_, i) => [String(i), i % 7 === 0 ? null : `row ${i} ${"x".repeat(200)}`]),
        1000,
      ),
  ],
  [
    /^insert/i,
    async ({ bindings }) => {
      const first = bindings?.["1"]?.value;
      const count = Array.isArray(first) ? first.length : 1;
      return {
        ...table([column("number of rows inserted", { kind: "NUMBER", precision: 19, scale: 0 })], [[String(count)]]),
        statementTypeId: StatementType.INSERT,
        numberOfBinds: Object.keys(bindings ?? {}).length,
        statistics: { numRowsInserted: count, numRowsUpdated: 0, numRowsDeleted: 0, numDmlDuplicates: 0 },
      };
    },
  ],
  [
    /^create/i,
    async () => ({
      ...table([column("status", types.VARCHAR)], [["Table T successfully created."]]),
      statementTypeId: StatementType.DDL,
    }),
  ],
  [
    /^select binds/i,
    async ({ bindings }) => table([column("BINDS", types.VARCHAR)], [[JSON.stringify(bindings ?? null)]]),
  ],
  [
    /result_scan\('/i,
    async ({ sqlText }, session) => session.engine.kept.get(/result_scan\('([^']+)'/i.exec(sqlText)![1]!)!,
  ],
  [/^select slow/i, ({ signal }) => untilCancelled(signal)],
  [
    /^select crash/i,
    async () => {
      throw new TypeError("secret detail of the inside");
    },
  ],
];

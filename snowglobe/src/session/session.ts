import { randomUUID } from "node:crypto";
import { parameterDefinition, parameterValue, PARAMETERS, type ParameterValue } from "../catalog/parameters";
import { compilationError, SnowflakeError } from "../errors";
import { foldQuotedIdentifiers, highestBind, parseStatements } from "../sql";
import type { Statement } from "../sql/ast/statement";
import { arrayBind, overArrayBind } from "../statements/dml/arrayBinds";
import { type SessionState, type StatementContext } from "../execution/context";
import type { Instance } from "../execution/instance";
import type { OpenSession } from "../execution/openSessions";
import { sessionParameter } from "../execution/parameters";
import { stage } from "../execution/stages";
import { noteEnd, noteOutcome, queryRecord } from "../execution/queryRecord";
import type { Outcome } from "../execution/outcome";
import { stagedBindRows } from "../statements/copy/stagedBinds";
import { NO_BINDS } from "../execution/ownerContext";
import { sessionContext } from "../execution/queryEnvironment";
import type { StatementResult } from "../account/result";
import { StatementType } from "../account/statementType";
import { asOneTransaction, rollbackOpen } from "../statements/session/transaction";
import { run, runnable } from "../scripting/run";
import { translateDuckDbError, type Binds, type TypedValue } from "../translate";
import { arrayBindRows, bindsOf, describedBinds } from "./binds";
import { resultFormatParameter } from "./resultFormat";
import type { ClientSession, ResultForm, StatementRequest } from "./contract";
import { StatementLimit, statementTimeout } from "./statementLimit";
import { statisticsSum } from "./arrayResult";
import { Mutex } from "../mutex";
import type { Microseconds } from "../time";

const SESSION_PARAMETERS = PARAMETERS.filter((one) => one.levels.includes("SESSION"));

/** Query ids that a session remembers for LAST_QUERY_ID. */
const REMEMBERED_QUERIES = 1_000;

/** One client's session: its state, and one statement after the other. */
export class Session implements ClientSession, OpenSession {
  private readonly queue = new Mutex();
  readonly running = new Map<string, () => void>();
  private lastEnd: Microseconds;
  ended = false;

  constructor(
    private readonly instance: Instance,
    readonly state: SessionState,
    private readonly onClose: () => void,
  ) {
    this.lastEnd = instance.clock.now();
    instance.sessions.add(this);
  }

  get id(): number {
    return this.state.id;
  }

  get user(): string {
    return this.state.user.name;
  }

  get userId(): number {
    return this.state.user.id;
  }

  get current(): ClientSession["current"] {
    const nameOf = (id: number | null): string | null => {
      const object = id === null ? undefined : this.instance.catalog.object(id);
      return object && object.droppedOn === undefined ? object.name : null;
    };
    return {
      database: nameOf(this.state.databaseId),
      schema: nameOf(this.state.schemaId),
      warehouse: nameOf(this.state.warehouseId),
      role: nameOf(this.state.roleId),
    };
  }

  clientParameters(): readonly { readonly name: string; readonly value: ParameterValue }[] {
    return SESSION_PARAMETERS.map((one) => ({
      name: one.name,
      value: this.state.parameters.get(one.name) ?? one.default,
    }));
  }

  get resultForm(): ResultForm {
    const format = resultFormatParameter(this.state.client);
    const asked = format === undefined ? "JSON" : String(sessionParameter(this.state, format));
    return { arrow: asked.startsWith("ARROW"), indent: Number(sessionParameter(this.state, "JSON_INDENT")) };
  }

  execute(request: StatementRequest): Promise<StatementResult> {
    return this.queue.run(() => this.executeNow(request));
  }

  close(): Promise<void> {
    this.ended = true;
    return this.queue.run(async () => {
      try {
        await rollbackOpen(this.state, this.instance);
        await this.dropTemporaryObjects();
      } finally {
        this.instance.sessions.remove(this);
        this.onClose();
      }
    });
  }

  get idleSince(): Microseconds | undefined {
    return this.running.size > 0 ? undefined : this.lastEnd;
  }

  async abortTransaction(reason: string): Promise<void> {
    const open = this.state.transaction;
    if (!open) return;
    for (const cancel of this.running.values()) cancel();
    await this.queue.run(async () => {
      if (this.state.transaction !== open) return;
      await rollbackOpen(this.state, this.instance);
      this.state.abortedTransaction = `Transaction ${open.storage.id} was aborted: ${reason}`;
    });
  }

  async terminate(): Promise<void> {
    for (const cancel of this.running.values()) cancel();
    await this.close();
  }

  private async dropTemporaryObjects(): Promise<void> {
    const own = [...this.instance.catalog.all()].filter((object) => object.sessionId === this.state.id);
    if (own.length === 0) return;
    const locks = own.flatMap((object) =>
      "storageId" in object ? [{ id: object.storageId, mode: "ddl" as const, name: object.name }] : [],
    );
    await this.instance.change({ locks }, async (writer, begin) => {
      const change = await begin();
      for (const object of own) {
        change.remove(object);
        if ("storageId" in object) await writer.dropTable(object.storageId);
      }
    });
    for (const object of own) if (object.kind === "STAGE") await this.instance.stageFiles.forget(object.id);
  }

  private async executeNow(request: StatementRequest): Promise<StatementResult> {
    if (this.ended) throw sessionGone();
    if (request.signal.aborted) throw new SnowflakeError("000604", "57014", "SQL execution canceled");
    requireReadable(request.sqlText);
    const text = sessionParameter(this.state, "QUOTED_IDENTIFIERS_IGNORE_CASE")
      ? foldQuotedIdentifiers(request.sqlText)
      : request.sqlText;
    const statements = await stage(() => parseStatements(text));
    if (statements.length === 0)
      throw new SnowflakeError("000900", "42601", "SQL compilation error:\nEmpty SQL statement.");
    const wanted = Number(
      request.parameters?.MULTI_STATEMENT_COUNT ?? this.state.parameters.get("MULTI_STATEMENT_COUNT") ?? 1,
    );
    if (wanted !== 0 && wanted !== statements.length) {
      throw new SnowflakeError(
        "000008",
        "0A000",
        `Actual statement count ${statements.length} did not match the desired statement count ${wanted}.`,
      );
    }
    this.tellAborted(statements[0]!);
    const undo = this.setForStatement(request.parameters ?? {});
    try {
      const read = { ...request, sqlText: text };
      if (statements.length === 1) return await this.runOne(statements[0]!, read, request.queryId);
      return await this.runSeveral(statements, read);
    } finally {
      undo();
    }
  }

  /** Whoever goes on in a transaction that was aborted is told so, once; ROLLBACK is what one would do. */
  private tellAborted(next: Statement): void {
    const reason = this.state.abortedTransaction;
    this.state.abortedTransaction = undefined;
    if (reason === undefined || next.kind === "rollback") return;
    throw new SnowflakeError("000625", "57014", reason);
  }

  /** Parameters given with the request hold for it alone. */
  private setForStatement(given: Readonly<Record<string, ParameterValue>>): () => void {
    const before = new Map(this.state.parameters);
    const names: string[] = [];
    for (const [name, value] of Object.entries(given)) {
      const definition = parameterDefinition(name);
      // Drivers send names of their own, too, which the service ignores.
      if (!definition?.levels.includes("SESSION") || definition.name === "MULTI_STATEMENT_COUNT") continue;
      this.state.parameters.set(definition.name, parameterValue(name, value));
      names.push(definition.name);
    }
    return () => {
      for (const name of names) {
        const value = before.get(name);
        if (value === undefined) this.state.parameters.delete(name);
        else this.state.parameters.set(name, value);
      }
    };
  }

  private async runSeveral(statements: readonly Statement[], request: StatementRequest): Promise<StatementResult> {
    const children: { queryId: string; statementTypeId: number }[] = [];
    for (const statement of statements) {
      const child = await this.runOne(statement, request, randomUUID());
      children.push({ queryId: child.queryId, statementTypeId: child.statementTypeId });
    }
    const result: StatementResult = {
      queryId: request.queryId,
      statementTypeId: StatementType.MULTI,
      columns: [],
      total: 0,
      chunks: [],
      numberOfBinds: 0,
      children,
    };
    this.instance.results.keep(this.userId, result);
    return result;
  }

  private async runOne(statement: Statement, request: StatementRequest, queryId: string): Promise<StatementResult> {
    if (request.describeOnly) return this.describe(statement, request, queryId);
    const bindings = request.bindings ?? {};
    const startedOn = this.instance.clock.now();
    const record = queryRecord(statement, request.sqlText, queryId, this.state, this.instance);
    this.instance.queries.add(record);
    const limit = new StatementLimit(request.signal, this.timeout());
    this.running.set(queryId, limit.cancel);
    try {
      const rows = request.bindStage
        ? await stagedBindRows(request.bindStage, this.context(request, limit.signal, queryId, startedOn, NO_BINDS))
        : arrayBindRows(bindings);
      const outcome = rows
        ? await this.runForRows(statement, rows, this.context(request, limit.signal, queryId, startedOn, NO_BINDS))
        : await run(statement, this.context(request, limit.signal, queryId, startedOn, bindsOf(bindings)));
      const result: StatementResult = {
        ...outcome,
        queryId,
        numberOfBinds: rows?.[0]?.length ?? Object.keys(bindings).length,
      };
      this.instance.results.keep(this.userId, result);
      noteOutcome(record, result);
      return result;
    } catch (error) {
      const translated = limit.explain(translateDuckDbError(error));
      record.error = { code: translated.code, message: translated.message };
      // What nobody expected keeps its stack for the server's log.
      throw translated.code === "000603" ? error : translated;
    } finally {
      limit.dispose();
      this.running.delete(queryId);
      this.lastEnd = this.instance.clock.now();
      await this.instance.results.endStatement(queryId);
      noteEnd(record, this.state, this.instance);
      this.state.queryIds.unshift(queryId);
      this.state.queryIds.splice(REMEMBERED_QUERIES);
    }
  }

  /** What columns a statement would give: nothing is run, and neither histories nor LAST_QUERY_ID know of it. */
  private async describe(statement: Statement, request: StatementRequest, queryId: string): Promise<StatementResult> {
    const bindings = request.bindings ?? {};
    const numberOfBinds = Math.max(highestBind(statement), Object.keys(bindings).length);
    const binds = describedBinds(bindings, numberOfBinds);
    try {
      const outcome = await run(
        statement,
        this.context(request, request.signal, queryId, this.instance.clock.now(), binds),
      );
      return { ...outcome, queryId, numberOfBinds };
    } catch (error) {
      const translated = translateDuckDbError(error);
      throw translated.code === "000603" ? error : translated;
    }
  }

  /** A statement with array binds: INSERT ... VALUES takes all rows at once, others run once for each, or not at all. */
  private async runForRows(
    statement: Statement,
    rows: readonly (readonly TypedValue[])[],
    context: StatementContext,
  ): Promise<Outcome> {
    if (rows.length > 0 && statement.kind === "insert" && overArrayBind(statement.query)) {
      const { binds, relation } = arrayBind(rows, sessionContext(context, context.startedOn));
      return run(statement, { ...context, binds, boundRows: relation });
    }
    const outcomes: Outcome[] = [];
    await asOneTransaction(context, async () => {
      for (const positional of rows) {
        outcomes.push(await run(statement, { ...context, binds: { positional, named: new Map() } }));
      }
    });
    return outcomes.length === 1 ? outcomes[0]! : statisticsSum(outcomes);
  }

  /** Seconds that a statement may run. */
  private timeout(): number {
    const { warehouseId } = this.state;
    const warehouse = warehouseId === null ? undefined : this.instance.catalog.object(warehouseId);
    const ofWarehouse = warehouse?.parameters.STATEMENT_TIMEOUT_IN_SECONDS;
    const ofSession = sessionParameter(this.state, "STATEMENT_TIMEOUT_IN_SECONDS");
    return statementTimeout(Number(ofSession), ofWarehouse === undefined ? undefined : Number(ofWarehouse));
  }

  private context(
    request: StatementRequest,
    signal: AbortSignal,
    queryId: string,
    startedOn: number,
    binds: Binds,
  ): StatementContext {
    return runnable({
      instance: this.instance,
      session: this.state,
      text: request.sqlText,
      queryId,
      binds,
      describeOnly: request.describeOnly,
      signal,
      startedOn,
      pipe: [],
    });
  }
}

/** Characters of a text that is read in a time that others do not notice; Snowflake advises a sixteenth of it at most. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Source: "Limits on Query Text Size". @throws SnowflakeError */
function requireReadable({ length }: string): void {
  if (length <= MOST_CHARACTERS) return;
  throw compilationError(`The statement has ${length} characters, at most ${MOST_CHARACTERS} are taken.`, "001004");
}

/** The session was ended by somebody else. */
function sessionGone(): SnowflakeError {
  return new SnowflakeError("390111", "08001", "Session no longer exists.  New login required to access the service.");
}

import { setImmediate } from "node:timers/promises";
import { compilationError, SnowflakeError, unsupported } from "../errors";
import { lineAndPosition } from "../sql";
import type { Expression } from "../sql/ast/expression";
import type {
  Block,
  CaseStatement,
  ConditionalBranch,
  Declaration,
  ExceptionHandler,
  ReturnStatement,
  ScriptStatement,
  StatementValue,
} from "../sql/ast/scripting";
import type { Span } from "../sql/ast/span";
import type { StatementContext } from "../execution/context";
import type { Outcome } from "../execution/outcome";
import { Cursor } from "./cursor";
import { NORMAL, type Completion } from "./completion";
import { DEFAULT_EXCEPTION_NUMBER, declareError, handlerFor, raise, Raised, raisedBy } from "./exceptions";
import { blockResult, NULL_RESULT } from "./blockResult";
import { runCursorLoop, runRangeLoop, runConditionLoop } from "./loops";
import { callNested } from "./nestedProcedure";
import { ChildJob } from "./resultSet";
import { BlockScope } from "./scope";
import { SqlInBlock, typeFor } from "./sqlInBlock";
import { isTrue, NULL_VALUE } from "./values";

/** Statements between two looks at what else the process has to do: an endless loop must stay cancelable. */
const YIELD_EVERY = 64;
/** How deep nested procedures may call each other. */
const MOST_NESTED = 16;

/** What handlers of one block know while its body runs. */
export interface Frame {
  readonly scope: BlockScope;
  readonly handlers: readonly ExceptionHandler[];
  /** The exception that the handler around handles: what RAISE without a name raises again. */
  readonly handling?: Raised;
  /** Exceptions that left a handler: the block that the handler belongs to does not handle them again. */
  readonly escaped: Set<Raised>;
}

/** Runs one anonymous block. Source: "Snowflake Scripting reference". */
export class Interpreter {
  readonly sql: SqlInBlock;
  private readonly root = new BlockScope();
  private steps = 0;
  /** Child jobs that AWAIT ALL waits for. */
  private readonly jobs: ChildJob[] = [];

  constructor(private readonly context: StatementContext) {
    this.sql = new SqlInBlock(context, this.root, (procedure, call, scope) => callNested(this, procedure, call, scope));
    // The arguments of a procedure.
    for (const [name, value] of context.binds.named) {
      this.root.declare(name, { kind: "variable", type: value.type, value });
    }
  }

  /** @returns what RETURN gave; without RETURN one NULL @throws SnowflakeError for an exception that nobody handles */
  async run(block: Block): Promise<Outcome> {
    try {
      const completion = await this.block(
        block,
        { scope: this.root, handlers: [], escaped: new Set() },
        block.span.start,
      );
      const outcome = completion.kind === "return" ? completion.outcome : NULL_RESULT;
      // A procedure's OUT arguments go back to who called it.
      return this.context.binds.named.size > 0 ? { ...outcome, variables: this.root.values() } : outcome;
    } catch (error) {
      throw error instanceof Raised ? error.uncaught() : error;
    }
  }

  private origin = 0;

  private position(span: Span): Raised["at"] {
    return lineAndPosition(this.context.text.slice(this.origin), span.start - this.origin);
  }

  private async block(block: Block, outer: Frame, origin = this.origin): Promise<Completion> {
    this.origin = origin;
    const frame: Frame = {
      scope: new BlockScope(outer.scope),
      handlers: block.handlers,
      escaped: new Set(),
      ...(outer.handling && { handling: outer.handling }),
    };
    // Errors in DECLARE belong to the block around. Source: "Handling exceptions".
    for (const declaration of block.declarations) await this.declare(declaration, frame);
    try {
      return await this.list(block.body, frame);
    } catch (error) {
      const handler = this.handler(error, frame, "EXIT");
      if (!handler) throw error;
      return this.handle(handler, error as Raised, frame);
    }
  }

  private depth = 0;

  /** Runs the block of a nested procedure. @throws SnowflakeError when they call each other without end */
  async nested(block: Block, scope: BlockScope): Promise<Completion> {
    if (++this.depth > MOST_NESTED) throw unsupported(`procedures that call each other more than ${MOST_NESTED} deep`);
    try {
      return await this.block(block, { scope, handlers: [], escaped: new Set() });
    } finally {
      this.depth--;
    }
  }

  private handler(error: unknown, frame: Frame, mode: ExceptionHandler["mode"]): ExceptionHandler | undefined {
    if (!(error instanceof Raised) || frame.escaped.has(error)) return undefined;
    const found = handlerFor(error, frame.handlers, frame.scope);
    return found?.mode === mode ? found : undefined;
  }

  private async handle(handler: ExceptionHandler, raised: Raised, frame: Frame): Promise<Completion> {
    const scope = new BlockScope(frame.scope);
    declareError(scope, raised);
    try {
      return await this.list(handler.body, { scope, handlers: [], handling: raised, escaped: frame.escaped });
    } catch (error) {
      if (error instanceof Raised) frame.escaped.add(error);
      throw error;
    }
  }

  /** Statements in order, until one of them leaves the list. */
  async list(statements: readonly ScriptStatement[], frame: Frame): Promise<Completion> {
    for (const statement of statements) {
      await this.breathe();
      let completion: Completion;
      try {
        completion = await this.statement(statement, frame);
      } catch (error) {
        const handler = this.handler(error, frame, "CONTINUE");
        if (!handler) throw error;
        completion = await this.handle(handler, error as Raised, frame);
      }
      if (completion.kind !== "normal") return completion;
    }
    return NORMAL;
  }

  /** Lets others have their turn, and ends when the client has canceled. */
  async breathe(): Promise<void> {
    if (++this.steps % YIELD_EVERY === 0) await setImmediate();
    if (this.context.signal.aborted) throw new SnowflakeError("000604", "57014", "SQL execution canceled");
  }

  private async statement(statement: ScriptStatement, frame: Frame): Promise<Completion> {
    const { scope } = frame;
    switch (statement.kind) {
      case "block":
        return this.block(statement, frame);
      case "let":
        await this.declare(statement.declaration, frame);
        return NORMAL;
      case "assignment":
        await this.guarded(statement.span, "EXPRESSION_ERROR", () =>
          this.assign(statement.name.name, statement.value, scope),
        );
        return NORMAL;
      case "if":
        return this.branches(statement.branches, statement.otherwise, frame);
      case "caseStatement":
        return this.caseOf(statement, frame);
      case "forCursor":
        return runCursorLoop(this, statement, frame);
      case "forRange":
        return runRangeLoop(this, statement, frame);
      case "while":
      case "repeat":
      case "loop":
        return runConditionLoop(this, statement, frame);
      case "break":
      case "continue":
        return { kind: statement.kind, ...(statement.label && { label: statement.label.name }) };
      case "return":
        return { kind: "return", outcome: await this.returned(statement, frame) };
      case "raise":
        throw this.raised(statement, frame);
      case "open":
        await this.guarded(statement.span, "STATEMENT_ERROR", () =>
          this.open(statement.cursor.name, statement.using, frame),
        );
        return NORMAL;
      case "fetch":
        await this.guarded(statement.span, "STATEMENT_ERROR", async () => {
          const cursor = scope.require(statement.cursor.name, "cursor");
          const row = cursor.fetch();
          // Past the end the variables become NULL. Source: "FETCH".
          const values = row?.values ?? Array.from({ length: cursor.width }, () => NULL_VALUE);
          // Variables without a column stay as they are, columns without a variable are passed over.
          const into = statement.into.slice(0, values.length).map((one) => one.name);
          await this.sql.fill(into, values.slice(0, into.length), scope);
        });
        return NORMAL;
      case "close":
        await this.guarded(statement.span, "STATEMENT_ERROR", async () =>
          scope.require(statement.cursor.name, "cursor").close(),
        );
        return NORMAL;
      case "async":
        this.jobs.push(await this.start(statement, scope));
        return NORMAL;
      case "await":
        this.await(statement.resultSet?.name, scope);
        return NORMAL;
      case "cancel":
        await this.guarded(statement.span, "STATEMENT_ERROR", async () =>
          this.job(statement.resultSet.name, scope).cancel(),
        );
        return NORMAL;
      case "nullStatement":
        return NORMAL;
      default:
        await this.guarded(statement.span, "STATEMENT_ERROR", () => this.sql.statement(statement, scope));
        return NORMAL;
    }
  }

  /** Turns what fails into an exception that handlers can name. */
  async guarded<T>(span: Span, type: "STATEMENT_ERROR" | "EXPRESSION_ERROR", body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      throw raisedBy(error, type, this.position(span));
    }
  }

  async condition(expression: Expression, scope: BlockScope): Promise<boolean> {
    const type = { kind: "BOOLEAN" } as const;
    return isTrue(
      await this.guarded(expression.span, "EXPRESSION_ERROR", () => this.sql.value(expression, scope, type)),
    );
  }

  private async branches(
    branches: readonly ConditionalBranch[],
    otherwise: readonly ScriptStatement[] | undefined,
    frame: Frame,
  ): Promise<Completion> {
    for (const branch of branches) {
      if (await this.condition(branch.condition, frame.scope)) return this.list(branch.body, frame);
    }
    return otherwise ? this.list(otherwise, frame) : NORMAL;
  }

  /** Source: "CASE (Snowflake Scripting)". The simple form compares each value with the operand. */
  private caseOf(statement: CaseStatement, frame: Frame): Promise<Completion> {
    const { operand } = statement;
    const branches = operand
      ? statement.branches.map((branch) => ({
          ...branch,
          condition: {
            kind: "binary",
            operator: "=",
            left: operand,
            right: branch.condition,
            span: branch.condition.span,
          } as const,
        }))
      : statement.branches;
    return this.branches(branches, statement.otherwise, frame);
  }

  private async declare(declaration: Declaration, frame: Frame): Promise<void> {
    const { scope } = frame;
    const { name } = declaration.name;
    switch (declaration.kind) {
      case "cursor":
        scope.declare(name, new Cursor(name, declaration.source));
        return;
      case "exception": {
        const { number = DEFAULT_EXCEPTION_NUMBER, message = "" } = declaration;
        if (number < -20_999 || number > -20_000) {
          throw compilationError(`Invalid error code '${number}'. Must be between -20,999 and -20,000`);
        }
        scope.declare(name, { kind: "exception", name, number, message });
        return;
      }
      case "resultSet": {
        const { value } = declaration;
        const content =
          value && (await this.guarded(declaration.span, "STATEMENT_ERROR", () => this.contentOf(value, scope)));
        scope.declare(name, { kind: "resultSet", ...(content && { content }) });
        return;
      }
      case "procedure":
        scope.declare(name, { kind: "procedure", declaration, scope });
        return;
      case "variable": {
        const { type, value } = declaration;
        const given = value
          ? await this.guarded(declaration.span, "EXPRESSION_ERROR", async () => this.valueOf(value, scope, type))
          : NULL_VALUE;
        const own = type ?? typeFor(given);
        scope.declare(name, { kind: "variable", type: own, value: { ...given, type: own } });
      }
    }
  }

  private valueOf(value: Expression | StatementValue, scope: BlockScope, type?: Parameters<SqlInBlock["value"]>[2]) {
    if (value.kind === "statementValue")
      throw compilationError("A statement's result can only be given to a RESULTSET");
    return this.sql.value(value, scope, type);
  }

  private async assign(name: string, value: Expression | StatementValue, scope: BlockScope): Promise<void> {
    const target = scope.require(name, "variable", "resultSet");
    if (target.kind === "resultSet") target.content = await this.contentOf(value, scope);
    else target.value = await this.valueOf(value, scope, target.type);
  }

  /** What a RESULTSET is given: a result, or a child job whose result can be awaited. */
  private async contentOf(value: Expression | StatementValue, scope: BlockScope): Promise<Outcome | ChildJob> {
    if (value.kind !== "statementValue" || !value.async) return this.resultOf(value, scope);
    const job = await this.start(value, scope);
    this.jobs.push(job);
    return job;
  }

  /** Runs the statement of ASYNC. What it fails with is known to AWAIT. */
  private start({ statement, span }: Pick<StatementValue, "statement" | "span">, scope: BlockScope): Promise<ChildJob> {
    return ChildJob.start(
      () => this.guarded(span, "STATEMENT_ERROR", () => this.sql.statement(statement, scope)),
      (error): error is Raised => error instanceof Raised,
    );
  }

  /** AWAIT of one RESULTSET, or of all jobs: the first that failed raises. */
  private await(name: string | undefined, scope: BlockScope): void {
    if (name !== undefined) {
      this.job(name, scope).await();
      return;
    }
    const jobs = this.jobs.splice(0);
    for (const job of jobs) job.await();
  }

  private job(name: string, scope: BlockScope): ChildJob {
    const { content } = scope.require(name, "resultSet");
    if (!(content instanceof ChildJob)) throw compilationError(`RESULTSET '${name}' runs no asynchronous child job`);
    return content;
  }

  /** The result that a RESULTSET is given: of a statement in parentheses, or of another RESULTSET. */
  private async resultOf(value: Expression | StatementValue, scope: BlockScope): Promise<Outcome> {
    if (value.kind === "statementValue") return this.sql.statementValue(value, scope);
    if (value.kind === "subquery") return this.sql.query(value.query, scope);
    if (value.kind === "column" && value.parts.length === 1) return this.resultSet(value.parts[0]!.name, scope);
    const cursor = cursorOf(value);
    if (cursor !== undefined) return scope.require(cursor, "cursor").all();
    throw compilationError("A RESULTSET takes a statement in parentheses");
  }

  resultSet(name: string, scope: BlockScope): Outcome {
    const { content } = scope.require(name, "resultSet");
    if (!content) throw compilationError(`RESULTSET '${name}' has no result yet`);
    return content instanceof ChildJob ? content.result(name) : content;
  }

  /** Opens a cursor. @param using values for the `?` of its query */
  async open(name: string, using: readonly Expression[], frame: Frame): Promise<void> {
    const { scope } = frame;
    const cursor = scope.require(name, "cursor");
    const { source } = cursor;
    if (source.kind === "variable") return cursor.open(this.resultSet(source.name.name, scope));
    const positional = [];
    for (const value of using) positional.push(await this.sql.value(value, scope));
    cursor.open(await this.sql.query(source.query, scope, positional));
  }

  private returned(statement: ReturnStatement, frame: Frame): Promise<Outcome> {
    const { value, table, span } = statement;
    if (!value) return Promise.resolve(NULL_RESULT);
    if (table) return this.guarded(span, "STATEMENT_ERROR", () => this.resultOf(value, frame.scope));
    return this.guarded(span, "EXPRESSION_ERROR", async () => blockResult(await this.valueOf(value, frame.scope)));
  }

  private raised(statement: Extract<ScriptStatement, { kind: "raise" }>, frame: Frame): Raised {
    if (statement.exception) {
      return raise(frame.scope.require(statement.exception.name, "exception"), this.position(statement.span));
    }
    if (!frame.handling) throw compilationError("RAISE without a name stands only in an exception handler");
    return frame.handling;
  }
}

/** The cursor of `RESULTSET_FROM_CURSOR(cursor)`. Source: "Working with cursors", returning a table for a cursor. */
function cursorOf(value: Expression): string | undefined {
  if (value.kind !== "call" || value.name.length !== 1 || value.name[0]!.name !== "RESULTSET_FROM_CURSOR")
    return undefined;
  const [argument] = value.args;
  return argument?.kind === "column" && argument.parts.length === 1 ? argument.parts[0]!.name : undefined;
}

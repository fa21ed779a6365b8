import type { Procedure, RoutineArgument, RoutineResult, UserFunction } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { status } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { queryEnvironment, scalarRoutine, tableRoutine } from "../../execution/queryEnvironment";
import type { CallableProcedure } from "./callProcedure";
import { signatureOf } from "../../execution/routines";
import { parseFunctionBody, parseStatements, printExpression } from "../../sql";
import { javaScriptKind } from "../../javascript/values";
import { dataTypeText, type DataType } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { Query } from "../../sql/ast/query";
import type { CreateRoutine } from "../../sql/ast/statements/routine";
import { bindQuery } from "../../translate";
import { quoteIfNeeded } from "../../quoting";

/** CREATE FUNCTION in SQL: scalar, or RETURNS TABLE. Source: "CREATE FUNCTION". */
export const createFunction: Handler<CreateRoutine> = async (statement, context) => {
  const language = languageOf(statement, "FUNCTION");
  if (statement.executeAs) throw compilationError("EXECUTE AS stands in CREATE PROCEDURE only", "001003", "42000");
  const common = commonPart(statement, context, language);
  const plan = planCreate(context, "FUNCTION", statement.name, statement, common.options);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const made: UserFunction = {
    ...plan.base,
    ...common.part,
    strict: statement.nullHandling === "RETURNS NULL ON NULL INPUT",
    immutable: statement.volatility === "IMMUTABLE",
    memoizable: statement.memoizable,
  };
  // What is wrong with a handler in JavaScript shows when it is called, as in Snowflake.
  if (!language) check(made, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), made, plan.replaced, statement.copyGrants);
  });
  return status(`Function ${quoteIfNeeded(made.name)} successfully created.`);
};

/** CREATE PROCEDURE in Snowflake Scripting. Source: "CREATE PROCEDURE". */
export const createProcedure: Handler<CreateRoutine> = async (statement, context) => {
  const language = languageOf(statement, "PROCEDURE");
  if (statement.executeAs === "RESTRICTED CALLER") throw unsupported("EXECUTE AS RESTRICTED CALLER");
  const common = commonPart(statement, context, language);
  const plan = planCreate(context, "PROCEDURE", statement.name, statement, common.options);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const strict = language && statement.nullHandling === "RETURNS NULL ON NULL INPUT";
  const executeAs = statement.executeAs ?? "OWNER";
  const made: Procedure = { ...plan.base, ...common.part, executeAs, ...(strict && { strict }) };
  if (!language) requireBlock(made.body);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), made, plan.replaced, statement.copyGrants);
  });
  // Snowflake calls it a function, too.
  return status(`Function ${quoteIfNeeded(made.name)} successfully created.`);
};

/** The procedure of `WITH p AS PROCEDURE ...`, with the caller's rights. Source: "CALL (with anonymous procedure)". */
export function anonymousProcedure(statement: CreateRoutine, context: StatementContext): CallableProcedure {
  const { part } = commonPart(statement, context, languageOf(statement, "PROCEDURE"));
  return { ...part, name: statement.name[0]!.name, executeAs: "CALLER" };
}

/** Absent: SQL. @throws SnowflakeError for a language that is not done */
function languageOf(statement: CreateRoutine, kind: string): "JAVASCRIPT" | undefined {
  const language = statement.language.toUpperCase();
  if (language !== "SQL" && language !== "JAVASCRIPT") throw unsupported(`CREATE ${kind} in LANGUAGE ${language}`);
  if (statement.aggregate) throw unsupported("CREATE AGGREGATE FUNCTION");
  if (!statement.body) throw compilationError(`${kind} needs a body: AS '...'`, "001003", "42000");
  return language === "JAVASCRIPT" ? language : undefined;
}

function requireBlock(body: string): void {
  const [block, ...more] = parseStatements(body);
  if (block?.kind === "block" && more.length === 0) return;
  throw compilationError("The body of a procedure in SQL must be one Snowflake Scripting block", "001003", "42000");
}

/** @throws SnowflakeError for a type that handlers in JavaScript do not know. Source: "SQL-JavaScript Data Type Mappings" */
function requireJavaScriptType(type: DataType): void {
  if (javaScriptKind(type)) return;
  throw compilationError(
    `Language JAVASCRIPT does not support type '${dataTypeText(type)}' for argument or return type.`,
    "002111",
    "42601",
  );
}

function commonPart(statement: CreateRoutine, context: StatementContext, language: "JAVASCRIPT" | undefined) {
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT");
  properties.refuse("HANDLER", "PACKAGES", "IMPORTS", "RUNTIME_VERSION", "EXTERNAL_ACCESS_INTEGRATIONS", "SECRETS");
  properties.done();
  const args = statement.arguments.map((one): RoutineArgument => ({
    name: one.name.name,
    type: one.type,
    ...(one.out && { out: true as const }),
    ...(one.default && { defaultText: printExpression(one.default) }),
  }));
  const twice = args.find((one, index) => args.findIndex(({ name }) => name === one.name) !== index);
  if (twice) throw compilationError(`duplicate argument name '${twice.name}'`, "002025", "42S21");
  if (args.some((one) => one.out && one.defaultText !== undefined)) {
    throw compilationError("An output argument cannot have a default", "001003", "42000");
  }
  if (statement.kind === "createFunction" && args.some((one) => one.out)) {
    throw compilationError("Functions have no output arguments", "001003", "42000");
  }
  const late = args.findIndex((one) => one.defaultText !== undefined);
  if (late >= 0 && args.slice(late).some((one) => one.defaultText === undefined)) {
    throw compilationError("Arguments with defaults must come after those without", "002026", "42601");
  }
  const { returns } = statement;
  const result: RoutineResult =
    returns.kind === "type"
      ? returns
      : { kind: "table", columns: returns.columns.map(({ name, type }) => ({ name: name.name, type })) };
  if (language) {
    if (args.some(({ out }) => out)) throw unsupported("OUT arguments of a procedure in JavaScript");
    const results = result.kind === "type" ? [result.type] : result.columns.map(({ type }) => type);
    for (const type of [...args.map((one) => one.type), ...results]) requireJavaScriptType(type);
  }
  const signature = signatureOf(args.map(({ type }) => type));
  return {
    options: { temporary: statement.temporary, signature, ...(comment !== undefined && { comment }) },
    part: {
      signature,
      arguments: args,
      returns: result,
      body: statement.body!.text,
      secure: statement.secure,
      ...(language && { language }),
    },
  };
}

/** Binds a call, so that a body which can never be computed is found now. */
function check(routine: UserFunction, context: StatementContext): void {
  const body = parseFunctionBody(routine.body);
  const span = { start: 0, end: 0 };
  const name = [{ name: routine.name, quoted: true, span }];
  const args = routine.arguments.map(({ type }): Expression => ({
    kind: "cast",
    operand: { kind: "null", span },
    type,
    tryCast: false,
    span,
  }));
  const call = { kind: "call", name, args, namedArgs: [], distinct: false, span } as const;
  const places = routine.arguments.map((_, index) => index);
  const isTable = routine.returns.kind === "table";
  if (isTable && (body.kind !== "query" || routine.returns.columns.length === 0)) {
    throw compilationError("The body of a table function must be a query, and its columns must be named", "002026");
  }
  const star: Expression = { kind: "star", qualifier: [], span };
  const query: Query = {
    kind: "query",
    ctes: [],
    recursive: false,
    orderBy: [],
    span,
    body: {
      kind: "select",
      distinct: false,
      items: [{ expression: isTable ? star : call, span }],
      from: isTable ? [{ kind: "tableFunction", lateral: false, call, columnAliases: [], span }] : [],
      span,
    },
  };
  bindQuery(query, "", {
    ...queryEnvironment(context),
    resolveScalarFunction: () => scalarRoutine(routine, places, context),
    resolveTableFunction: () => tableRoutine(routine, places, context),
  });
}

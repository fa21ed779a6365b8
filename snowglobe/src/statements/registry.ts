import { CatalogMoved } from "../catalog/change";
import { unsupported } from "../errors";
import type { Handler, StatementContext } from "../execution/context";
import type { DdlWriter } from "../execution/ddl";
import { featureName } from "../execution/featureName";
import { withIdentifiers } from "../execution/identifierVariables";
import { rows, TEXT, type Outcome } from "../execution/outcome";
import type { StatementModule, SystemFunctions } from "../execution/statementModule";
import { StatementType } from "../account/statementType";
import { informationSchemaView } from "../informationSchema/informationSchema";
import type { Statement } from "../sql/ast/statement";
import type { Describe, Show } from "../sql/ast/statements/metadata";
import { accessModule } from "./access";
import { attachmentModule } from "./attachment";
import { policyModule } from "./policy";
import { tagModule } from "./tag";
import { alertModule } from "./alert";
import { containerModule } from "./container";
import { copyModule } from "./copy";
import { withStagedRelations } from "./copy/stagedSources";
import { dmlModule } from "./dml";
import { dynamicTableModule } from "./dynamicTable";
import { notificationModule } from "./notification";
import { objectModule } from "./object";
import { queryModule } from "./query";
import { sessionModule } from "./session";
import { routineModule } from "./routine";
import { sequenceModule } from "./sequence";
import { stageModule } from "./stage";
import { streamModule } from "./stream";
import { tableModule } from "./table";
import { taskModule } from "./task";
import { viewModule } from "./view";
import { warehouseModule } from "./warehouse";
import { beginImplicitly, commitOpen, noteSingle } from "./session/transaction";

const MODULES: readonly StatementModule[] = [
  warehouseModule,
  containerModule,
  tableModule,
  viewModule,
  dynamicTableModule,
  streamModule,
  taskModule,
  alertModule,
  stageModule,
  sequenceModule,
  routineModule,
  copyModule,
  dmlModule,
  queryModule,
  accessModule,
  tagModule,
  policyModule,
  attachmentModule,
  sessionModule,
  notificationModule,
  objectModule,
];

/** The modules' parts of one kind as one; two of a name are a mistake that stops the start. */
function merged<T>(part: (module: StatementModule) => Readonly<Record<string, T>> | undefined): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const [name, value] of MODULES.flatMap((module) => Object.entries(part(module) ?? {}))) {
    if (all.has(name)) throw new Error(`two modules define ${name}`);
    all.set(name, value);
  }
  return all;
}

const HANDLERS = merged<Handler>((module) => module.handlers as Readonly<Record<string, Handler>> | undefined);
const SHOW = merged((module) => module.show);
const DESCRIBE = merged((module) => module.describe);

/** What queries and calls may name beyond SQL's own functions. */
export const systemFunctions: SystemFunctions = {
  functions: merged((module) => module.functions),
  tableFunctions: merged((module) => module.tableFunctions),
  ownTableFunctions: merged((module) => module.ownTableFunctions),
  acting: merged((module) => module.acting),
  ddl: merged((module) => module.ddl as Readonly<Record<string, DdlWriter>> | undefined),
  informationView: informationSchemaView,
};

async function show(statement: Show, context: StatementContext): Promise<Outcome> {
  const handler = SHOW.get(statement.objects);
  if (!handler) throw unsupported(`SHOW ${statement.objects}`);
  if (statement.history) throw unsupported(`SHOW ${statement.objects} HISTORY`);
  if (statement.withPrivileges) throw unsupported(`SHOW ${statement.objects} WITH PRIVILEGES`);
  return handler(statement, context);
}

async function describe(statement: Describe, context: StatementContext): Promise<Outcome> {
  const handler = DESCRIBE.get(statement.objectKind);
  if (!handler) throw unsupported(`DESCRIBE ${statement.objectKind}`);
  return handler(statement, context);
}

function handlerOf(statement: Statement): Handler | undefined {
  if (statement.kind === "show") return show as Handler;
  if (statement.kind === "describe") return describe as Handler;
  return HANDLERS.get(statement.kind);
}

/** Kinds that commit what the session has open before they run. Source: "Transactions", DDL statements. */
const COMMITS = /^(create|alter(?!Session)|drop|undrop|comment|grant|revoke)/;

/** Kinds that run in the session's transaction, and are one where it has none. Source: "Transactions", terminology. */
const DML = /^(insert|update|delete|merge|truncate|copyIntoTable)$/;

/** Kinds that answer a request for the columns alone themselves. All others have one column, `status`. */
const DESCRIBABLE =
  /^(queryStatement|pipe|insert|update|delete|merge|truncate|copyIntoTable|copyIntoLocation|show|showGrants|describe|describeTransaction|list|call)$/;

/** How often a statement is run again because other sessions changed the catalog under it. */
const MOST_ATTEMPTS = 50;

/**
 * Runs one statement.
 * @throws SnowflakeError
 */
export async function runStatement(statement: Statement, context: StatementContext): Promise<Outcome> {
  if (statement.kind === "unsupportedStatement") throw unsupported(statement.feature);
  const handler = handlerOf(statement);
  if (!handler) throw unsupported(featureName(statement.kind));
  if (context.describeOnly && !DESCRIBABLE.test(statement.kind)) return rows([["status", TEXT]], [], StatementType.DDL);
  const named = withIdentifiers(statement, context);
  if (COMMITS.test(statement.kind) && !isManualRefresh(statement)) await commitOpen(context);
  const dml = DML.test(statement.kind) && !context.describeOnly;
  if (dml) beginImplicitly(context);
  const single = (dml || COMMITS.test(statement.kind)) && context.session.transaction === null;
  try {
    const outcome = await withStagedRelations(named, context, (own) => untilTheCatalogRests(() => handler(named, own)));
    if (single) noteSingle(context, "committed");
    return outcome;
  } catch (error) {
    if (single) noteSingle(context, "rolled back");
    throw error;
  }
}

async function untilTheCatalogRests(run: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof CatalogMoved) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** ALTER DYNAMIC TABLE ... REFRESH is refused inside a transaction, which goes on. */
function isManualRefresh(statement: Statement): boolean {
  return statement.kind === "alterDynamicTable" && statement.action.action === "refresh";
}

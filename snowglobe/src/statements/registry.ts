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
import { withReadableResults } from "../execution/resultRelation";
import { withStagedRelations } from "./copy/stagedSources";
import { dmlModule } from "./dml";
import { dynamicTableModule } from "./dynamicTable";
import { notificationModule } from "./notification";
import { objectModule } from "./object";
import { queryModule } from "./query";
import { sessionModule } from "./session";
import { routineModule } from "./routine";
import { requireReading, withProcedureResults } from "./routine/selectedProcedures";
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

/** A statement's handler and where it stands in its module. */
interface Rule {
  readonly handler: Handler;
  readonly group: "definitions" | "changes" | "queries" | "commands";
}

function rules(group: Rule["group"]): [kind: string, Rule][] {
  const handlers = merged<Handler>((module) => module[group] as Readonly<Record<string, Handler>> | undefined);
  return [...handlers].map(([kind, handler]) => [kind, { handler, group }]);
}

const SHOW = merged((module) => module.show);
const DESCRIBE = merged((module) => module.describe);

/** What queries and calls may name beyond SQL's own functions. */
export const systemFunctions: SystemFunctions = {
  functions: merged((module) => module.functions),
  tableFunctions: merged((module) => module.tableFunctions),
  ownTableFunctions: merged((module) => module.ownTableFunctions),
  acting: merged((module) => module.acting),
  ddl: merged((module) => module.ddl as Readonly<Record<string, DdlWriter>> | undefined),
  accountUsage: merged((module) => module.accountUsage),
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

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...rules("definitions"),
  ...rules("changes"),
  ...rules("queries"),
  ...rules("commands"),
  ["show", { handler: show as Handler, group: "queries" }],
  ["describe", { handler: describe as Handler, group: "queries" }],
]);

/** How often a statement is run again because other sessions changed the catalog under it. */
const MOST_ATTEMPTS = 50;

/**
 * Runs one statement.
 * @throws SnowflakeError
 */
export async function runStatement(statement: Statement, context: StatementContext): Promise<Outcome> {
  if (statement.kind === "unsupportedStatement") throw unsupported(statement.feature);
  const rule = RULES.get(statement.kind);
  if (!rule) throw unsupported(featureName(statement.kind));
  const { handler, group } = rule;
  if (context.describeOnly && (group === "definitions" || group === "commands")) {
    return rows([["status", TEXT]], [], StatementType.DDL);
  }
  if (context.reading) requireReading(statement);
  const named = await withProcedureResults(withIdentifiers(statement, context), context);
  if (group === "definitions" && !isManualRefresh(statement)) await commitOpen(context);
  const dml = group === "changes" && !context.describeOnly;
  if (dml) beginImplicitly(context);
  const single = (dml || group === "definitions") && context.session.transaction === null;
  try {
    const outcome = await withStagedRelations(named, context, (own) =>
      untilTheCatalogRests(() => withReadableResults(() => handler(named, own))),
    );
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

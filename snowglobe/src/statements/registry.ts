import { CatalogMoved } from "../catalog/change";
import { unsupported } from "../errors";
import type { Statement, StatementKind, StatementOf } from "../sql/ast/statement";
import type { Describe, Show, ShowKind } from "../sql/ast/statements/metadata";
import type { GrantPrivileges, GrantRole } from "../sql/ast/statements/security";
import { alterAlert, createAlert, executeAlert } from "./alert/alert";
import { describeAlert, showAlerts } from "./alert/showAlerts";
import { alterDynamicTable } from "./dynamicTable/alterDynamicTable";
import { alterTable } from "./table/alterTable";
import { comment } from "./object/comment";
import type { Handler, StatementContext } from "../execution/context";
import { copyIntoTable } from "./copy/copyInto";
import { alterDatabase, createDatabase, describeDatabase, showDatabases } from "./container/database";
import { describeRelation } from "./table/describeRelation";
import { drop, undrop } from "./object/drop";
import { createDynamicTable } from "./dynamicTable/dynamicTable";
import { featureName } from "../execution/featureName";
import { createFileFormat, createStage, showFileFormats, showStages } from "./stage/fileFormat";
import { get, list, put, remove } from "./stage/files";
import { grantOwnership, grantPrivileges, grantRole } from "./access/grant";
import { withIdentifiers } from "../execution/identifierVariables";
import { insert } from "./dml/insert";
import { merge } from "./dml/merge";
import { rows, TEXT, type Outcome } from "../execution/outcome";
import { showParameters } from "../execution/parameters";
import { query } from "./query/query";
import { alterRole, createRole, showRoles } from "./access/role";
import { alterSchema, createSchema, describeSchema, showSchemas } from "./container/schema";
import { alterSession } from "./session/sessionParameters";
import type { ShowHandler } from "../execution/listing";
import { showDynamicTables } from "./dynamicTable/showDynamicTables";
import { showEmpty } from "./object/showEmpty";
import { showGrants } from "./access/showGrants";
import { showColumns, showObjects, showTables, showViews } from "./table/showRelations";
import { showStreams, describeStream } from "./stream/showStreams";
import { alterStream, createStream } from "./stream/stream";
import { createTable } from "./table/table";
import { StatementType } from "../account/statementType";
import {
  beginImplicitly,
  beginTransaction,
  commit,
  commitOpen,
  describeTransaction,
  noteSingle,
  rollback,
} from "./session/transaction";
import { deleteRows, truncate, update } from "./dml/updateDelete";
import { use, useSecondaryRoles } from "./session/use";
import { alterUser, createUser, describeUser, showUsers } from "./access/user";
import { setVariables, unsetVariables } from "./session/variables";
import { alterView, createView } from "./view/view";
import { alterWarehouse, createWarehouse, showWarehouses } from "./warehouse/warehouse";
import { pipe } from "./query/pipe";
import {
  alterNotificationIntegration,
  createNotificationIntegration,
  describeNotificationIntegration,
  showNotificationIntegrations,
} from "./notification/notificationIntegration";
import { describeTask, showTasks } from "./task/showTasks";
import { alterTask } from "./task/alterTask";
import { executeTask } from "./task/executeTask";
import { createTask } from "./task/task";
import { callActing } from "./query/actingFunctions";

/** Statements of one kind; GRANT and REVOKE share a node. */
type NodeOf<K extends StatementKind> = K extends "grantPrivileges" | "revokePrivileges"
  ? GrantPrivileges
  : K extends "grantRole" | "revokeRole"
    ? GrantRole
    : StatementOf<K>;

/** What each kind of statement does. A kind that is not here is refused by name. */
const HANDLERS: { readonly [K in StatementKind]?: Handler<NodeOf<K>> } = {
  queryStatement: query,
  insert,
  update,
  delete: deleteRows,
  merge,
  truncate,
  copyIntoTable,
  put,
  get,
  list,
  remove,
  createTable,
  alterTable,
  createView,
  alterView,
  createDynamicTable,
  alterDynamicTable,
  createDatabase,
  alterDatabase,
  createSchema,
  alterSchema,
  createWarehouse,
  alterWarehouse,
  createRole,
  alterRole,
  createUser,
  alterUser,
  createStream,
  alterStream,
  createStage,
  createFileFormat,
  createTask,
  alterTask,
  executeTask,
  createAlert,
  alterAlert,
  executeAlert,
  createNotificationIntegration,
  alterIntegration: alterNotificationIntegration,
  call: callActing,
  drop,
  undrop,
  comment,
  describeTransaction,
  describe: (statement, context) => describe(statement, context),
  show: (statement, context) => show(statement, context),
  showGrants,
  grantPrivileges,
  revokePrivileges: grantPrivileges,
  grantRole,
  revokeRole: grantRole,
  grantOwnership,
  use,
  useSecondaryRoles,
  alterSession,
  setVariables,
  unsetVariables,
  beginTransaction,
  commit,
  rollback,
  pipe,
};

const SHOW: Partial<Record<ShowKind, ShowHandler>> = {
  WAREHOUSES: showWarehouses,
  DATABASES: showDatabases,
  SCHEMAS: showSchemas,
  TABLES: showTables,
  VIEWS: showViews,
  "DYNAMIC TABLES": showDynamicTables,
  OBJECTS: showObjects,
  COLUMNS: showColumns,
  STREAMS: showStreams,
  STAGES: showStages,
  "FILE FORMATS": showFileFormats,
  ROLES: showRoles,
  USERS: showUsers,
  TASKS: showTasks,
  ALERTS: showAlerts,
  "NOTIFICATION INTEGRATIONS": showNotificationIntegrations,
  INTEGRATIONS: showNotificationIntegrations,
  PARAMETERS: showParameters,
  "REPLICATION DATABASES": showEmpty,
  "USER FUNCTIONS": showEmpty,
  "USER PROCEDURES": showEmpty,
};

async function show(statement: Show, context: StatementContext): Promise<Outcome> {
  const handler = SHOW[statement.objects];
  if (!handler) throw unsupported(`SHOW ${statement.objects}`);
  if (statement.history) throw unsupported(`SHOW ${statement.objects} HISTORY`);
  if (statement.withPrivileges) throw unsupported(`SHOW ${statement.objects} WITH PRIVILEGES`);
  return handler(statement, context);
}

async function describe(statement: Describe, context: StatementContext): Promise<Outcome> {
  switch (statement.objectKind) {
    case "TABLE":
    case "VIEW":
    case "DYNAMIC TABLE":
      return describeRelation(statement, context);
    case "STREAM":
      return describeStream(statement, context);
    case "SCHEMA":
      return describeSchema(statement, context);
    case "DATABASE":
      return describeDatabase(statement, context);
    case "USER":
      return describeUser(statement, context);
    case "TASK":
      return describeTask(statement, context);
    case "ALERT":
      return describeAlert(statement, context);
    case "INTEGRATION":
    case "NOTIFICATION INTEGRATION":
      return describeNotificationIntegration(statement, context);
    default:
      throw unsupported(`DESCRIBE ${statement.objectKind}`);
  }
}

/** Kinds that commit what the session has open before they run. Source: "Transactions", DDL statements. */
const COMMITS = /^(create|alter(?!Session)|drop|undrop|comment|grant|revoke)/;

/** Kinds that run in the session's transaction, and are one where it has none. Source: "Transactions", terminology. */
const DML = /^(insert|update|delete|merge|truncate|copyIntoTable)$/;

/** Kinds that answer a request for the columns alone themselves. All others have one column, `status`. */
const DESCRIBABLE =
  /^(queryStatement|pipe|insert|update|delete|merge|truncate|copyIntoTable|show|showGrants|describe|describeTransaction|list|call)$/;

/** How often a statement is run again because other sessions changed the catalog under it. */
const MOST_ATTEMPTS = 50;

/**
 * Runs one statement.
 * @throws SnowflakeError
 */
export async function runStatement(statement: Statement, context: StatementContext): Promise<Outcome> {
  if (statement.kind === "unsupportedStatement") throw unsupported(statement.feature);
  const handler = HANDLERS[statement.kind] as Handler | undefined;
  if (!handler) throw unsupported(featureName(statement.kind));
  if (context.describeOnly && !DESCRIBABLE.test(statement.kind)) return rows([["status", TEXT]], [], StatementType.DDL);
  const named = withIdentifiers(statement, context);
  if (COMMITS.test(statement.kind) && !isManualRefresh(statement)) await commitOpen(context);
  const dml = DML.test(statement.kind) && !context.describeOnly;
  if (dml) beginImplicitly(context);
  const single = (dml || COMMITS.test(statement.kind)) && context.session.transaction === null;
  try {
    const outcome = await untilTheCatalogRests(() => handler(named, context));
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

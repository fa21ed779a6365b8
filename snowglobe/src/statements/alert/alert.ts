import type { Alert } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { compilationError, insufficientPrivileges, unsupported } from "../../errors";
import type { Property } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import type { AlterAlert, CreateAlert } from "../../sql/ast/statements/alert";
import type { CloneSource } from "../../sql/ast/statements/common";
import type { EmbeddedStatement } from "../../sql/ast/statements/task";
import { holds, requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { warehouseOf } from "../dynamicTable/settings";
import { find, nameText, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { mayRun } from "./alertPrivileges";
import { requireAlertSchedule } from "./alertSchedule";
import { newAlertRun } from "./newAlertRun";
import { newDataSource, newDataSourceOf } from "./newDataCondition";
import { quoteIfNeeded } from "../../quoting";

/** What CREATE ALERT makes before its name and owner are known. */
type Definition = Pick<Alert, "warehouse" | "schedule" | "condition" | "action" | "comment">;

/**
 * CREATE ALERT: made suspended. Names, types and arguments in condition and action are not looked at: what is wrong with
 * them shows when the alert runs. Source: "CREATE ALERT".
 */
export const createAlert: Handler<CreateAlert> = async (statement, context) => {
  if (statement.tags.length > 0) throw unsupported("CREATE ALERT ... WITH TAG");
  const plan = planCreate(context, "ALERT", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const before = statement.clone ? cloned(statement.clone, context) : given(statement);
  const definition = withSettings(before, statement.properties, context);
  if (definition.schedule === null) newDataSourceOf(definition.condition);
  requireManaged(definition, context);
  const { started = false, resumedOn = null } = plan.altered ?? {};
  const alert: Alert = { ...plan.base, ...definition, started, resumedOn };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), alert, plan.replaced);
  });
  return status(`Alert ${quoteIfNeeded(alert.name)} successfully created.`);
};

function given(statement: CreateAlert): Definition {
  // The parser gives both where there is no CLONE.
  const [condition, action] = [statement.condition!, statement.action!];
  requireCondition(condition);
  requireAction(action);
  return { warehouse: null, schedule: null, condition: condition.text, action: action.text, comment: "" };
}

/** Source: "CREATE <object> ... CLONE": all properties but those given anew; the clone is suspended. */
function cloned(clone: CloneSource, context: StatementContext): Definition {
  if (clone.timeTravel) throw unsupported("CREATE ALERT ... CLONE ... AT | BEFORE");
  const source = find(context, "ALERT", clone.name, "CREATE ALERT");
  requireOwnership(context, source);
  const { warehouse, schedule, condition, action, comment } = source;
  return { warehouse, schedule, condition, action, comment };
}

/** Source: "CREATE ALERT", condition: SELECT, SHOW or CALL. */
function requireCondition({ statement }: EmbeddedStatement): void {
  if (["queryStatement", "show", "showGrants", "call"].includes(statement.kind)) return;
  if (statement.kind === "unsupportedStatement") throw unsupported(statement.feature);
  throw compilationError("The condition of an alert must be a SELECT, SHOW or CALL statement.", "002141", "0A000");
}

function requireAction({ statement }: EmbeddedStatement): void {
  if (statement.kind === "unsupportedStatement") throw unsupported(statement.feature);
}

/** An alert without a warehouse runs on compute of the service's. */
function requireManaged(alert: Pick<Alert, "warehouse">, context: StatementContext): void {
  if (alert.warehouse !== null || holds(context, "EXECUTE MANAGED ALERT", ACCOUNT)) return;
  throw insufficientPrivileges("account", context.instance.accountName);
}

function withSettings<A extends Definition>(before: A, given: readonly Property[], context: StatementContext): A {
  const properties = new Properties(given, context);
  const warehouse = properties.name("WAREHOUSE");
  const schedule = properties.text("SCHEDULE");
  const comment = properties.text("COMMENT");
  properties.refuse("CONFIG", "RUNBOOK", "SUSPEND_ALERT_AFTER_NUM_FAILURES");
  properties.done();
  if (schedule !== undefined) requireAlertSchedule(schedule);
  return {
    ...before,
    warehouse: warehouse === undefined ? before.warehouse : warehouseOf(warehouse, context),
    schedule: schedule ?? before.schedule,
    comment: comment ?? before.comment,
  };
}

/** Source: "ALTER ALERT". */
export const alterAlert: Handler<AlterAlert> = async (statement, context) => {
  const alert = tryFind(context, "ALERT", statement.name, "ALTER ALERT");
  if (!alert) {
    if (statement.ifExists) return succeeded();
    return find(context, "ALERT", statement.name, "ALTER ALERT") as never;
  }
  const { instance } = context;
  const changed = altered(alert, statement, context);
  // From here on rows are new for an alert that begins to look at a table.
  const looksAnew = changed.started && changed.schedule === null && (!alert.started || !sameSource(alert, changed));
  let position = 0;
  const committed = (): void => {
    if (looksAnew) instance.alertPositions.publish(alert.id, position);
  };
  await instance.change({ signal: context.signal, committed }, async (writer, begin) => {
    (await begin()).put(changed);
    if (!looksAnew) return;
    position = instance.storage.lastVersion;
    await instance.alertPositions.persist(alert.id, position, (sql, values) => writer.run(sql, values as never));
  });
  return succeeded();
};

function sameSource(a: Alert, b: Alert): boolean {
  return (
    a.condition === b.condition || nameText(newDataSourceOf(a.condition)) === nameText(newDataSourceOf(b.condition))
  );
}

function altered(alert: Alert, { action }: AlterAlert, context: StatementContext): Alert {
  switch (action.action) {
    case "resume":
      requirePrivilege(context, alert, "OPERATE");
      return alert.started ? alert : resumed(alert, context);
    case "suspend":
      requirePrivilege(context, alert, "OPERATE");
      return { ...alert, started: false };
    default:
      requireOwnership(context, alert);
      return redefined(alert, action, context);
  }
}

function resumed(alert: Alert, context: StatementContext): Alert {
  const refusal = mayRun(context.instance, alert);
  if (refusal) throw refusal;
  return { ...alert, started: true, resumedOn: context.startedOn };
}

function redefined(alert: Alert, action: AlterAlert["action"], context: StatementContext): Alert {
  switch (action.action) {
    case "set": {
      const next = withSettings(alert, action.properties, context);
      if (alert.schedule === null && next.schedule !== null) throw conversion(alert);
      return next;
    }
    case "unset":
      return unset(alert, action.names, context);
    case "modifyCondition":
      requireCondition(action.condition);
      if (alert.schedule === null) newDataSource(action.condition.statement);
      return { ...alert, condition: action.condition.text };
    case "modifyAction":
      requireAction(action.body);
      return { ...alert, action: action.body.text };
    default:
      throw unsupported(`ALTER ALERT ${action.action}`);
  }
}

function unset(alert: Alert, names: readonly string[], context: StatementContext): Alert {
  let next = alert;
  for (const name of names) {
    if (name === "WAREHOUSE") next = { ...next, warehouse: null };
    else if (name === "COMMENT") next = { ...next, comment: "" };
    else if (name === "SCHEDULE") {
      if (alert.schedule !== null) throw conversion(alert);
    } else throw unsupported(`ALTER ALERT UNSET ${name}`);
  }
  requireManaged(next, context);
  return next;
}

/** Source: "Setting up alerts based on data in Snowflake": neither form becomes the other. */
function conversion(alert: Alert): Error {
  const [is, other] =
    alert.schedule === null ? ["an alert on new data", "a scheduled one"] : ["a scheduled alert", "one on new data"];
  return compilationError(
    `Alert '${alert.name}' is ${is} and cannot be made ${other}: create a new alert instead.`,
    "002142",
    "0A000",
  );
}

/** EXECUTE ALERT: one run, also of a suspended alert, as soon as possible. Source: "EXECUTE ALERT". */
export const executeAlert: Handler<StatementOf<"executeAlert">> = async (statement, context) => {
  const alert = find(context, "ALERT", statement.name, "EXECUTE ALERT");
  requirePrivilege(context, alert, "OPERATE");
  if (alert.schedule === null) {
    throw compilationError(
      `EXECUTE ALERT cannot run alert '${alert.name}': it is an alert on new data.`,
      "002143",
      "0A000",
    );
  }
  const refusal = mayRun(context.instance, alert);
  if (refusal) throw refusal;
  const { catalog, alertHistory, alertRequests } = context.instance;
  const run = newAlertRun(catalog, alert, { scheduledTime: context.startedOn, scheduledFrom: "EXECUTE ALERT" });
  await alertHistory.keep(run);
  alertRequests.request(run);
  return status(`Alert ${quoteIfNeeded(alert.name)} is scheduled to run immediately.`);
};

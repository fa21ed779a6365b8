import { compilationError, invalidArguments, unknownFunction } from "../../errors";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
import type { SystemFunction } from "../../execution/statementModule";
import { literalTime } from "../../execution/functionArguments";
import type { AlertContext } from "../../execution/alertContext";
import { isAlertViewer } from "./alertViewer";

const TIMESTAMP_LTZ = { kind: "TIMESTAMP_LTZ", scale: 9 } as const;

/** Sources: "GET_CONDITION_QUERY_UUID", "SCHEDULED_TIME", "LAST_SUCCESSFUL_SCHEDULED_TIME". */
const FUNCTIONS: Readonly<Record<string, (run: AlertContext) => ScalarFunction>> = {
  GET_CONDITION_QUERY_UUID: (run) => ({ kind: "text", value: run.conditionQueryId }),
  SCHEDULED_TIME: (run) => time(run.scheduledTime),
  LAST_SUCCESSFUL_SCHEDULED_TIME: (run) => time(run.lastSuccessfulScheduledTime),
};

function time(at: number | null): ScalarFunction {
  const sql = at === null ? "CAST(NULL AS TIMESTAMPTZ)" : `(${literalTime(at)})`;
  return { kind: "expression", sql, type: TIMESTAMP_LTZ, volatility: "session" };
}

/**
 * SNOWFLAKE.ALERT.*: what the statements of a running alert may ask of their run.
 *
 * @throws SnowflakeError outside of an alert, or without the database role SNOWFLAKE.ALERT_VIEWER
 */
export const ALERT_FUNCTIONS: Readonly<Record<string, SystemFunction>> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([own, definition]) => {
    const name = `SNOWFLAKE.ALERT.${own}`;
    return [name, (args, context) => definition(runOf(name, args, context))];
  }),
);

function runOf(name: string, args: readonly ArgumentText[], context: StatementContext): AlertContext {
  if (args.length > 0) {
    throw invalidArguments(
      name,
      args.map((arg) => arg.type.kind),
    );
  }
  if (!isAlertViewer(context)) throw unknownFunction(name);
  if (!context.session.alert) throw compilationError(`Function ${name} can only be called within an alert.`);
  return context.session.alert;
}

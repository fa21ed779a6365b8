import { compilationError, invalidArguments, unknownFunction } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
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
 * @returns undefined for other functions
 * @throws SnowflakeError outside of an alert, or without the database role SNOWFLAKE.ALERT_VIEWER
 */
export function alertFunction(
  name: ObjectName,
  args: readonly ArgumentText[],
  context: StatementContext,
): ScalarFunction | undefined {
  if (name.length !== 3 || name[0]!.name !== "SNOWFLAKE" || name[1]!.name !== "ALERT") return undefined;
  const own = name[2]!.name;
  const definition = FUNCTIONS[own];
  if (!definition) return undefined;
  const fullName = `SNOWFLAKE.ALERT.${own}`;
  if (args.length > 0) {
    throw invalidArguments(
      fullName,
      args.map((arg) => arg.type.kind),
    );
  }
  if (!isAlertViewer(context)) throw unknownFunction(fullName);
  if (!context.session.alert) throw compilationError(`Function ${fullName} can only be called within an alert.`);
  return definition(context.session.alert);
}

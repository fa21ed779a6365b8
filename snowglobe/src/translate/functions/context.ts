import { VARCHAR, DATE, TIME, TIMESTAMP_LTZ, TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import type { DataType } from "../../sql/ast/dataType";
import type { Volatility } from "../boundExpression";
import { call, constantValue, nullLiteral, textLiteral } from "../construct";
import type { SessionContext } from "../environment";
import type { FunctionDefinition } from "./definition";
import { constantOf, typeMismatch } from "./signature";
import type { FunctionTraits } from "./traits";
import { unsupported } from "../../errors";
import { literal } from "../../quoting";

/** Of a value that is the user's or the session's own. */
const OWN: FunctionTraits = {};

/** A value of the session, put into the statement as a constant. Source: "Context functions". */
function sessionText(
  names: string | readonly string[],
  value: (session: SessionContext) => string | null,
  traits: FunctionTraits = { shared: true },
): FunctionDefinition {
  return {
    names: typeof names === "string" ? [names] : names,
    traits,
    min: 0,
    max: 0,
    kind: "scalar",
    bind: (bound, { session }) => {
      const text = value(session);
      return call(
        bound.name,
        [text === null ? nullLiteral(VARCHAR).sql : literal(text)],
        [],
        VARCHAR,
        text === null,
        "session",
      );
    },
  };
}

/** CURRENT_TIMESTAMP and its family: one moment for the whole statement. The precision argument cuts fractions. */
function now(
  names: readonly string[],
  type: DataType,
  sql: (moment: string, session: SessionContext) => string,
  volatility: Volatility = "stable",
): FunctionDefinition {
  return {
    names,
    min: 0,
    max: 1,
    kind: "scalar",
    bind: (bound, { session }) => {
      const text = bound.args[0] ? constantOf(bound, 0) : "9";
      if (typeof text !== "string" || !/^\d$/.test(text)) throw typeMismatch(bound);
      const scale = Number(text);
      const unit = BigInt(10 ** Math.max(0, 6 - scale));
      const moment = (BigInt(session.statementTimestamp) / unit) * unit;
      return call(bound.name, [sql(`make_timestamp(${moment})`, session)], [], type, false, volatility);
    },
  };
}

const local = (moment: string, session: SessionContext): string =>
  `timezone(${literal(session.timezone)}, timezone('UTC', ${moment}))`;

export const contextFunctions: readonly FunctionDefinition[] = [
  now(
    ["CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "GETDATE", "SYSTIMESTAMP"],
    TIMESTAMP_LTZ,
    (moment) => `timezone('UTC', ${moment})`,
  ),
  now(["SYSDATE"], TIMESTAMP_NTZ, (moment) => moment),
  now(["CURRENT_DATE"], DATE, (moment, session) => `CAST(${local(moment, session)} AS DATE)`),
  now(["CURRENT_TIME", "LOCALTIME"], TIME, (moment, session) => `CAST(${local(moment, session)} AS TIME)`),
  sessionText("CURRENT_DATABASE", (session) => session.currentDatabase),
  sessionText("CURRENT_SCHEMA", (session) => session.currentSchema),
  sessionText("CURRENT_ROLE", (session) => session.currentRole),
  sessionText("CURRENT_USER", (session) => session.currentUser, OWN),
  sessionText("CURRENT_WAREHOUSE", (session) => session.currentWarehouse),
  sessionText(["CURRENT_ACCOUNT", "CURRENT_ACCOUNT_NAME"], (session) => session.account),
  sessionText("CURRENT_ORGANIZATION_NAME", (session) => session.organization),
  sessionText("CURRENT_REGION", (session) => session.region),
  sessionText("CURRENT_VERSION", (session) => session.version),
  sessionText("CURRENT_CLIENT", (session) => session.client, OWN),
  sessionText(
    "CURRENT_SECONDARY_ROLES",
    ({ secondaryRoles: { roles, value } }) => JSON.stringify({ roles: roles.join(","), value }),
    OWN,
  ),
  sessionText("CURRENT_ROLE_TYPE", () => "ROLE"),
  sessionText("CURRENT_SESSION", (session) => String(session.sessionId), OWN),
  sessionText("CURRENT_SCHEMAS", (session) =>
    JSON.stringify([session.currentSchema === null ? "" : `${session.currentDatabase ?? ""}.${session.currentSchema}`]),
  ),
  {
    names: ["LAST_QUERY_ID"],
    min: 0,
    max: 1,
    kind: "scalar",
    bind: (bound, { session }) => {
      const at = bound.args[0] ? Number(constantValue(bound.args[0])) : -1;
      if (!Number.isInteger(at)) throw unsupported("LAST_QUERY_ID of a number that is no constant");
      // Negative numbers count from the newest, positive ones from the session's first statement.
      const ids = session.lastQueryIds;
      const id = at < 0 ? ids[-at - 1] : ids[ids.length - at];
      return id === undefined ? nullLiteral(VARCHAR) : textLiteral(id);
    },
  },
  {
    names: ["GETVARIABLE"],
    min: 1,
    max: 1,
    kind: "scalar",
    bind: (bound, { session }) => {
      const name = constantOf(bound, 0);
      const value = typeof name === "string" ? session.variables.get(name.toUpperCase()) : undefined;
      return value === undefined || value.value === null ? nullLiteral(VARCHAR) : textLiteral(value.value);
    },
  },
  {
    names: ["SYSTEM$TYPEOF"],
    min: 1,
    max: 1,
    kind: "scalar",
    bind: (bound) => textLiteral(typeText(bound.args[0]!.type)),
  },
];

/** Source: "SYSTEM$TYPEOF": the logical type and how it is stored. */
function typeText(type: DataType): string {
  switch (type.kind) {
    case "NUMBER": {
      const bytes =
        type.precision <= 2 ? 1 : type.precision <= 4 ? 2 : type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16;
      return `NUMBER(${type.precision},${type.scale})[SB${bytes}]`;
    }
    case "FLOAT":
      return "FLOAT[DOUBLE]";
    case "VARCHAR":
      return `VARCHAR(${type.length})[LOB]`;
    case "BOOLEAN":
      return "BOOLEAN[SB1]";
    case "DATE":
      return "DATE[SB4]";
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return `${type.kind}(${type.scale})[SB16]`;
    case "TIME":
      return `TIME(${type.scale})[SB8]`;
    case "NULL":
      return "NULL[LOB]";
    default:
      return `${type.kind}[LOB]`;
  }
}

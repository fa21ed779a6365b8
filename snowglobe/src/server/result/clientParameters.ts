import type { ClientSession, ParameterValue } from "../../session/contract";

/**
 * Parameters that drivers read from every answer and fail or misbehave without; a session's own values win. Formats
 * are Snowflake's defaults (page "Parameters"); the last group steers the drivers' use of this protocol:
 * the threshold keeps them from sending array binds through a stage, telemetry stays on the machine.
 */
const DEFAULTS: Readonly<Record<string, ParameterValue>> = {
  TIMEZONE: "America/Los_Angeles",
  TIMESTAMP_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
  TIMESTAMP_NTZ_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3",
  TIMESTAMP_LTZ_OUTPUT_FORMAT: "",
  TIMESTAMP_TZ_OUTPUT_FORMAT: "",
  DATE_OUTPUT_FORMAT: "YYYY-MM-DD",
  TIME_OUTPUT_FORMAT: "HH24:MI:SS",
  BINARY_OUTPUT_FORMAT: "HEX",
  JS_TREAT_INTEGER_AS_BIGINT: false,
  AUTOCOMMIT: true,
  CLIENT_SESSION_KEEP_ALIVE: false,
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: 3_600,
  CLIENT_PREFETCH_THREADS: 4,
  CLIENT_RESULT_CHUNK_SIZE: 160,
  QUERY_CONTEXT_CACHE_SIZE: 5,
  CLIENT_STAGE_ARRAY_BINDING_THRESHOLD: 1_000_000_000,
  CLIENT_TELEMETRY_ENABLED: false,
};

/** The `parameters` of an answer. */
export function clientParameters(session: ClientSession): { readonly name: string; readonly value: ParameterValue }[] {
  const values = new Map(Object.entries(DEFAULTS));
  for (const { name, value } of session.clientParameters()) values.set(name, value);
  return Array.from(values, ([name, value]) => ({ name, value }));
}

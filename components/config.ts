/**
 * The stack's settings (`pulumi config set workshop:KEY VALUE`), read and checked before anything is declared.
 */
import { alertScheduleFrom, type AlertSchedule } from "./alertSchedule";
import { attendeeProblem, type Environment } from "./naming";
import { nearest } from "./nearest";
import { recipientsFrom } from "./recipients";
import { STATE_CODES } from "./states";

/** Where the stack is deployed: snowglobe on this computer, or a Snowflake account. */
export type Target = "local" | "account";

/** How the staging table may be refreshed. */
export type StagingRefreshMode = "incremental" | "adaptive" | "full";

/** The settings, defaults filled in. */
export interface WorkshopConfig {
  /**
   * `workshop:target`. Default: `local` for a stack named local or local-..., `account` for dev or dev-...; for other names
   * `local` where SNOWFLAKE_HOST is this computer, else `account`.
   */
  readonly target: Target;
  /** `workshop:attendee`. Default: what follows `local-` or `dev-` in the stack's name; none for other names. */
  readonly attendee?: string;
  /** `workshop:environment`, dev or prd. Default dev. */
  readonly environment: Environment;
  /** `workshop:source`: URL or path of a csv or csv.gz file, `public` or `sample`. Default: sample for local, else public. */
  readonly source: string;
  /** `workshop:states`: codes of the states of the first load, as CA,NY; `all` for every state. Default CA. */
  readonly states: readonly string[];
  /** `workshop:dynamicTableLag`: target lag of loans_by_state__dynamic, at least 60 seconds. Default 1 minute. */
  readonly dynamicTableLag: string;
  /**
   * `workshop:stagingRefreshMode`: refresh mode of stg_personal_loans: incremental, adaptive (what AUTO chooses on Snowflake
   * today), or full, which no stream can follow and so needs `workshop:monitoring: false`. Default incremental.
   */
  readonly stagingRefreshMode: StagingRefreshMode;
  /** `workshop:accessRoles`: whether roles of the workshop's own do the work. Default true. */
  readonly accessRoles: boolean;
  /** `workshop:parentRole`: role that gets the workshop's roles, the connecting role or one below it. Default SYSADMIN. */
  readonly parentRole: string;
  /** `workshop:user`: user who gets the workshop's roles. Default: SNOWFLAKE_USER. */
  readonly user?: string;
  /** `workshop:monitoring`: whether failures of the data test are captured and mailed. Default true. */
  readonly monitoring: boolean;
  /**
   * `workshop:recipients`: e-mail addresses that get the alert's mail, with commas between them. On an account each must be
   * the verified address of one of its users. Default: attendee@example.com (with the attendee's own name) for local; else
   * none, and then no alert is made.
   */
  readonly recipients: readonly string[];
  /**
   * `workshop:alertSchedule`: when the alert looks for failures, as `5 minutes` or `USING CRON 0 8 * * * UTC`; it mails
   * each time as long as there are any. Default: when new ones come.
   */
  readonly alertSchedule?: AlertSchedule;
  /** `workshop:serverless`: whether task and alert run on Snowflake's compute, not on the warehouse. Default false. */
  readonly serverless: boolean;
  /** `workshop:dbtCommand`: shell words that start dbt. Default: see {@link DEFAULT_DBT_COMMAND}. */
  readonly dbtCommand: string;
  /** `workshop:loaderCommand`: shell words that start the loader. Default: see {@link DEFAULT_LOADER_COMMAND}. */
  readonly loaderCommand: string;
}

/** A setting that cannot be used. The message is one line that names the key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Finds dbt when the command runs, by WORKSHOP_DBT or in the checkout: no path of one computer stands in the state. */
const DEFAULT_DBT_COMMAND = "sh dbt/run";

/** As {@link DEFAULT_DBT_COMMAND}: the bundle that WORKSHOP_LOADER names, else one built on the spot. */
const DEFAULT_LOADER_COMMAND =
  '{ [ -n "${WORKSHOP_LOADER:-}" ] || npm run --silent build; } && node "${WORKSHOP_LOADER:-.workshop/build/loader.cjs}"';

/** A key of the settings, without `workshop:`. */
export type ConfigKey = keyof WorkshopConfig;

const THIS_COMPUTER = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;
const LAG = /^([1-9]\d{0,5}) (second|minute|hour|day)s?$/i;
const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 };
/** Snowflake documentation: "Set the target lag for a dynamic table". */
const LEAST_LAG_SECONDS = 60;
/** No limit of Snowflake's: who writes more has mistaken the unit. */
const MOST_LAG_SECONDS = 366 * 86_400;

/** All keys. */
export const CONFIG_KEYS = [
  "target",
  "attendee",
  "environment",
  "source",
  "states",
  "dynamicTableLag",
  "stagingRefreshMode",
  "accessRoles",
  "parentRole",
  "user",
  "monitoring",
  "recipients",
  "alertSchedule",
  "serverless",
  "dbtCommand",
  "loaderCommand",
] as const satisfies readonly ConfigKey[];

/**
 * Refuses settings that nothing reads, such as a misspelt one.
 *
 * @param keys as set, with their namespace; other namespaces are others' concern
 * @throws ConfigError that names the nearest setting
 */
export function refuseUnknownKeys(keys: readonly string[]): void {
  for (const key of keys) {
    const [, name] = /^workshop:(.+)$/.exec(key) ?? [];
    if (name === undefined || (CONFIG_KEYS as readonly string[]).includes(name)) continue;
    const meant = nearest(name, CONFIG_KEYS);
    throw new ConfigError(
      `${key} is no setting: ${meant ? `workshop:${meant} is meant?` : `there are ${CONFIG_KEYS.join(", ")}`}`,
    );
  }
}

/**
 * Reads and checks the settings.
 *
 * @param get value of a key as set, undefined where it is not
 * @param context the stack's name, and the environment variables for defaults
 * @throws ConfigError at the first setting that cannot be used
 */
export function readConfig(
  get: (key: ConfigKey) => string | undefined,
  context: {
    stack: string;
    env: Readonly<Record<string, string | undefined>>;
    /** Whether there is a file of the given path, from the checkout. Left out: all are believed to be there. */
    isFile?: (path: string) => boolean;
  },
): WorkshopConfig {
  const value = (key: ConfigKey): string | undefined => get(key)?.trim() || undefined;
  const refuse = (key: ConfigKey, text: string, reason: string): never => {
    throw new ConfigError(`workshop:${key} '${text.replace(/\s+/g, " ")}' ${reason}`);
  };
  const oneOf = <T extends string>(key: ConfigKey, choices: readonly T[], fallback: T): T => {
    const text = value(key) ?? fallback;
    return choices.find((choice) => choice === text) ?? refuse(key, text, `must be ${choices.join(" or ")}`);
  };
  const parsed = <T extends object>(key: ConfigKey, parse: (text: string) => T | string): T | undefined => {
    const text = value(key);
    if (text === undefined) return undefined;
    const result = parse(text);
    return typeof result === "string" ? refuse(key, text, result) : result;
  };

  const [, stackTarget, stackAttendee] = /^(local|dev)(?:-(.+))?$/.exec(context.stack) ?? [];
  const isHere = stackTarget === undefined && THIS_COMPUTER.test(context.env.SNOWFLAKE_HOST ?? "");
  const target = oneOf("target", ["local", "account"], stackTarget === "local" || isHere ? "local" : "account");
  const attendee = value("attendee") ?? stackAttendee;
  const problem = attendee && attendeeProblem(attendee);
  if (attendee && problem) refuse("attendee", attendee, problem);

  const user = value("user") ?? (context.env.SNOWFLAKE_USER?.trim() || undefined);
  const parentRole = value("parentRole") ?? "SYSADMIN";
  if (!/^[A-Za-z_][\w$]{0,254}$/.test(parentRole)) refuse("parentRole", parentRole, "is not the name of a role");

  const source = value("source") ?? (target === "local" ? "sample" : "public");
  const isFile = !/^(public|sample|[a-z][a-z0-9+.-]+:.*)$/i.test(source);
  if (isFile && context.isFile?.(source) === false)
    refuse("source", source, "is no file: give a path from the checkout, a URL, public or sample");

  const monitoring = oneOf("monitoring", ["true", "false"], "true") === "true";
  const stagingRefreshMode = oneOf("stagingRefreshMode", ["incremental", "adaptive", "full"], "incremental");
  if (stagingRefreshMode === "full" && monitoring) {
    refuse(
      "stagingRefreshMode",
      "full",
      "leaves no changes for the stream to follow: set workshop:monitoring to false",
    );
  }

  return {
    target,
    attendee,
    environment: oneOf("environment", ["dev", "prd"], "dev"),
    source,
    states: readStates(value("states") ?? "CA", refuse),
    dynamicTableLag: readLag(value("dynamicTableLag") ?? "1 minute", refuse),
    stagingRefreshMode,
    accessRoles: oneOf("accessRoles", ["true", "false"], "true") === "true",
    parentRole: parentRole.toUpperCase(),
    user,
    monitoring,
    recipients: parsed("recipients", recipientsFrom) ?? (target === "local" ? [localRecipient(attendee)] : []),
    alertSchedule: parsed("alertSchedule", alertScheduleFrom),
    serverless: oneOf("serverless", ["true", "false"], "false") === "true",
    dbtCommand: value("dbtCommand") ?? DEFAULT_DBT_COMMAND,
    loaderCommand: value("loaderCommand") ?? DEFAULT_LOADER_COMMAND,
  };
}

/** Mail on the local target stays on this computer; example.com is nobody's (RFC 2606). */
function localRecipient(attendee = "attendee"): string {
  return `${attendee.toLowerCase()}@example.com`;
}

type Refuse = (key: ConfigKey, text: string, reason: string) => never;

/** No code stands for all states. */
function readStates(text: string, refuse: Refuse): readonly string[] {
  if (/^all$/i.test(text)) return [];
  const codes = text.split(",").map((code) => code.trim().toUpperCase());
  if (!codes.every((code) => /^[A-Z]{2}$/.test(code))) {
    refuse("states", text, "must be two-letter codes with commas between them, as CA,NY, or all");
  }
  const unknown = codes.filter((code) => !STATE_CODES.includes(code));
  if (unknown.length > 0) refuse("states", text, `has ${unknown.join(", ")}, which is no state of the data`);
  return [...new Set(codes)].sort();
}

function readLag(text: string, refuse: Refuse): string {
  const lag = text.replace(/\s+/g, " ");
  const [, count, unit] =
    LAG.exec(lag) ?? refuse("dynamicTableLag", text, "must be a time such as '1 minute' or '2 hours'");
  const seconds = Number(count) * SECONDS[unit!.toLowerCase() as keyof typeof SECONDS];
  if (seconds < LEAST_LAG_SECONDS)
    refuse("dynamicTableLag", text, "is too short: Snowflake allows 60 seconds at least");
  if (seconds > MOST_LAG_SECONDS) refuse("dynamicTableLag", text, "is longer than a year");
  return lag.toLowerCase();
}

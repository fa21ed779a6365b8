/**
 * The names of everything the workshop makes in an account. They are made here and nowhere else.
 *
 * Names are unquoted identifiers in upper case: dbt, the loader and the worksheets write them without quotes.
 */

/** `dev` builds into one schema of BALBOA_DEV; `prd` builds into the layers' own schemas of BALBOA. */
export type Environment = "dev" | "prd";

/** Names of the objects of one attendee's environment. */
export interface WorkshopNames {
  readonly warehouse: string;
  readonly rawDatabase: string;
  /** Schema of the raw loans; the same for everybody, as it lies in the attendee's own database. */
  readonly rawSchema: string;
  readonly loansTable: string;
  readonly analyticsDatabase: string;
  /** The attendee's schema in the analytics database. */
  readonly analyticsSchema: string;
  /** Schema and name of the dynamic table whose changes are watched. */
  readonly stagingSchema: string;
  readonly stagingTable: string;
  /** Schema and name of the view that counts the data tests' failures anew whenever it is read. */
  readonly failuresSchema: string;
  readonly failuresView: string;
  /** Schema of the loans by state. */
  readonly loansByStateSchema: string;
  /** In the attendee's schema: the stream on the staging table, what the task keeps of the failures, and who mails them. */
  readonly stream: string;
  readonly errorsTable: string;
  readonly captureTask: string;
  readonly errorAlert: string;
  /** Owns the raw table. */
  readonly loaderRole: string;
  /** Owns what dbt builds. */
  readonly transformerRole: string;
  /** Reads what dbt builds. */
  readonly analystRole: string;
  /** Notification integration that sends the alert's mail. */
  readonly emailIntegration: string;
  /** Beginning of the names of the users whose addresses get the mail on the local target; a number follows. */
  readonly recipientUser: string;
}

/** What an attendee's name looks like: a letter, then letters, digits and underscores, at most 20 characters. */
const ATTENDEE_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,19}$/;

/** Schema in the analytics database where no attendee is named. */
const SHARED_SCHEMA = "WORKSHOP";

/** Schemas that every database has already. */
const EXISTING_SCHEMAS = ["INFORMATION_SCHEMA", "PUBLIC"];

/** Words that cannot name a schema without quotes. Snowflake documentation: "Reserved & limited keywords". */
const RESERVED_WORDS =
  `ACCOUNT ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION CONSTRAINT CREATE
CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DELETE DISTINCT DROP ELSE EXISTS FALSE
FOLLOWING FOR FROM FULL GRANT GROUP GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS ISSUE JOIN LATERAL
LEFT LIKE LOCALTIME LOCALTIMESTAMP MINUS NATURAL NOT NULL OF ON OR ORDER ORGANIZATION QUALIFY REGEXP REVOKE RIGHT RLIKE
ROW ROWS SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST UNION UNIQUE UPDATE USING
VALUES VIEW WHEN WHENEVER WHERE WITH`.split(/\s+/);

const UNUSABLE = new Set([...EXISTING_SCHEMAS, ...RESERVED_WORDS]);

/**
 * Says why a text cannot name an attendee.
 *
 * @returns the reason, to follow the name in a message; undefined where the name can be used
 */
export function attendeeProblem(attendee: string): string | undefined {
  if (!ATTENDEE_PATTERN.test(attendee)) {
    return "must start with a letter and have letters, digits and underscores only, at most 20 characters";
  }
  if (UNUSABLE.has(attendee.toUpperCase())) return "is a word that Snowflake keeps for itself: choose another name";
  return undefined;
}

/**
 * The names of one environment. Without an attendee they are the workshop's own; with one every name that is visible in
 * the whole account starts with the attendee's, so that attendees share an account without touching each other.
 *
 * @param options `attendee`: as {@link attendeeProblem} accepts it, in any case. `serverless`, `alertSchedule`: forms of task
 *   and alert that are declared by another kind of resource have names of their own, since a deployment that goes from one
 *   to the other makes the new before it deletes the old.
 * @throws Error where the attendee cannot be used
 */
export function workshopNames(options: {
  attendee?: string;
  environment: Environment;
  serverless?: boolean;
  alertSchedule?: object;
}): WorkshopNames {
  const { attendee, environment } = options;
  const problem = attendee === undefined ? undefined : attendeeProblem(attendee);
  if (problem) throw new Error(`attendee '${attendee}' ${problem}`);
  const inAccount = (name: string): string => (attendee ? `${attendee.toUpperCase()}_${name}` : name);
  const analyticsSchema = attendee ? attendee.toUpperCase() : SHARED_SCHEMA;
  // As in the dbt project's generate_schema_name.
  const layer = (schema: string): string => (environment === "prd" ? schema : analyticsSchema);
  return {
    warehouse: inAccount("WH_TRANSFORMING_DYNAMIC_TABLES"),
    rawDatabase: inAccount("RAW"),
    rawSchema: "LOANS",
    loansTable: "PERSONAL_LOANS",
    analyticsDatabase: inAccount(environment === "prd" ? "BALBOA" : "BALBOA_DEV"),
    analyticsSchema,
    stagingSchema: layer("L1_LOANS"),
    stagingTable: "STG_PERSONAL_LOANS",
    failuresSchema: layer("L1_OBSERVE"),
    failuresView: "STG_TEST_FAILURES",
    loansByStateSchema: layer("L3_LOAN_ANALYTICS"),
    stream: "DYNAMIC_TABLE_STREAM",
    errorsTable: "ERRORS_TABLE",
    captureTask: options.serverless ? "CAPTURE_ERRORS_SERVERLESS_TASK" : "CAPTURE_ERRORS_TASK",
    errorAlert: options.alertSchedule && !options.serverless ? "ERROR_ALERT_ON_SCHEDULE" : "ERROR_ALERT",
    loaderRole: inAccount("LOADER"),
    transformerRole: inAccount("TRANSFORMER_DBT"),
    analystRole: inAccount("ANALYST"),
    emailIntegration: inAccount("SEND_EMAIL_NOTIFICATIONS"),
    recipientUser: inAccount("RECIPIENT"),
  };
}

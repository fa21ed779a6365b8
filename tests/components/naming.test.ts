import * as fc from "fast-check";
import { attendeeProblem, workshopNames, type WorkshopNames } from "../../components/naming";

/** Names that the whole account sees. */
const inAccount = (names: WorkshopNames): string[] => [
  names.warehouse,
  names.rawDatabase,
  names.analyticsDatabase,
  names.loaderRole,
  names.transformerRole,
  names.analystRole,
  names.emailIntegration,
  names.recipientUser,
];

/** Names within a schema: the same for everybody. */
const OBJECTS = {
  stagingTable: "STG_PERSONAL_LOANS",
  failuresView: "STG_TEST_FAILURES",
  stream: "DYNAMIC_TABLE_STREAM",
  errorsTable: "ERRORS_TABLE",
  captureTask: "CAPTURE_ERRORS_TASK",
  errorAlert: "ERROR_ALERT",
};

const attendees = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,19}$/).filter((name) => !attendeeProblem(name));
const environments = fc.constantFrom("dev" as const, "prd" as const);

describe("names", () => {
  test("without an attendee are the workshop's own", () => {
    expect(workshopNames({ environment: "dev" })).toEqual({
      warehouse: "WH_TRANSFORMING_DYNAMIC_TABLES",
      rawDatabase: "RAW",
      rawSchema: "LOANS",
      loansTable: "PERSONAL_LOANS",
      analyticsDatabase: "BALBOA_DEV",
      analyticsSchema: "WORKSHOP",
      stagingSchema: "WORKSHOP",
      failuresSchema: "WORKSHOP",
      loansByStateSchema: "WORKSHOP",
      ...OBJECTS,
      loaderRole: "LOADER",
      transformerRole: "TRANSFORMER_DBT",
      analystRole: "ANALYST",
      emailIntegration: "SEND_EMAIL_NOTIFICATIONS",
      recipientUser: "RECIPIENT",
    });
  });

  test("with an attendee bear the attendee's name in upper case", () => {
    expect(workshopNames({ attendee: "alice", environment: "prd" })).toEqual({
      warehouse: "ALICE_WH_TRANSFORMING_DYNAMIC_TABLES",
      rawDatabase: "ALICE_RAW",
      rawSchema: "LOANS",
      loansTable: "PERSONAL_LOANS",
      analyticsDatabase: "ALICE_BALBOA",
      analyticsSchema: "ALICE",
      stagingSchema: "L1_LOANS",
      failuresSchema: "L1_OBSERVE",
      loansByStateSchema: "L3_LOAN_ANALYTICS",
      ...OBJECTS,
      loaderRole: "ALICE_LOADER",
      transformerRole: "ALICE_TRANSFORMER_DBT",
      analystRole: "ALICE_ANALYST",
      emailIntegration: "ALICE_SEND_EMAIL_NOTIFICATIONS",
      recipientUser: "ALICE_RECIPIENT",
    });
  });

  test("of task and alert differ between the forms that are declared by different resources", () => {
    const name = (serverless: boolean, alertSchedule?: object): string[] => {
      const { captureTask, errorAlert } = workshopNames({ environment: "dev", serverless, alertSchedule });
      return [captureTask, errorAlert];
    };
    expect(name(false)).toEqual(["CAPTURE_ERRORS_TASK", "ERROR_ALERT"]);
    expect(name(true)).toEqual(["CAPTURE_ERRORS_SERVERLESS_TASK", "ERROR_ALERT"]);
    expect(name(false, { minutes: 5 })).toEqual(["CAPTURE_ERRORS_TASK", "ERROR_ALERT_ON_SCHEDULE"]);
    expect(name(true, { minutes: 5 })).toEqual(["CAPTURE_ERRORS_SERVERLESS_TASK", "ERROR_ALERT"]);
  });

  test("of two attendees, or of one and nobody, never meet", () => {
    fc.assert(
      fc.property(fc.option(attendees, { nil: undefined }), attendees, environments, environments, (a, b, c, d) => {
        fc.pre(a?.toUpperCase() !== b.toUpperCase());
        const theirs = new Set(inAccount(workshopNames({ attendee: b, environment: d })));
        expect(inAccount(workshopNames({ attendee: a, environment: c })).filter((name) => theirs.has(name))).toEqual(
          [],
        );
      }),
    );
  });

  test("can be written without quotes and are short enough for Snowflake", () => {
    fc.assert(
      fc.property(attendees, environments, (attendee, environment) => {
        for (const name of Object.values(workshopNames({ attendee, environment }))) {
          expect(name).toMatch(/^[A-Z][A-Z0-9_]{0,254}$/);
        }
      }),
    );
  });
});

describe("an attendee's name", () => {
  test.each(["a", "Alice", "bob_2", "A2345678901234567890"])("may be '%s'", (name) => {
    expect(attendeeProblem(name)).toBeUndefined();
  });

  test.each(["", "2bob", "_bob", "bob smith", "bob-smith", "Zoë", "A23456789012345678901", "a\n", 'a"; DROP'])(
    "may not be %j",
    (name) => {
      expect(attendeeProblem(name)).toMatch(/^must start with a letter/);
      expect(() => workshopNames({ attendee: name, environment: "dev" })).toThrow(/must start with a letter/);
    },
  );

  test.each(["public", "Information_Schema", "select", "TABLE"])(
    "may not be '%s', which cannot name a schema",
    (name) => {
      expect(attendeeProblem(name)).toMatch(/keeps for itself/);
    },
  );
});

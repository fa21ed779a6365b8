import * as fc from "fast-check";
import { alertScheduleFrom } from "../../components/alertSchedule";
import {
  CONFIG_KEYS,
  ConfigError,
  readConfig,
  refuseUnknownKeys,
  type ConfigKey,
  type WorkshopConfig,
} from "../../components/config";

function read(
  settings: Partial<Record<ConfigKey, string>> = {},
  context: { stack?: string; env?: Record<string, string> } = {},
): WorkshopConfig {
  return readConfig((key) => settings[key], { stack: context.stack ?? "local", env: context.env ?? {} });
}

describe("settings", () => {
  test("have defaults for the local target", () => {
    expect(read()).toEqual({
      target: "local",
      attendee: undefined,
      environment: "dev",
      source: "sample",
      states: ["CA"],
      dynamicTableLag: "1 minute",
      stagingRefreshMode: "incremental",
      accessRoles: true,
      parentRole: "SYSADMIN",
      user: undefined,
      monitoring: true,
      recipients: ["attendee@example.com"],
      alertSchedule: undefined,
      serverless: false,
      dbtCommand: "sh dbt/run",
      loaderCommand: expect.stringContaining('node "${WORKSHOP_LOADER:-.workshop/build/loader.cjs}"'),
    });
  });

  test.each([
    ["local", "local", undefined],
    ["local-alice", "local", "alice"],
    ["dev", "account", undefined],
    ["dev-bob", "account", "bob"],
    ["localhost", "account", undefined],
    ["production", "account", undefined],
  ])("of the stack '%s' default to target %s and attendee %s", (stack, target, attendee) => {
    expect(read({}, { stack })).toMatchObject({ target, attendee });
  });

  test("that are given come before the stack's name", () => {
    expect(read({ target: "account", attendee: "carol" }, { stack: "local-alice" })).toMatchObject({
      target: "account",
      attendee: "carol",
      source: "public",
    });
  });

  test("take the user from SNOWFLAKE_USER unless one is given", () => {
    const env = { SNOWFLAKE_USER: "ADMIN" };
    expect(read({}, { env }).user).toBe("ADMIN");
    expect(read({ user: "OTHER" }, { env }).user).toBe("OTHER");
  });

  test("know states in any order and case, each once, and all", () => {
    expect(read({ states: " ny,CA, ny" }).states).toEqual(["CA", "NY"]);
    expect(read({ states: "all" }).states).toEqual([]);
  });

  test.each([
    ["60 seconds", "60 seconds"],
    ["1  Minute", "1 minute"],
    ["2 hours", "2 hours"],
    ["30 days", "30 days"],
  ])("accept the lag '%s'", (dynamicTableLag, lag) => {
    expect(read({ dynamicTableLag }).dynamicTableLag).toBe(lag);
  });

  test("know whom mail goes to: on the local target by default the attendee, each once", () => {
    expect(read({}, { stack: "local-Alice" }).recipients).toEqual(["alice@example.com"]);
    expect(read({}, { stack: "dev" }).recipients).toEqual([]);
    expect(read({ recipients: "Ada@example.com, b_o-b+x@a.b.org,ada@EXAMPLE.com" }).recipients).toEqual([
      "Ada@example.com",
      "b_o-b+x@a.b.org",
    ]);
  });

  test.each([
    ["1 minute", { minutes: 1 }],
    ["11520  Minutes", { minutes: 11_520 }],
    ["USING CRON 0 8 * * MON-FRI America/Los_Angeles", { cron: "0 8 * * MON-FRI", timeZone: "America/Los_Angeles" }],
    ["using cron */5 0,12 L * 5L UTC", { cron: "*/5 0,12 L * 5L", timeZone: "UTC" }],
  ])("accept the alert's schedule '%s'", (alertSchedule, schedule) => {
    expect(read({ alertSchedule }).alertSchedule).toEqual(schedule);
  });

  test.each<[ConfigKey, string, string]>([
    ["target", "cloud", "workshop:target 'cloud' must be local or account"],
    ["environment", "prod", "workshop:environment 'prod' must be dev or prd"],
    ["accessRoles", "yes", "workshop:accessRoles 'yes' must be true or false"],
    [
      "states",
      "California",
      "workshop:states 'California' must be two-letter codes with commas between them, as CA,NY, or all",
    ],
    ["states", "CA,", "workshop:states 'CA,' must be two-letter codes with commas between them, as CA,NY, or all"],
    [
      "dynamicTableLag",
      "59 seconds",
      "workshop:dynamicTableLag '59 seconds' is too short: Snowflake allows 60 seconds at least",
    ],
    [
      "dynamicTableLag",
      "DOWNSTREAM",
      "workshop:dynamicTableLag 'DOWNSTREAM' must be a time such as '1 minute' or '2 hours'",
    ],
    [
      "stagingRefreshMode",
      "full",
      "workshop:stagingRefreshMode 'full' leaves no changes for the stream to follow: set workshop:monitoring to false",
    ],
    ["dynamicTableLag", "0 days", "workshop:dynamicTableLag '0 days' must be a time such as '1 minute' or '2 hours'"],
    ["monitoring", "on", "workshop:monitoring 'on' must be true or false"],
    ["serverless", "1", "workshop:serverless '1' must be true or false"],
    ...["ada", "ada@localhost", "a@b.c,", "o'neill@example.com", "Ada <ada@example.com>", "a@b.c;d@e.f"].map(
      (text): [ConfigKey, string, string] => [
        "recipients",
        text,
        `workshop:recipients '${text}' must be e-mail addresses with commas between them, as ada@example.com,bob@example.com`,
      ],
    ),
    [
      "alertSchedule",
      "11521 minutes",
      "workshop:alertSchedule '11521 minutes' is too long: Snowflake allows 11520 minutes",
    ],
    ...["0 minutes", "1 hour", "0 8 * * * UTC", "USING CRON 0 8 * * UTC", "USING CRON 0 8 * * * UTC'"].map(
      (text): [ConfigKey, string, string] => [
        "alertSchedule",
        text,
        `workshop:alertSchedule '${text}' must be a time such as '5 minutes', or 'USING CRON 0 8 * * * UTC'`,
      ],
    ),
    ["parentRole", "a b", "workshop:parentRole 'a b' is not the name of a role"],
    [
      "attendee",
      "2bob",
      "workshop:attendee '2bob' must start with a letter and have letters, digits and underscores only, at most 20 characters",
    ],
  ])("refuse %s '%s' in one line", (key, text, message) => {
    expect(() => read({ [key]: text })).toThrow(new ConfigError(message));
  });

  test("refuse more recipients than an integration may have", () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}@b.c`).join();
    expect(read({ recipients: many(50) }).recipients).toHaveLength(50);
    expect(() => read({ recipients: many(51) })).toThrow("has 51 addresses: Snowflake allows 50");
  });

  test("refuse an attendee whom the stack's name gives", () => {
    expect(() => read({}, { stack: "dev-eu-west" })).toThrow("workshop:attendee 'eu-west' must start with a letter");
  });

  test("whatever they are, are read or refused in one line that names a key", () => {
    const key = fc.constantFrom<ConfigKey>(
      "target",
      "attendee",
      "environment",
      "states",
      "dynamicTableLag",
      "accessRoles",
      "recipients",
      "alertSchedule",
    );
    fc.assert(
      fc.property(key, fc.string({ unit: fc.constantFrom(..."aZ9_ -,'\"$%é") }), (name, text) => {
        try {
          read({ [name]: text });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as Error).message).toMatch(new RegExp(`^workshop:${name} '[^\\n]+$`));
        }
      }),
    );
  });
});

describe("settings that nothing reads", () => {
  test.each([
    ["workshop:sates", "workshop:sates is no setting: workshop:states is meant?"],
    ["workshop:dynamictablelag", "workshop:dynamictablelag is no setting: workshop:dynamicTableLag is meant?"],
    ["workshop:recipient", "workshop:recipient is no setting: workshop:recipients is meant?"],
    ["workshop:x", /^workshop:x is no setting: there are target, attendee, /],
  ])("%s", (key, message) => {
    expect(() => refuseUnknownKeys([key])).toThrow(message);
  });
  test("of others are their concern, and all known ones are read", () => {
    refuseUnknownKeys(["snowflake:user", ...CONFIG_KEYS.map((key) => `workshop:${key}`)]);
    const asked: string[] = [];
    readConfig((key) => (asked.push(key), undefined), { stack: "local", env: {} });
    expect(new Set(asked)).toEqual(new Set(CONFIG_KEYS));
  });
});

test.each([
  ["states", "CA,ZZ", /has ZZ, which is no state of the data/],
  ["dynamicTableLag", "9999 days", /is longer than a year/],
  ["source", "none.csv", /'none\.csv' is no file: give a path from the checkout, a URL, public or sample/],
  ["alertSchedule", "USING CRON 61 8 * * * UTC", /has '61' for the minute, which must be of 0 to 59/],
  ["alertSchedule", "USING CRON 0 8 30 FEB * UTC", /never comes: no such month has such a day/],
  ["alertSchedule", "USING CRON 0 8 * 13 * UTC", /has '13' for the month/],
  ["alertSchedule", "USING CRON 0 8 * * FOO UTC", /has 'FOO' for the day of the week/],
  ["alertSchedule", "USING CRON 0 8 * * * Mars/Olympus", /has 'Mars\/Olympus', which is no time zone/],
] as const)("%s %s is refused before anything is made", (key, text, message) => {
  const read = (): unknown =>
    readConfig((k) => (k === key ? text : undefined), { stack: "local", env: {}, isFile: () => false });
  expect(read).toThrow(message);
});

test.each(["0 8 * * MON-FRI", "*/5 0-6/2 1,15 JAN,JUL *", "0 0 L * *", "0 0 31 2 MON", "30 23 29 2 *"])(
  "the schedule %s can be used",
  (cron) => {
    expect(alertScheduleFrom(`USING CRON ${cron} America/Los_Angeles`)).toEqual({
      cron,
      timeZone: "America/Los_Angeles",
    });
  },
);

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workshop } from "../../components/workshop";
import { record, type Declared, type Recording } from "./recorder";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "workshop-"));
  mkdirSync(join(root, "dbt/models"), { recursive: true });
  mkdirSync(join(root, "loader"));
  writeFileSync(join(root, "dbt/dbt_project.yml"), "name: balboa\n");
  writeFileSync(join(root, "dbt/models/one.sql"), "select 1\n");
  writeFileSync(join(root, "loader/main.ts"), "load();\n");
});

afterAll(() => rmSync(root, { recursive: true }));

const declare = (
  stack: string,
  config: Record<string, string> = {},
  env: Record<string, string> = { SNOWFLAKE_USER: "ADMIN" },
): Promise<Recording> => record(() => workshop({ root, env }), stack, config);

const named = ({ resources }: Recording, name: string): Declared => {
  const found = resources.filter((resource) => resource.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
};

const leaves = ({ resources }: Recording): string[] =>
  resources.filter(({ type }) => !type.startsWith("workshop:")).map(({ name }) => name);

/** What a role is granted, as statements would say it. */
const grantsOf = ({ resources }: Recording, role: string): string[] =>
  resources
    .filter(
      ({ type, name, inputs }) =>
        type.includes("GrantPrivileges") && !name.endsWith("-there") && inputs.accountRoleName === role,
    )
    .map(({ inputs: { privileges, onAccount, onAccountObject, onSchema, onSchemaObject } }) => {
      const on = onAccount ? "ACCOUNT" : JSON.stringify(onAccountObject ?? onSchema ?? onSchemaObject);
      return `${(privileges as string[]).join(", ")} ON ${on.replace(/[{}"\\]/g, "")}`;
    })
    .sort();

const LOADER_GRANTS = ["access-loader-raw-database", "access-loader-raw-schema", "access-loader-warehouse"];
const TRANSFORMER_GRANTS = [
  "access-transformer-account",
  "access-transformer-analytics-database",
  "access-transformer-analytics-schema",
  "access-transformer-owns-alerts",
  "access-transformer-owns-streams",
  "access-transformer-owns-tables",
  "access-transformer-owns-tasks",
  "access-transformer-raw-database",
  "access-transformer-raw-schema",
  "access-transformer-reads-raw",
  "access-transformer-warehouse",
];
const ANALYST_GRANTS = [
  "access-analyst-analytics-database",
  "access-analyst-analytics-schema",
  "access-analyst-reads-dynamic-tables",
  "access-analyst-reads-tables",
  "access-analyst-reads-views",
  "access-analyst-warehouse",
];
const ROLE_GRANTS = ["loader", "transformer", "analyst"].flatMap((role) => [
  `access-${role}`,
  `access-${role}-to-parent`,
  `access-${role}-to-user`,
]);
const THERE = [
  "access-analyst-reads-dynamic-tables-there",
  "access-analyst-reads-tables-there",
  "access-analyst-reads-views-there",
  "access-transformer-reads-raw-there",
];
const TAKEN_OVER = [
  "access-loader-takes-over-tables",
  "access-transformer-takes-over-dynamic-tables",
  "access-transformer-takes-over-tables",
  "access-transformer-takes-over-views",
];
const MONITORING = [
  "error-alert-alert-execute",
  "error-alert-alert-resumed-execute",
  "failures-errors-table-execute",
  "failures-stream-execute",
  "failures-task",
  "mail-integration",
  "mail-recipient-1-execute",
];
const CORE = [
  "analytics-database",
  "analytics-schema",
  "change-tracking-execute",
  "dbt-build",
  "loans-load",
  "raw-database",
  "raw-schema",
  "snowflake",
  "warehouse-warehouse",
];

describe("the stack without an attendee", () => {
  let stack: Recording;
  beforeAll(async () => {
    stack = await declare("local");
  });

  test("declares exactly these resources", () => {
    expect(leaves(stack).sort()).toEqual(
      [
        ...CORE,
        ...LOADER_GRANTS,
        ...TRANSFORMER_GRANTS,
        ...ANALYST_GRANTS,
        ...ROLE_GRANTS,
        ...TAKEN_OVER,
        ...THERE,
        ...MONITORING,
        "mail-usage",
      ].sort(),
    );
  });

  test("groups them in components", () => {
    const components = stack.resources.filter(({ type, parent }) => type.startsWith("workshop:") && !parent);
    expect(components.map(({ type }) => type).sort()).toEqual(
      [
        "Warehouse",
        "RawDatabase",
        "AnalyticsDatabase",
        "AccessRoles",
        "LoansLoader",
        "ChangeTracking",
        "DbtBuild",
        "FailureCapture",
        "EmailNotifications",
        "ErrorAlert",
      ]
        .map((component) => `workshop:index:${component}`)
        .sort(),
    );
    expect(leaves(stack).filter((name) => name !== "snowflake" && !named(stack, name).parent)).toEqual([]);
  });

  test("keeps the connection out of every input", async () => {
    const secret = await declare(
      "local",
      {},
      {
        SNOWFLAKE_USER: "ADMIN",
        SNOWFLAKE_PASSWORD: "hush-hush",
        SNOWFLAKE_PORT: "48437",
        SNOWFLAKE_HOST: "127.0.0.1",
      },
    );
    expect(JSON.stringify(secret.resources)).not.toMatch(/hush-hush|48437|127\.0\.0\.1/);
    expect(JSON.stringify(secret.outputs)).not.toContain("hush-hush");
  });

  test("has the smallest warehouse, asleep after a minute and at first", () => {
    expect(named(stack, "warehouse-warehouse").inputs).toEqual({
      name: "WH_TRANSFORMING_DYNAMIC_TABLES",
      warehouseSize: "XSMALL",
      autoSuspend: 60,
      autoResume: "true",
      initiallySuspended: true,
      comment: expect.any(String),
    });
  });

  test("has the two databases with their schemas", () => {
    const inputs = (name: string): unknown => named(stack, name).inputs;
    const comment = expect.any(String) as unknown;
    expect(inputs("raw-database")).toEqual({ name: "RAW", comment });
    expect(inputs("raw-schema")).toEqual({ database: "RAW", name: "LOANS", comment });
    expect(inputs("analytics-database")).toEqual({ name: "BALBOA_DEV", comment });
    expect(inputs("analytics-schema")).toEqual({ database: "BALBOA_DEV", name: "WORKSHOP", comment });
  });

  test("gives the transformer what is made later in the attendee's schema", () => {
    for (const kind of ["TABLES", "STREAMS", "TASKS", "ALERTS"]) {
      expect(named(stack, `access-transformer-owns-${kind.toLowerCase()}`)).toMatchObject({
        type: "snowflake:index/grantOwnership:GrantOwnership",
        inputs: {
          accountRoleName: "TRANSFORMER_DBT",
          on: { future: { objectTypePlural: kind, inSchema: '"BALBOA_DEV"."WORKSHOP"' } },
        },
      });
    }
  });

  test("grants each role the least it needs", () => {
    expect(grantsOf(stack, "LOADER")).toEqual([
      "CREATE STAGE, CREATE TABLE, USAGE ON schemaName:RAW.LOANS",
      "USAGE ON objectName:RAW,objectType:DATABASE",
      "USAGE ON objectName:WH_TRANSFORMING_DYNAMIC_TABLES,objectType:WAREHOUSE",
    ]);
    expect(grantsOf(stack, "TRANSFORMER_DBT")).toEqual([
      "CREATE ALERT, CREATE DYNAMIC TABLE, CREATE STREAM, CREATE TABLE, CREATE TASK, CREATE VIEW, USAGE ON schemaName:BALBOA_DEV.WORKSHOP",
      "EXECUTE ALERT, EXECUTE MANAGED ALERT, EXECUTE MANAGED TASK, EXECUTE TASK ON ACCOUNT",
      "SELECT ON future:inSchema:RAW.LOANS,objectTypePlural:TABLES",
      "USAGE ON objectName:BALBOA_DEV,objectType:DATABASE",
      "USAGE ON objectName:RAW,objectType:DATABASE",
      "USAGE ON objectName:SEND_EMAIL_NOTIFICATIONS,objectType:INTEGRATION",
      "USAGE ON objectName:WH_TRANSFORMING_DYNAMIC_TABLES,objectType:WAREHOUSE",
      "USAGE ON schemaName:RAW.LOANS",
    ]);
    expect(grantsOf(stack, "ANALYST")).toEqual([
      "MONITOR, SELECT ON future:inSchema:BALBOA_DEV.WORKSHOP,objectTypePlural:DYNAMIC TABLES",
      "SELECT ON future:inSchema:BALBOA_DEV.WORKSHOP,objectTypePlural:TABLES",
      "SELECT ON future:inSchema:BALBOA_DEV.WORKSHOP,objectTypePlural:VIEWS",
      "USAGE ON objectName:BALBOA_DEV,objectType:DATABASE",
      "USAGE ON objectName:WH_TRANSFORMING_DYNAMIC_TABLES,objectType:WAREHOUSE",
      "USAGE ON schemaName:BALBOA_DEV.WORKSHOP",
    ]);
  });

  test("gives the roles to SYSADMIN and to the user, and takes the grants away with the role", () => {
    for (const [role, name] of Object.entries({
      loader: "LOADER",
      transformer: "TRANSFORMER_DBT",
      analyst: "ANALYST",
    })) {
      expect(named(stack, `access-${role}`).inputs).toEqual({ name, comment: expect.any(String) });
      expect(named(stack, `access-${role}-to-parent`).inputs).toEqual({ roleName: name, parentRoleName: "SYSADMIN" });
      expect(named(stack, `access-${role}-to-user`).inputs).toEqual({ roleName: name, userName: "ADMIN" });
    }
    const grants = stack.resources.filter(
      ({ type, name }) => type.startsWith("snowflake:index/grant") && name.startsWith("access-"),
    );
    expect(grants).toHaveLength(34);
    for (const { name, deletedWith } of grants) expect(name).toContain(`${deletedWith}-`);
  });

  test("loads California's sample as LOADER, after every grant", () => {
    const load = named(stack, "loans-load");
    expect(load.inputs).toEqual({
      create: expect.stringMatching(
        /^cd "\$\{WORKSHOP_ROOT:-\.\}" && .* --source sample --states CA --database RAW --schema LOANS --table PERSONAL_LOANS$/,
      ),
      interpreter: ["/bin/sh", "-c"],
      environment: {
        SNOWFLAKE_ROLE: "LOADER",
        SNOWFLAKE_WAREHOUSE: "WH_TRANSFORMING_DYNAMIC_TABLES",
        WORKSHOP_CONTENT: expect.stringMatching(/^[0-9a-f]{16}$/),
        WORKSHOP_SCHEMA_INCARNATION: "raw-schema made",
        WORKSHOP_REPAIR: "0",
      },
      addPreviousOutputInEnv: false,
    });
    expect(load.after).toEqual(
      expect.arrayContaining([...TRANSFORMER_GRANTS, ...LOADER_GRANTS, "raw-schema", "warehouse-warehouse"]),
    );
  });

  test("switches change tracking on after the load, and reverts before it does so again", () => {
    const execute = named(stack, "change-tracking-execute");
    expect(execute.inputs).toEqual({
      execute: 'ALTER TABLE "RAW"."LOANS"."PERSONAL_LOANS" SET CHANGE_TRACKING = TRUE',
      revert: 'ALTER TABLE IF EXISTS "RAW"."LOANS"."PERSONAL_LOANS" SET CHANGE_TRACKING = FALSE',
      query:
        `SHOW TABLES LIKE 'PERSONAL_LOANS' IN ACCOUNT ->> ` +
        `SELECT TO_VARCHAR("name") AS "name", TO_VARCHAR("change_tracking") AS "change_tracking" FROM $1 ` +
        `WHERE "name" = 'PERSONAL_LOANS' AND "database_name" = 'RAW' AND "schema_name" = 'LOANS'`,
    });
    expect(execute.after).toContain("loans-load");
    expect(execute).toMatchObject({
      deleteBeforeReplace: true,
      replacementTrigger: ["raw-schema made", 0],
      deletedWith: "raw-schema",
    });
  });

  test("builds dbt as TRANSFORMER_DBT after all else but the monitoring", () => {
    const build = named(stack, "dbt-build");
    expect(build.inputs).toEqual({
      create:
        `cd "\${WORKSHOP_ROOT:-.}" && sh dbt/run --no-use-colors build --project-dir dbt ` +
        `--profiles-dir dbt --vars '{"persist_tests": "true", "refresh_first": "true"}'`,
      interpreter: ["/bin/sh", "-c"],
      environment: {
        SNOWFLAKE_ROLE: "TRANSFORMER_DBT",
        SNOWFLAKE_WAREHOUSE: "WH_TRANSFORMING_DYNAMIC_TABLES",
        DBT_DATABASE: "BALBOA_DEV",
        DBT_SCHEMA: "WORKSHOP",
        DBT_TARGET: "dev",
        DBT_TARGET_PATH: "../.workshop/dbt/BALBOA_DEV/target",
        DBT_LOG_PATH: ".workshop/dbt/BALBOA_DEV/logs",
        DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
        WORKSHOP_RAW_DATABASE: "RAW",
        WORKSHOP_WAREHOUSE: "WH_TRANSFORMING_DYNAMIC_TABLES",
        WORKSHOP_ANALYST_ROLE: "ANALYST",
        WORKSHOP_TARGET_LAG: "1 minute",
        WORKSHOP_STAGING_REFRESH_MODE: "INCREMENTAL",
        WORKSHOP_CONTENT: expect.stringMatching(/^dbt_project\.yml [0-9a-f]{16}\nmodels\/one\.sql [0-9a-f]{16}$/),
        WORKSHOP_LOAD: expect.stringMatching(/^[0-9a-f]{16}$/),
        WORKSHOP_SCHEMA_INCARNATION: "analytics-schema made",
        WORKSHOP_REPAIR: "0",
      },
      addPreviousOutputInEnv: false,
    });
    const later = ["dbt-build", "snowflake", "mail-usage", ...MONITORING];
    const others = leaves(stack).filter((name) => !later.includes(name));
    expect(build.after).toEqual(others.sort());
  });

  test("tells how to connect and what to look at", () => {
    expect(stack.outputs).toMatchObject({
      target: "local",
      attendee: "",
      environment: "dev",
      names: { warehouse: "WH_TRANSFORMING_DYNAMIC_TABLES", rawDatabase: "RAW", analyticsSchema: "WORKSHOP" },
      dbt: { projectDir: "dbt", profilesDir: "dbt", environment: { DBT_SCHEMA: "WORKSHOP" } },
      dashboard: "http://127.0.0.1:8440/",
      firstLook: expect.arrayContaining(["SELECT * FROM BALBOA_DEV.WORKSHOP.LOANS_BY_STATE__DYNAMIC"]),
    });
  });
});

describe("the stack of an attendee", () => {
  test("has the same resources, and the attendee's prefix on every name that the account sees", async () => {
    const [alice, nobody] = [await declare("local-alice"), await declare("local")];
    expect(leaves(alice).sort()).toEqual(leaves(nobody).sort());
    const names = ["warehouse-warehouse", "raw-database", "analytics-database"].map(
      (name) => named(alice, name).inputs.name,
    );
    const roles = ["loader", "transformer", "analyst"].map((role) => named(alice, `access-${role}`).inputs.name);
    names.push(named(alice, "mail-integration").inputs.name);
    for (const name of [...names, ...roles]) expect(name).toMatch(/^ALICE_/);
    expect(named(alice, "analytics-schema").inputs.name).toBe("ALICE");
    expect(named(alice, "dbt-build").inputs.environment).toMatchObject({
      SNOWFLAKE_ROLE: "ALICE_TRANSFORMER_DBT",
      DBT_DATABASE: "ALICE_BALBOA_DEV",
      DBT_SCHEMA: "ALICE",
      WORKSHOP_RAW_DATABASE: "ALICE_RAW",
    });
  });
});

describe("the stack for production", () => {
  test("builds into BALBOA, where dbt makes the schemas and the analyst reads them all", async () => {
    const stack = await declare("prd", { "workshop:environment": "prd", "workshop:recipients": "ada@example.com" });
    expect(named(stack, "analytics-database").inputs.name).toBe("BALBOA");
    expect(named(stack, "dbt-build").inputs.environment).toMatchObject({ DBT_TARGET: "prd", DBT_DATABASE: "BALBOA" });
    expect(grantsOf(stack, "TRANSFORMER_DBT")).toContain(
      "CREATE SCHEMA, USAGE ON objectName:BALBOA,objectType:DATABASE",
    );
    expect(grantsOf(stack, "ANALYST")).toEqual([
      "MONITOR, SELECT ON future:inDatabase:BALBOA,objectTypePlural:DYNAMIC TABLES",
      "SELECT ON future:inDatabase:BALBOA,objectTypePlural:TABLES",
      "SELECT ON future:inDatabase:BALBOA,objectTypePlural:VIEWS",
      "USAGE ON futureSchemasInDatabase:BALBOA",
      "USAGE ON objectName:BALBOA,objectType:DATABASE",
      "USAGE ON objectName:WH_TRANSFORMING_DYNAMIC_TABLES,objectType:WAREHOUSE",
      "USAGE ON schemaName:BALBOA.WORKSHOP",
    ]);
    expect(named(stack, "loans-load").inputs.create).toContain("--source public");
    expect(stack.outputs.firstLook).toContain("SELECT * FROM BALBOA.L3_LOAN_ANALYTICS.LOANS_BY_STATE__DYNAMIC");
  });
});

describe("the stack without roles of its own", () => {
  test("has no role and no grant, and works as the connecting role", async () => {
    const stack = await declare("local", { "workshop:accessRoles": "false" });
    expect(leaves(stack).sort()).toEqual([...CORE, ...MONITORING].sort());
    expect(named(stack, "loans-load").inputs.environment).not.toHaveProperty("SNOWFLAKE_ROLE");
    const { create, environment } = named(stack, "dbt-build").inputs;
    expect(environment).not.toHaveProperty("SNOWFLAKE_ROLE");
    expect(environment).toMatchObject({ WORKSHOP_ANALYST_ROLE: "" });
    expect(create).toContain('SNOWFLAKE_ROLE="${SNOWFLAKE_ROLE-}" sh dbt/run');
  });

  test("or without a known user grants roles to the parent role alone", async () => {
    const stack = await declare("local", { "workshop:parentRole": "deployer" }, {});
    expect(leaves(stack).filter((name) => name.endsWith("-to-user"))).toEqual([]);
    expect(named(stack, "access-loader-to-parent").inputs.parentRoleName).toBe("DEPLOYER");
  });
});

describe("what runs again", () => {
  const commands = (stack: Recording): unknown[] =>
    ["loans-load", "dbt-build"].map((name) => named(stack, name).inputs);

  test("nothing where nothing changed", async () => {
    const [first, second] = [await declare("local"), await declare("local")];
    expect(JSON.stringify(second.resources)).toBe(JSON.stringify(first.resources));
  });

  test("dbt alone after an edit in a model", async () => {
    const before = await declare("local");
    writeFileSync(join(root, "dbt/models/one.sql"), "select 2\n");
    const after = await declare("local");
    const earlier = new Set(before.resources.map(({ type, name, inputs }) => JSON.stringify([type, name, inputs])));
    const changed = after.resources.filter(
      ({ type, name, inputs }) => !earlier.has(JSON.stringify([type, name, inputs])),
    );
    expect(changed.map(({ name }) => name)).toEqual(["dbt", "dbt-build"]);
  });

  test("not dbt where it wrote something itself or its README changed", async () => {
    const before = await declare("local");
    mkdirSync(join(root, "dbt/target"));
    writeFileSync(join(root, "dbt/target/manifest.json"), "{}");
    writeFileSync(join(root, "dbt/README.md"), "# balboa\n");
    expect(commands(await declare("local"))).toEqual(commands(before));
  });

  test.each<[string, Record<string, string>]>([
    ["other states", { "workshop:states": "CA,NY" }],
    ["another source", { "workshop:source": "loans with space.csv" }],
  ])("the load and dbt after %s", async (_, config) => {
    writeFileSync(join(root, "loans with space.csv"), "a\n");
    const [before, after] = [commands(await declare("local")), commands(await declare("local", config))];
    expect(after[0]).not.toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
  });

  test("the load and dbt after a new content of the source file, whose path is one word of the command", async () => {
    const config = { "workshop:source": "loans with space.csv" };
    writeFileSync(join(root, "loans with space.csv"), "a\n");
    const before = commands(await declare("local", config));
    writeFileSync(join(root, "loans with space.csv"), "b\n");
    const after = commands(await declare("local", config));
    expect(after[0]).not.toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
    expect((after[0] as { create: string }).create).toContain("--source 'loans with space.csv' ");
  });

  test("dbt alone after another lag", async () => {
    const [before, after] = [
      commands(await declare("local")),
      commands(await declare("local", { "workshop:dynamicTableLag": "5 minutes" })),
    ];
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toMatchObject({ environment: { WORKSHOP_TARGET_LAG: "5 minutes" } });
  });
});

test("nothing watches where config says so", async () => {
  const stack = await declare("local", { "workshop:monitoring": "false" });
  expect(leaves(stack).filter((name) => /^(failures|mail|error-alert)-/.test(name))).toEqual([]);
});

test("a setting that cannot be used stops the program before anything is declared", async () => {
  await expect(declare("local", { "workshop:states": "California" })).rejects.toThrow(
    /^workshop:states 'California' must be/,
  );
});

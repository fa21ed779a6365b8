/**
 * The real Pulumi engine with the real Snowflake provider against a snowglobe: what is made stays as it is (a second
 * look finds no difference), a change by hand is found and repaired, and nothing is left behind.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import * as snowflake from "@pulumi/snowflake";
import { ensureEngine } from "../../../plugins/engine";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

const BUILD_MS = 30 * 60_000;
const UP_MS = 300_000;

let folder: string;
let snowglobe: TestSnowglobe;
let client: TestClient;
let stack: Stack;
let comment = "first";

async function program(): Promise<Record<string, unknown>> {
  const provider = new snowflake.Provider("p", {
    ...{ protocol: "http", host: "127.0.0.1", port: snowglobe.port, user: "ADMIN", password: PASSWORD },
    ...{ organizationName: "WORKSHOP", accountName: "SNOWGLOBE", authenticator: "SNOWFLAKE", insecureMode: true },
  });
  const options = { provider };
  const warehouse = new snowflake.Warehouse(
    "warehouse",
    { name: "WH", warehouseSize: "X-SMALL", autoSuspend: 60, initiallySuspended: true, comment },
    options,
  );
  const database = new snowflake.Database("database", { name: "RAW", dataRetentionTimeInDays: 2, comment }, options);
  const schema = new snowflake.Schema(
    "schema",
    { name: "LOANS", database: database.name, withManagedAccess: "true", comment },
    options,
  );
  const plain = new snowflake.Schema("plain", { name: "lower case", database: database.name }, options);
  const role = new snowflake.AccountRole("role", { name: "LOADER", comment }, options);
  const parent = new snowflake.AccountRole("parent", { name: "PARENT" }, options);
  const schemaName = schema.fullyQualifiedName;
  const grants: Record<string, Omit<snowflake.GrantPrivilegesToAccountRoleArgs, "accountRoleName">> = {
    account: { privileges: ["EXECUTE TASK", "EXECUTE MANAGED TASK", "EXECUTE ALERT"], onAccount: true },
    warehouse: {
      privileges: ["USAGE", "OPERATE"],
      onAccountObject: { objectType: "WAREHOUSE", objectName: warehouse.name },
    },
    database: {
      privileges: ["USAGE", "CREATE SCHEMA"],
      onAccountObject: { objectType: "DATABASE", objectName: database.name },
      withGrantOption: true,
    },
    schema: { privileges: ["USAGE", "CREATE TABLE", "CREATE DYNAMIC TABLE"], onSchema: { schemaName } },
    lower: { privileges: ["USAGE"], onSchema: { schemaName: plain.fullyQualifiedName } },
    futureSchemas: { privileges: ["USAGE"], onSchema: { futureSchemasInDatabase: database.name } },
    futureTables: {
      privileges: ["SELECT", "INSERT"],
      onSchemaObject: { future: { objectTypePlural: "TABLES", inSchema: schemaName } },
    },
    futureDynamicTables: {
      privileges: ["SELECT", "MONITOR"],
      onSchemaObject: { future: { objectTypePlural: "DYNAMIC TABLES", inDatabase: database.name } },
    },
    allTables: {
      privileges: ["SELECT"],
      onSchemaObject: { all: { objectTypePlural: "TABLES", inSchema: schemaName } },
    },
  };
  const made = Object.entries(grants).map(
    ([name, args]) =>
      new snowflake.GrantPrivilegesToAccountRole(`grant-${name}`, { accountRoleName: role.name, ...args }, options),
  );
  new snowflake.GrantAccountRole("to-parent", { roleName: role.name, parentRoleName: parent.name }, options);
  new snowflake.GrantAccountRole("to-user", { roleName: role.name, userName: "ADMIN" }, options);
  const execute = new snowflake.Execute(
    "table",
    {
      execute: "CREATE TABLE RAW.LOANS.T (A INT) CHANGE_TRACKING = TRUE",
      revert: "DROP TABLE IF EXISTS RAW.LOANS.T",
      query: `SHOW TABLES LIKE 'T' IN SCHEMA RAW.LOANS ->> SELECT "name", "change_tracking" FROM $1`,
    },
    { provider, dependsOn: [schema, ...made] },
  );
  return { results: execute.queryResults };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "provider-test-"));
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  const engine = await ensureEngine({ env: { ...process.env, WORKSHOP_ENGINE: "built" }, stateDir: folder });
  process.env.PULUMI_HOME = engine.pulumiHome;
  stack = await LocalWorkspace.createStack(
    { projectName: "provider", stackName: "test", program },
    {
      workDir: folder,
      pulumiCommand: await PulumiCommand.get({ root: engine.root }),
      envVars: { ...engine.env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "test" },
    },
  );
}, BUILD_MS);

afterAll(async () => {
  await snowglobe.stop();
  rmSync(folder, { recursive: true, force: true });
}, UP_MS);

/** Resources that a preview with refresh would change, by operation. */
async function differences(): Promise<Record<string, number>> {
  const { changeSummary } = await stack.preview({ refresh: true });
  return Object.fromEntries(Object.entries(changeSummary).filter(([operation]) => operation !== "same")) as never;
}

test(
  "up, no drift, changes, drift by hand, destroy",
  async () => {
    const up = await stack.up();
    expect(up.summary.result).toBe("succeeded");
    expect(up.outputs.results?.value).toEqual([{ name: "T", change_tracking: "ON" }]);
    expect(await client.row("show warehouses")).toMatchObject({ name: "WH", state: "SUSPENDED", auto_suspend: 60 });
    await stack.preview({ refresh: true, expectNoChanges: true });

    comment = "second";
    const second = await stack.up();
    expect(second.summary.resourceChanges).toMatchObject({ update: 4 });
    expect(await client.row("show databases")).toMatchObject({ comment: "second", retention_time: "2" });
    await stack.preview({ refresh: true, expectNoChanges: true });

    await client.run(
      "alter warehouse wh set warehouse_size = 'LARGE'",
      "revoke usage on schema raw.loans from role loader",
      "alter database raw set data_retention_time_in_days = 1",
    );
    expect(await differences()).toEqual({ update: 3 });
    await stack.up({ refresh: true });
    expect(await client.row("show warehouses")).toMatchObject({ size: "X-Small" });
    await stack.preview({ refresh: true, expectNoChanges: true });

    await snowglobe.restart();
    await stack.destroy();
    client = await snowglobe.connect();
    expect(await client.rows("show databases")).toEqual([]);
    expect(await client.rows("show warehouses")).toEqual([]);
    expect(await client.rows("show roles like '%R'")).toEqual([]);
  },
  UP_MS,
);

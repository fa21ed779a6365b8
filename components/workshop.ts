/**
 * The stack: settings and names first, then every component in order of dependence.
 */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AccessRoles } from "./accessRoles";
import { AnalyticsDatabase } from "./analyticsDatabase";
import { baseSettings } from "./baseSettings";
import { ChangeTracking } from "./changeTracking";
import { ConfigError, readConfig, refuseUnknownKeys, type WorkshopConfig } from "./config";
import { connectionBlock } from "./connectionBlock";
import { DASHBOARD_ADDRESS } from "./dashboardAddress";
import { dbtContent, dbtModels, loaderDigest } from "./contentDigests";
import { DbtBuild } from "./dbtBuild";
import { dbtEnvironment } from "./dbtEnvironment";
import { firstLook } from "./firstLook";
import { LoansLoader } from "./loansLoader";
import { declareMonitoring } from "./monitoring";
import { builtObjects, hasDrifted } from "./builtObjects";
import { refuseDamage } from "./damage";
import { REFRESHING } from "./damageWords";
import { showOne } from "./monitoringSql";
import { workshopNames, type WorkshopNames } from "./naming";
import { ownedBy } from "./owner";
import { providerSettings, type ProviderSettings } from "./providerSettings";
import { RawDatabase } from "./rawDatabase";
import { recordedStack } from "./recordedStack";
import { presentRows, Repairs, sameRows, type StateRow } from "./repairs";
import { SnowflakeProvider } from "./snowflakeProvider";
import { Warehouse } from "./warehouse";

/** Where the program runs. */
export interface Surroundings {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Environment variables, for defaults and for the connection that the outputs describe. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Declares an attendee's environment by the stack's settings.
 *
 * The connection is not an input of anything: the provider and the commands read SNOWFLAKE_* from the engine's
 * environment. So neither a secret nor an address stands in the state, and another password is no change of the stack.
 * Where the stack has settings of the provider (`snowflake:role`), these are inputs and go first.
 *
 * @returns the stack's outputs
 * @throws pulumi.RunError with one line when a setting cannot be used
 */
export async function workshop({ root, env }: Surroundings): Promise<Record<string, unknown>> {
  const { config, connection } = settings({ root, env });
  const surroundings = { root, env: { ...env, ...connection.plain } };
  const names = workshopNames(config);
  const provider = new SnowflakeProvider("snowflake", connection.inputs);
  const providers = { providers: { snowflake: provider } };
  const recorded = await recordedStack();
  if (!surroundings.env[REFRESHING]) await refuseDamage(recorded, provider);
  const repairs = new Repairs(recorded.outputs.repairs as Record<string, number> | undefined);
  const content = dbtContent(surroundings.root);
  const owner = config.accessRoles ? names.transformerRole : undefined;
  const models = { database: names.analyticsDatabase, models: dbtModels(content), owner };
  const rawRepairs = repairs.count(LOANS, () => loansHaveDrifted(config, names, provider));
  const built = recorded.outputs.built as readonly StateRow[] | undefined;
  const dbtRepairs = repairs.count(DBT, () =>
    builtObjects("dbt-present", models, { provider }).apply((present) =>
      hasDrifted(built ?? [], present, models.models),
    ),
  );

  const warehouse = new Warehouse("warehouse", { name: names.warehouse }, providers);
  const raw = new RawDatabase("raw", { database: names.rawDatabase, schema: names.rawSchema }, providers);
  const analytics = new AnalyticsDatabase(
    "analytics",
    { database: names.analyticsDatabase, schema: names.analyticsSchema },
    providers,
  );
  const access = config.accessRoles
    ? new AccessRoles(
        "access",
        {
          names: { loader: names.loaderRole, transformer: names.transformerRole, analyst: names.analystRole },
          warehouse: warehouse.name,
          raw: { database: raw.database, schema: raw.schema },
          analytics: { database: analytics.database, schema: analytics.schema },
          environment: config.environment,
          parentRole: config.parentRole,
          user: config.user,
          repairs: { raw: rawRepairs, analytics: dbtRepairs },
        },
        providers,
      )
    : undefined;
  const loader = new LoansLoader(
    "loans",
    {
      command: config.loaderCommand,
      connection: connection.environment,
      database: raw.database,
      schema: raw.schema,
      table: names.loansTable,
      schemaIncarnation: raw.incarnation,
      source: config.source,
      contentDigest: loaderDigest(surroundings.root, config.source),
      states: config.states,
      role: access?.roles.loader,
      warehouse: warehouse.name,
      repairs: rawRepairs,
    },
    // All of AccessRoles: what the transformer may read in tables to come is granted before the first one.
    { dependsOn: access ? [access] : [] },
  );
  const changeTracking = new ChangeTracking(
    "change-tracking",
    {
      database: raw.database,
      schema: raw.schema,
      table: loader.table,
      schemaIncarnation: raw.incarnation,
      schemaResource: raw.schemaResource,
      repairs,
    },
    providers,
  );
  const dbt = new DbtBuild(
    "dbt",
    {
      command: config.dbtCommand,
      environment: { ...connection.environment, ...dbtEnvironment(names, { ...config, lag: config.dynamicTableLag }) },
      content,
      loadDigest: loader.loadDigest,
      schemaIncarnation: analytics.incarnation,
      repairs: dbtRepairs,
    },
    { dependsOn: [warehouse, analytics, ...(access ? [access] : []), loader, changeTracking] },
  );
  if (config.monitoring) {
    declareMonitoring(
      {
        config,
        names,
        warehouse: warehouse.name,
        role: access?.roles.transformer,
        schemaIncarnation: analytics.incarnation,
        schema: analytics.schemaResource,
        repairs,
      },
      { ...providers, dependsOn: [dbt] },
    );
  }
  return {
    ...outputs(config, surroundings),
    repairs: repairs.outputs(),
    built: builtObjects("dbt-built", models, { provider, dependsOn: [dbt] }),
  };
}

/** Things that commands make, by which their repairs are counted. */
const [LOANS, DBT] = ["loans", "dbt"];

/** Whether the raw table is not there, or another one than the loader's. */
function loansHaveDrifted(
  config: WorkshopConfig,
  names: WorkshopNames,
  provider: pulumi.ProviderResource,
): pulumi.Output<boolean> {
  const owned = ownedBy(config.accessRoles ? names.loaderRole : undefined);
  const where = { database: names.rawDatabase, schema: names.rawSchema };
  const query = showOne("TABLES", names.loansTable, ["name", "kind", ...owned.columns], where);
  const expected = [{ name: names.loansTable, kind: "TABLE", ...owned.values }];
  return presentRows("loans-present", query, { provider }).apply((rows) => !sameRows(rows, expected));
}

interface Settings {
  readonly config: WorkshopConfig;
  readonly connection: ProviderSettings;
}

/** The stack's own settings, and below them those of the base stack's file. */
function settings({ env, root }: Surroundings): Settings {
  try {
    const stack = pulumi.getStack();
    const base = baseSettings(root, stack);
    const keys = [...new Set([...base.keys(), ...Object.keys(pulumi.runtime.allConfig())])];
    refuseUnknownKeys(keys);
    const get = (key: string): string | undefined => pulumi.runtime.getConfig(key) ?? base.get(key);
    const connection = providerSettings(
      keys.flatMap((key) => (key.startsWith("snowflake:") ? [key.slice("snowflake:".length)] : [])),
      (key) => get(`snowflake:${key}`),
    );
    const config = readConfig((key) => get(`workshop:${key}`), {
      stack,
      env: { ...env, ...connection.plain },
      isFile: (path) => statSync(resolve(root, path), { throwIfNoEntry: false })?.isFile() ?? false,
    });
    return { config, connection };
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

function outputs(config: WorkshopConfig, { env }: Surroundings): Record<string, unknown> {
  const names = workshopNames(config);
  return {
    target: config.target,
    attendee: config.attendee ?? "",
    environment: config.environment,
    names,
    connection: connectionBlock(names, { role: config.accessRoles ? names.transformerRole : undefined, env }),
    dbt: {
      projectDir: "dbt",
      profilesDir: "dbt",
      environment: dbtEnvironment(names, { ...config, lag: config.dynamicTableLag }),
    },
    dashboard: DASHBOARD_ADDRESS,
    firstLook: firstLook(names, config),
  };
}

/**
 * The stack: settings and names first, then every component in order of dependence.
 */
import * as pulumi from "@pulumi/pulumi";
import { AccessRoles } from "./accessRoles";
import { AnalyticsDatabase } from "./analyticsDatabase";
import { ChangeTracking } from "./changeTracking";
import { ConfigError, readConfig, type WorkshopConfig } from "./config";
import { connectionBlock } from "./connectionBlock";
import { DASHBOARD_ADDRESS } from "./dashboardAddress";
import { dbtContent, loaderDigest } from "./contentDigests";
import { DbtBuild } from "./dbtBuild";
import { dbtEnvironment } from "./dbtEnvironment";
import { firstLook } from "./firstLook";
import { LoansLoader } from "./loansLoader";
import { declareMonitoring } from "./monitoring";
import { workshopNames } from "./naming";
import { RawDatabase } from "./rawDatabase";
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
 *
 * @returns the stack's outputs
 * @throws pulumi.RunError with one line when a setting cannot be used
 */
export function workshop(surroundings: Surroundings): Record<string, unknown> {
  const config = settings(surroundings);
  const names = workshopNames(config);
  const provider = new SnowflakeProvider("snowflake");
  const providers = { providers: { snowflake: provider } };

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
        },
        providers,
      )
    : undefined;
  const loader = new LoansLoader(
    "loans",
    {
      command: config.loaderCommand,
      database: raw.database,
      schema: raw.schema,
      table: names.loansTable,
      schemaIncarnation: raw.incarnation,
      source: config.source,
      contentDigest: loaderDigest(surroundings.root, config.source),
      states: config.states,
      role: access?.roles.loader,
      warehouse: warehouse.name,
    },
    // All of AccessRoles: what the transformer may read in tables to come is granted before the first one.
    { dependsOn: access ? [access] : [] },
  );
  const changeTracking = new ChangeTracking(
    "change-tracking",
    { database: raw.database, schema: raw.schema, table: loader.table, schemaIncarnation: raw.incarnation },
    providers,
  );
  const dbt = new DbtBuild(
    "dbt",
    {
      command: config.dbtCommand,
      environment: dbtEnvironment(names, { ...config, lag: config.dynamicTableLag }),
      content: dbtContent(surroundings.root),
      loadDigest: loader.loadDigest,
      schemaIncarnation: analytics.incarnation,
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
      },
      { ...providers, dependsOn: [dbt] },
    );
  }
  return outputs(config, surroundings);
}

function settings({ env }: Surroundings): WorkshopConfig {
  const config = new pulumi.Config("workshop");
  try {
    return readConfig((key) => config.get(key), { stack: pulumi.getStack(), env });
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

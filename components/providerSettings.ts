/**
 * The Snowflake provider's own settings (`pulumi config set snowflake:role ...`, or an ESC environment's pulumiConfig), as
 * any Pulumi stack has them. Most stacks have none: the connection then comes from SNOWFLAKE_* in the engine's environment.
 */
import * as pulumi from "@pulumi/pulumi";

/** The settings that say where to connect and as whom, by the variables that loader, dbt and driver read them from. */
const VARIABLES: Readonly<Record<string, string>> = {
  organizationName: "SNOWFLAKE_ORGANIZATION_NAME",
  accountName: "SNOWFLAKE_ACCOUNT_NAME",
  user: "SNOWFLAKE_USER",
  password: "SNOWFLAKE_PASSWORD",
  authenticator: "SNOWFLAKE_AUTHENTICATOR",
  token: "SNOWFLAKE_TOKEN",
  privateKey: "SNOWFLAKE_PRIVATE_KEY",
  privateKeyPassphrase: "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
  host: "SNOWFLAKE_HOST",
  port: "SNOWFLAKE_PORT",
  protocol: "SNOWFLAKE_PROTOCOL",
  role: "SNOWFLAKE_ROLE",
  warehouse: "SNOWFLAKE_WAREHOUSE",
};

/** Settings that are none of anybody's secrets. All others are secrets, whatever the settings file says. */
const PLAIN = new Set([
  ...["organizationName", "accountName", "user", "authenticator", "host", "port", "protocol", "role", "warehouse"],
  ...["profile", "driverTracing", "disableTelemetry", "previewFeaturesEnabled", "params", "validateDefaultParameters"],
]);

export interface ProviderSettings {
  /** The provider's inputs: settings travel as their text, secrets as secrets. */
  readonly inputs: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the stack's commands connect by, over the engine's environment. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Those of {@link environment} that are no secrets, for defaults and for the outputs. */
  readonly plain: Readonly<Record<string, string>>;
}

/**
 * @param keys names of the settings without `snowflake:`
 * @param get value of a setting
 */
export function providerSettings(keys: readonly string[], get: (key: string) => string | undefined): ProviderSettings {
  const inputs: Record<string, pulumi.Input<string>> = {};
  const environment: Record<string, pulumi.Input<string>> = {};
  const plain: Record<string, string> = {};
  for (const key of keys) {
    const value = get(key);
    if (value === undefined) continue;
    const hidden = !PLAIN.has(key);
    inputs[key] = hidden ? pulumi.secret(value) : value;
    const variable = VARIABLES[key];
    if (variable === undefined) continue;
    environment[variable] = inputs[key];
    if (!hidden) plain[variable] = value;
  }
  // The account of the environment must not stay beside that of the settings: drivers want its parts joined.
  const [organization, account] = [get("organizationName"), get("accountName")];
  if (organization && account) environment.SNOWFLAKE_ACCOUNT = plain.SNOWFLAKE_ACCOUNT = `${organization}-${account}`;
  return { inputs, environment, plain };
}

import type { WorkshopNames } from "./naming";

/**
 * A block for Snowflake's `connections.toml`, without a secret: the password comes from the environment variable
 * SNOWFLAKE_CONNECTIONS_WORKSHOP_PASSWORD, or is asked for. Snowflake documentation: "Configuring Snowflake CLI".
 *
 * @param options `role`: role to work as; left out: the user's default. `env`: environment variables SNOWFLAKE_* of the
 *   deployment; an address is written only where it is not the account's own.
 */
export function connectionBlock(
  names: WorkshopNames,
  options: { role?: string; env: Readonly<Record<string, string | undefined>> },
): string {
  const { env } = options;
  const account =
    env.SNOWFLAKE_ACCOUNT ||
    [env.SNOWFLAKE_ORGANIZATION_NAME, env.SNOWFLAKE_ACCOUNT_NAME].filter(Boolean).join("-") ||
    undefined;
  const settings: Record<string, string | undefined> = {
    account,
    user: env.SNOWFLAKE_USER,
    host: env.SNOWFLAKE_HOST,
    port: env.SNOWFLAKE_HOST && env.SNOWFLAKE_PORT,
    protocol: env.SNOWFLAKE_HOST && env.SNOWFLAKE_PROTOCOL,
    role: options.role,
    warehouse: names.warehouse,
    database: names.analyticsDatabase,
    schema: names.analyticsSchema,
  };
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    // A TOML basic string has JSON's escapes.
    value ? [`${key} = ${key === "port" && /^\d+$/.test(value) ? value : JSON.stringify(value)}`] : [],
  );
  return ["[workshop]", ...lines].join("\n");
}

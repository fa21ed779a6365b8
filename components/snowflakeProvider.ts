import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/snowflake/package.json";

/** What the stack uses of the resources and queries that the provider still calls a preview and switches on by name. */
const PREVIEW_FEATURES = [
  "snowflake_alert_resource",
  "snowflake_dynamic_tables_datasource",
  "snowflake_email_notification_integration_resource",
];

/**
 * The Snowflake provider without a connection among its inputs, unless the stack's settings name one: the plugin reads
 * SNOWFLAKE_* from the engine's environment itself. So neither an address nor a secret stands in the state, and another
 * port or password is no change of the stack.
 *
 * Not `snowflake.Provider`: its constructor copies these variables from the program's environment into its inputs.
 */
export class SnowflakeProvider extends pulumi.ProviderResource {
  /** @param settings of the stack's own (`snowflake:role`), by name, as text */
  constructor(name: string, settings: Readonly<Record<string, pulumi.Input<string>>> = {}) {
    // Settings of providers travel as JSON text.
    super(
      "snowflake",
      name,
      {
        disableTelemetry: JSON.stringify(true),
        ...settings,
        previewFeaturesEnabled: pulumi
          .output(settings.previewFeaturesEnabled)
          .apply((own) => JSON.stringify([...new Set([...PREVIEW_FEATURES, ...features(own)])])),
      },
      { version },
    );
  }
}

/** A list among the settings is JSON. */
function features(own: string | undefined): string[] {
  return own === undefined ? [] : (JSON.parse(own) as string[]);
}

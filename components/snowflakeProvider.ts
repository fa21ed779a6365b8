import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/snowflake/package.json";

/** What the stack uses of the resources and queries that the provider still calls a preview and switches on by name. */
const PREVIEW_FEATURES = [
  "snowflake_alert_resource",
  "snowflake_dynamic_tables_datasource",
  "snowflake_email_notification_integration_resource",
];

/**
 * The Snowflake provider without a connection among its inputs: the plugin reads SNOWFLAKE_* from the engine's environment
 * itself. So neither an address nor a secret stands in the state, and another port or password is no change of the stack.
 *
 * Not `snowflake.Provider`: its constructor copies these variables from the program's environment into its inputs.
 */
export class SnowflakeProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    // Settings of providers travel as JSON text.
    super(
      "snowflake",
      name,
      { disableTelemetry: JSON.stringify(true), previewFeaturesEnabled: JSON.stringify(PREVIEW_FEATURES) },
      { version },
    );
  }
}

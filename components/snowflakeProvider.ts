import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/snowflake/package.json";

/**
 * The Snowflake provider without a connection among its inputs: the plugin reads SNOWFLAKE_* from the engine's environment
 * itself. So neither an address nor a secret stands in the state, and another port or password is no change of the stack.
 *
 * Not `snowflake.Provider`: its constructor copies these variables from the program's environment into its inputs.
 */
export class SnowflakeProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    // Settings of providers travel as JSON text.
    super("snowflake", name, { disableTelemetry: JSON.stringify(true) }, { version });
  }
}

import { SnowflakeProvider } from "../../components/snowflakeProvider";
import { record } from "./recorder";

/** What the SDK's own provider class would copy into its inputs, and so into the state. */
const CONNECTION = {
  SNOWFLAKE_HOST: "127.0.0.1",
  SNOWFLAKE_PORT: "8437",
  SNOWFLAKE_PROTOCOL: "http",
  SNOWFLAKE_PASSWORD: "a password",
  SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: "a passphrase",
  SNOWFLAKE_ROLE: "ACCOUNTADMIN",
  SNOWFLAKE_WAREHOUSE: "WH",
};

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test("no part of the connection is an input, whatever the environment says", async () => {
  Object.assign(process.env, CONNECTION);
  const { resources } = await record(
    () => {
      new SnowflakeProvider("snowflake");
      return {};
    },
    "local",
    {},
  );
  expect(resources).toHaveLength(1);
  expect(resources[0]).toMatchObject({ type: "pulumi:providers:snowflake", name: "snowflake" });
  expect(resources[0]!.inputs).toEqual({
    disableTelemetry: "true",
    previewFeaturesEnabled: expect.stringMatching(/^\["snowflake_[^"]+"(,"snowflake_[^"]+")*\]$/),
  });
});

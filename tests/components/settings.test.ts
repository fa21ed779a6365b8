/** Where a stack's settings come from: its own, below them the base stack's file; and the provider's own settings. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { baseSettings } from "../../components/baseSettings";
import { providerSettings } from "../../components/providerSettings";
import { SnowflakeProvider } from "../../components/snowflakeProvider";
import { record } from "./recorder";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "workshop-settings-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the base stack's file", () => {
  test("holds for attendees' stacks of its target only", () => {
    writeFileSync(
      path.join(root, "Pulumi.dev.yaml"),
      "config:\n  workshop:states: CA,NY\n  workshop:serverless: true\n",
    );
    writeFileSync(path.join(root, "Pulumi.local.yaml"), "config:\n  snowflake:role: SYSADMIN\n");
    expect(Object.fromEntries(baseSettings(root, "dev-alice"))).toEqual({
      "workshop:states": "CA,NY",
      "workshop:serverless": "true",
    });
    expect(Object.fromEntries(baseSettings(root, "local-bob"))).toEqual({ "snowflake:role": "SYSADMIN" });
    for (const stack of ["dev", "local", "mine", "developer"]) expect(baseSettings(root, stack).size).toBe(0);
  });

  test("may be missing or empty, but not torn, and keeps no secret for others", () => {
    expect(baseSettings(root, "dev-alice").size).toBe(0);
    writeFileSync(path.join(root, "Pulumi.dev.yaml"), "");
    expect(baseSettings(root, "dev-alice").size).toBe(0);
    writeFileSync(path.join(root, "Pulumi.dev.yaml"), "config:\n  a: [\n");
    expect(() => baseSettings(root, "dev-alice")).toThrow(/^Pulumi\.dev\.yaml cannot be read: /);
    writeFileSync(path.join(root, "Pulumi.dev.yaml"), "config:\n  workshop:recipients:\n    secure: v1:abc\n");
    expect(() => baseSettings(root, "dev-alice")).toThrow(/^workshop:recipients in Pulumi\.dev\.yaml is a secret/);
  });
});

describe("the provider's own settings", () => {
  const values: Readonly<Record<string, string>> = {
    organizationName: "ACME",
    accountName: "DEV",
    user: "ADA",
    password: "hush",
    role: "SYSADMIN",
    params: '{"QUERY_TAG":"x"}',
  };
  const read = () => providerSettings(Object.keys(values), (key) => values[key]);

  test("go to the provider as they are, and to the commands by the variables they read; secrets stay secret", async () => {
    const { inputs, environment, plain } = read();
    expect(Object.keys(inputs)).toEqual(Object.keys(values));
    expect(inputs.params).toBe('{"QUERY_TAG":"x"}');
    expect(plain).toEqual({
      SNOWFLAKE_ORGANIZATION_NAME: "ACME",
      SNOWFLAKE_ACCOUNT_NAME: "DEV",
      SNOWFLAKE_ACCOUNT: "ACME-DEV",
      SNOWFLAKE_ROLE: "SYSADMIN",
      SNOWFLAKE_USER: "ADA",
    });
    const isSecret = async (value: pulumi.Input<string> | undefined): Promise<boolean> =>
      pulumi.isSecret(pulumi.output(value!));
    expect(await isSecret(environment.SNOWFLAKE_PASSWORD)).toBe(true);
    expect(await isSecret(environment.SNOWFLAKE_ROLE)).toBe(false);
  });

  test("are inputs of the provider, beside what the stack needs of it", async () => {
    const { resources } = await record(
      () => {
        const own = { ...read().inputs, previewFeaturesEnabled: '["snowflake_stage_resource"]' };
        new SnowflakeProvider("snowflake", own);
        return {};
      },
      "local",
      {},
    );
    const { previewFeaturesEnabled, ...inputs } = resources[0]!.inputs;
    const secret = (value: string) => expect.objectContaining({ value }) as unknown;
    const hidden = { password: secret("hush") };
    expect(inputs).toEqual({ ...values, ...hidden, disableTelemetry: "true" });
    const features = JSON.parse(String(previewFeaturesEnabled)) as string[];
    expect(features).toEqual(expect.arrayContaining(["snowflake_alert_resource", "snowflake_stage_resource"]));
  });
});

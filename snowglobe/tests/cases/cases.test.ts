import { NodeClient } from "../server/nodeDriver";
import { startSnowglobe, type TestSnowglobe } from "../server";
import { accountConnection, confirm, ON_ACCOUNT } from "./account";
import { caseFiles } from "./caseFile";
import { NodeCases } from "./nodeCases";
import { runCases, schemaOf } from "./runner";

const FILES = caseFiles().map((file) => [file.name, file] as const);

(ON_ACCOUNT ? describe.skip : describe)("through snowflake-sdk", () => {
  let snowglobe: TestSnowglobe;
  beforeAll(async () => {
    snowglobe = await startSnowglobe();
    const admin = await snowglobe.connect();
    await admin.run("create warehouse w", "create database cases");
  });
  afterAll(() => snowglobe.stop());

  it.each(FILES)(
    "%s",
    async (_, file) => {
      const { driver } = await snowglobe.connect({ database: "CASES", warehouse: "W" });
      expect((await runCases(file, new NodeCases(driver))).join("\n\n")).toBe("");
    },
    300_000,
  );
});

// Without an account named by the environment there is none to ask.
(ON_ACCOUNT ? describe : describe.skip)("on a real account", () => {
  it.each(FILES)("%s", async (_, file) => {
    const client = await NodeClient.connect(443, { ...accountConnection(), accessUrl: undefined });
    try {
      expect((await runCases(file, new NodeCases(client), confirm)).join("\n\n")).toBe("");
    } finally {
      await client.execute(`drop schema if exists ${schemaOf(file)}`);
      await client.close();
    }
  });
});

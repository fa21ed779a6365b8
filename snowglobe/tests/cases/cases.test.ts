import { startSnowglobe, type TestSnowglobe } from "../server";
import { caseFiles } from "./caseFile";
import { NodeCases } from "./nodeCases";
import { runCases } from "./runner";

let snowglobe: TestSnowglobe;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  const admin = await snowglobe.connect();
  await admin.run("create warehouse w", "create database cases");
});
afterAll(() => snowglobe.stop());

describe("through snowflake-sdk", () => {
  it.each(caseFiles().map((file) => [file.name, file] as const))("%s", async (_, file) => {
    const { driver } = await snowglobe.connect({ database: "CASES", warehouse: "W" });
    expect((await runCases(file, new NodeCases(driver))).join("\n\n")).toBe("");
  });
});

import { startSnowglobe, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient, PythonError } from "../server/pythonClient";
import { caseFiles } from "./caseFile";
import { runCases, type Answer, type CaseClient, type Failure } from "./runner";
import type { Seen } from "./values";

/** Cases through snowflake-connector-python. */
class PythonCases implements CaseClient {
  constructor(private readonly client: PythonClient) {}

  execute(sql: string): Promise<Answer> {
    return this.client.call("seen", sql) as Promise<{ rows: Seen[][]; columns: { name: string; type: string }[] }>;
  }

  failure(error: unknown): Failure | undefined {
    if (!(error instanceof PythonError)) return undefined;
    return { code: String(error.errno).padStart(6, "0"), message: error.message };
  }
}

let snowglobe: TestSnowglobe;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  const admin = await snowglobe.connect();
  await admin.run("create warehouse w", "create database cases");
});
afterAll(() => snowglobe.stop());

describeConnectors((python) => {
  let client: PythonClient;
  beforeAll(async () => {
    client = await PythonClient.connect(python, snowglobe.port, { database: "CASES", warehouse: "W" });
  });
  afterAll(() => client?.close());

  it.each(caseFiles().map((file) => [file.name, file] as const))(
    "%s",
    async (_, file) => {
      expect((await runCases(file, new PythonCases(client))).join("\n\n")).toBe("");
    },
    300_000,
  );
});

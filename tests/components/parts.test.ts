import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { checkoutOf } from "../../components/checkout";
import { driftedExecutes, type DeployedResource } from "../../components/checkedExecute";
import { connectionBlock } from "../../components/connectionBlock";
import { changedFiles, folderDigest, folderListing } from "../../components/contentDigest";
import { firstLook } from "../../components/firstLook";
import { leastGrants } from "../../components/leastGrants";
import { workshopNames } from "../../components/naming";
import { shellQuote } from "../../components/shellQuote";

describe("a statement whose effect drifted", () => {
  const state = (queryResults: unknown): DeployedResource[] => [
    {
      urn: "urn:tracking",
      type: "workshop:index:CheckedExecute",
      outputs: {
        executeUrn: "urn:execute",
        expectedQueryResults: [{ name: "PERSONAL_LOANS", change_tracking: "ON" }],
      },
    },
    { urn: "urn:other", type: "snowflake:index/execute:Execute", outputs: { queryResults: [] } },
    { urn: "urn:execute", type: "snowflake:index/execute:Execute", outputs: { queryResults } },
  ];

  test("is found when it does not hold, or when nothing shows", () => {
    expect(driftedExecutes(state([{ name: "PERSONAL_LOANS", change_tracking: "OFF" }]))).toEqual(["urn:execute"]);
    expect(driftedExecutes(state([]))).toEqual(["urn:execute"]);
    expect(driftedExecutes(state(undefined))).toEqual(["urn:execute"]);
  });

  test("is not found when it holds, in whatever order the state keeps the columns", () => {
    expect(driftedExecutes(state([{ change_tracking: "ON", name: "PERSONAL_LOANS" }]))).toEqual([]);
  });

  test("is not found where it was never deployed", () => {
    expect(driftedExecutes([])).toEqual([]);
    expect(driftedExecutes(state([]).slice(0, 2))).toEqual([]);
  });
});

describe("the connection's block", () => {
  const names = workshopNames({ environment: "dev" });

  test("names account, user and objects, and an address of its own where there is one", () => {
    const env = {
      SNOWFLAKE_ORGANIZATION_NAME: "WORKSHOP",
      SNOWFLAKE_ACCOUNT_NAME: "SNOWGLOBE",
      SNOWFLAKE_USER: 'AD"MIN',
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: "8437",
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_PASSWORD: "hush",
    };
    expect(connectionBlock(names, { role: "TRANSFORMER_DBT", env }).split("\n")).toEqual([
      "[workshop]",
      'account = "WORKSHOP-SNOWGLOBE"',
      'user = "AD\\"MIN"',
      'host = "127.0.0.1"',
      "port = 8437",
      'protocol = "http"',
      'role = "TRANSFORMER_DBT"',
      'warehouse = "WH_TRANSFORMING_DYNAMIC_TABLES"',
      'database = "BALBOA_DEV"',
      'schema = "WORKSHOP"',
    ]);
  });

  test("leaves out what is not known", () => {
    expect(
      connectionBlock(names, { env: { SNOWFLAKE_ACCOUNT: "ab12345", SNOWFLAKE_PORT: "443" } }).split("\n"),
    ).toEqual([
      "[workshop]",
      'account = "ab12345"',
      'warehouse = "WH_TRANSFORMING_DYNAMIC_TABLES"',
      'database = "BALBOA_DEV"',
      'schema = "WORKSHOP"',
    ]);
  });
});

describe("the digest of a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "digest-"));
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "models/a.sql"), "select 1");
    writeFileSync(join(folder, "project.yml"), "name: a");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("stays with the content, whatever the times and hidden files", () => {
    const before = folderDigest(folder);
    utimesSync(join(folder, "project.yml"), 1, 1);
    writeFileSync(join(folder, ".user.yml"), "id: 1");
    expect(folderDigest(folder)).toBe(before);
  });

  test("changes with a content, a name, a new file, and what is moved between files", () => {
    const digests = [folderDigest(folder)];
    writeFileSync(join(folder, "models/a.sql"), "select 2");
    digests.push(folderDigest(folder));
    renameSync(join(folder, "models/a.sql"), join(folder, "models/b.sql"));
    digests.push(folderDigest(folder));
    writeFileSync(join(folder, "models/a.sql"), "");
    digests.push(folderDigest(folder));
    writeFileSync(join(folder, "models/a.sql"), "select 2");
    writeFileSync(join(folder, "models/b.sql"), "");
    digests.push(folderDigest(folder));
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("tells which files differ", () => {
    const before = folderListing(folder);
    writeFileSync(join(folder, "models/a.sql"), "select 2");
    writeFileSync(join(folder, "models/a b.sql"), "select 3");
    rmSync(join(folder, "project.yml"));
    expect(changedFiles(before, folderListing(folder))).toEqual(["models/a b.sql", "models/a.sql", "project.yml"]);
    expect(changedFiles(before, before)).toEqual([]);
  });

  test("leaves out what is not accepted", () => {
    const before = folderDigest(folder, (path) => path.endsWith(".sql"));
    writeFileSync(join(folder, "project.yml"), "name: b");
    expect(folderDigest(folder, (path) => path.endsWith(".sql"))).toBe(before);
    writeFileSync(join(folder, "models/a.sql"), "select 2");
    expect(folderDigest(folder, (path) => path === "models/a.sql")).not.toBe(before);
  });
});

test("a quoted word comes back from the shell as it was", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(..."ab '\"$`\\\n;&|*?~!#é-") }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(words, (texts) => {
      const script = `printf '%s\\0' ${texts.map(shellQuote).join(" ")}`;
      expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).toBe(
        texts.map((text) => `${text}\0`).join(""),
      );
    }),
    { numRuns: 30 },
  );
});

test.each(["dev", "prd"] as const)(
  "grants of %s have names of their own and give no more than they must",
  (environment) => {
    const grants = leastGrants(environment);
    expect(new Set(grants.map(({ key }) => key)).size).toBe(grants.length);
    for (const { role, privileges, target } of grants) {
      expect(privileges).toEqual([...privileges].sort());
      expect(privileges).not.toEqual(expect.arrayContaining([expect.stringMatching(/^ALL|MANAGE GRANTS/)]));
      // Only of what is made later in the attendee's schema, and nothing beside it in the same grant.
      if (privileges.includes("OWNERSHIP"))
        expect({ role, privileges, target }).toMatchObject({
          role: "transformer",
          privileges: ["OWNERSHIP"],
          target: { on: "futureObjects", in: "schema", database: "analytics" },
        });
    }
  },
);

describe("the first look", () => {
  const names = workshopNames({ attendee: "alice", environment: "dev" });

  test("shows the failures that are kept, and the task that keeps them", () => {
    expect(firstLook(names, { monitoring: true })).toEqual(
      expect.arrayContaining([
        "SELECT * FROM ALICE_BALBOA_DEV.ALICE.ERRORS_TABLE",
        expect.stringContaining("INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'CAPTURE_ERRORS_TASK')"),
      ]),
    );
  });

  test("leaves them out where nothing watches", () => {
    expect(firstLook(names, { monitoring: false }).join()).not.toMatch(/ERRORS_TABLE|TASK_HISTORY/);
  });
});

test("the checkout is found from every folder within it, and from nowhere else", () => {
  const root = join(__dirname, "../..");
  expect(checkoutOf(root)).toBe(root);
  expect(checkoutOf(join(root, ".workshop/build"))).toBe(root);
  expect(() => checkoutOf(tmpdir())).toThrow(/does not lie in a checkout/);
});

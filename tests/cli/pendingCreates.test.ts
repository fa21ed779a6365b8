/** What a killed engine has created without noting it. That the engine then knows it: up.engine.test.ts. */
import { adoptPendingCreates, candidateOf } from "../../cli/stack/pendingCreates";
import type { Deployment, PendingOperation } from "../../cli/stack/localBackend";

const WAREHOUSE = "snowflake:index/warehouse:Warehouse";
const SCHEMA = "snowflake:index/schema:Schema";
const TASK = "snowflake:index/task:Task";
const ALERT = "snowflake:index/alert:Alert";
const MAIL = "snowflake:index/emailNotificationIntegration:EmailNotificationIntegration";
const GRANT = "snowflake:index/grantAccountRole:GrantAccountRole";

function creating(type: string, inputs: Record<string, unknown>, operation = "creating"): PendingOperation {
  return { type: operation, resource: { urn: `urn::${type}::${String(inputs.name)}`, type, inputs } };
}

const warehouse = creating(WAREHOUSE, { name: "ALICE_WH", comment: "ours" });

describe("what to look for", () => {
  test.each([
    [warehouse, "SHOW WAREHOUSES LIKE 'ALICE_WH'", "ALICE_WH"],
    [
      creating(SCHEMA, { name: "LOANS", comment: "ours", database: "RAW" }),
      `SHOW SCHEMAS LIKE 'LOANS' IN DATABASE "RAW"`,
      '"RAW"."LOANS"',
    ],
    [
      creating(TASK, { name: "T", comment: "ours", database: "D", schema: "S" }),
      `SHOW TASKS LIKE 'T' IN SCHEMA "D"."S"`,
      '"D"."S"."T"',
    ],
    [
      creating(ALERT, { name: "A", comment: "ours", database: "D", schema: "S" }),
      `SHOW ALERTS LIKE 'A' IN SCHEMA "D"."S"`,
      "D|S|A",
    ],
    [creating(MAIL, { name: "M", comment: "ours" }), "SHOW NOTIFICATION INTEGRATIONS LIKE 'M'", "M"],
  ])("%#: %j", (operation, show, id) => {
    expect(candidateOf(operation)).toMatchObject({ show, id });
  });

  test.each([
    ["grants may be given twice", creating(GRANT, { name: "G", comment: "ours" })],
    ["a deletion is no creation", creating(WAREHOUSE, { name: "W", comment: "ours" }, "deleting")],
    ["without a comment nothing tells whose it is", creating(WAREHOUSE, { name: "W" })],
    ["a schema of an unknown database", creating(SCHEMA, { name: "S", comment: "ours" })],
    ["a task of an unknown schema", creating(TASK, { name: "T", comment: "ours", database: "D" })],
  ])("not for: %s", (_why, operation) => {
    expect(candidateOf(operation)).toBeUndefined();
  });
});

describe("taking up", () => {
  const adopt = (rows: readonly Record<string, unknown>[], deployment: Deployment): Promise<Deployment> =>
    adoptPendingCreates(deployment, () => Promise.resolve(rows));

  test("what is there becomes a resource with its id, and is pending no more", async () => {
    const other = creating(GRANT, { name: "G" });
    const rows = [{ name: "ALICE_WH", comment: "ours" }];
    expect(await adopt(rows, { resources: [], pending_operations: [warehouse, other] })).toEqual({
      resources: [{ ...warehouse.resource, custom: true, id: "ALICE_WH" }],
      pending_operations: [other],
    });
  });

  test.each([
    ["nothing is there", []],
    ["it is somebody else's", [{ name: "ALICE_WH", comment: "theirs" }]],
    ["another name fits LIKE's pattern", [{ name: "ALICEXWH", comment: "ours" }]],
  ])("the state stays as it is when %s", async (_why, rows) => {
    const deployment = { resources: [], pending_operations: [warehouse] };
    expect(await adopt(rows, deployment)).toBe(deployment);
  });

  test("a replacement's new resource does not push out the old one", async () => {
    const deployment = {
      resources: [{ urn: warehouse.resource.urn, type: WAREHOUSE, id: "OLD" }],
      pending_operations: [warehouse],
    };
    expect(await adopt([{ name: "ALICE_WH", comment: "ours" }], deployment)).toBe(deployment);
  });
});

/** What was created without the engine's noting it. That the engine then knows it: up.engine.test.ts. */
import { adoptPendingCreates, candidateOf } from "../../cli/stack/pendingCreates";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Deployment, PendingOperation } from "../../cli/stack/localBackend";
import { unansweredCreates } from "../../cli/stack/unansweredCreates";

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

describe("failed creations whose outcome nobody knows", () => {
  const step = ({ resource }: PendingOperation): StepEventMetadata =>
    ({ op: "create", urn: resource.urn, type: resource.type, new: { ...resource } }) as unknown as StepEventMetadata;
  const { urn } = warehouse.resource;

  test.each([
    ["nothing was told", []],
    ["the server went away", [{ urn, message: 'Post "http://127.0.0.1:8437/queries/v1/query-request": EOF' }]],
    ["only another resource was answered", [{ urn: "urn::other", message: "002002 (42710): already exists" }]],
  ])("%s: it is looked for", (_why, failures) => {
    const unanswered = unansweredCreates([step(warehouse)], failures);
    expect(unanswered).toMatchObject([{ type: "creating", resource: { urn, inputs: warehouse.resource.inputs } }]);
    expect(candidateOf(unanswered[0]!)).toEqual(candidateOf(warehouse));
  });

  test("what Snowflake refused it has not made", () => {
    const message = "err: 002002 (42710): SQL compilation error: Object 'ALICE_WH' already exists.";
    expect(unansweredCreates([step(warehouse)], [{ urn, message }])).toEqual([]);
  });

  test("what may be made twice needs no look", () => {
    expect(unansweredCreates([step(creating(GRANT, { name: "G", comment: "ours" }))], [])).toEqual([]);
  });
});

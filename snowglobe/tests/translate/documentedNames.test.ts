import { documentedFunctions } from "../../src/translate/functions/documentedFunctions";
import { findFunction } from "../../src/translate/functions/registry";
import { openFixture } from "./fixture";
import type { Harness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

const missing = documentedFunctions.filter((name) => findFunction(name) === undefined);

async function failure(query: string): Promise<{ code?: string; message: string } | undefined> {
  try {
    await harness.rows(query);
    return undefined;
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

it("a function that Snowflake has is never unknown: it answers, or is refused by name", async () => {
  for (const name of missing) {
    const scalar = await failure(`select ${name}()`);
    if (scalar) expect([name, scalar.code]).not.toEqual([name, "002140"]);
    if (scalar?.code === "000002") expect(scalar.message).toContain(name);
  }
});

it.each(["ST_DISTANCE", "H3_CELL_TO_POINT", "AI_COMPLETE", "VECTOR_L2_DISTANCE", "COMPRESS", "FL_GET_SIZE"])(
  "the family of %s is refused by name",
  async (name) => {
    expect(await failure(`select ${name}(1)`)).toMatchObject({
      code: "000002",
      message: expect.stringContaining(name),
    });
  },
);

it("a name that nobody has is unknown", async () => {
  expect(await failure("select no_such_function(1)")).toMatchObject({ code: "002140" });
});

import { builtInFunctions } from "../../src/translate/functions/registry";
import { openFixture } from "./fixture";
import type { Harness } from "./harness";
import { randomCallArguments } from "./randomCalls";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

/** Functions for which a NULL is a value like others, by the positions where it is; without positions: everywhere. */
const TAKES_NULL: Readonly<Record<string, readonly number[] | undefined>> = {
  ARRAY_APPEND: [1],
  ARRAY_CONSTRUCT: undefined,
  ARRAY_CONSTRUCT_COMPACT: undefined,
  ARRAY_CONTAINS: [0],
  ARRAY_INSERT: [2],
  ARRAY_POSITION: [0],
  ARRAY_PREPEND: [1],
  BOOLAND: undefined,
  BOOLOR: undefined,
  COALESCE: undefined,
  DECODE: undefined,
  DIV0NULL: [1],
  EQUAL_NULL: undefined,
  GREATEST_IGNORE_NULLS: undefined,
  HASH: undefined,
  IFF: undefined,
  IFNULL: undefined,
  LEAST_IGNORE_NULLS: undefined,
  NULLIF: [1],
  NVL: undefined,
  NVL2: undefined,
  OBJECT_CONSTRUCT: undefined,
  OBJECT_CONSTRUCT_KEEP_NULL: undefined,
  OBJECT_DELETE: [1, 2, 3, 4],
  OBJECT_INSERT: [1, 2],
  OBJECT_PICK: [1, 2, 3, 4],
  REDUCE: [1],
  SYSTEM$TYPEOF: undefined,
  TYPEOF: undefined,
  ZEROIFNULL: undefined,
};

function takesNull(name: string, position: number): boolean {
  return name in TAKES_NULL && (TAKES_NULL[name]?.includes(position) ?? true);
}

/** The value as the drivers' cell; null for NULL, and for a call that is an error. */
async function valueOf(expression: string): Promise<string | null> {
  try {
    return await harness.value(`select ${expression}`);
  } catch {
    return null;
  }
}

it("a NULL among the arguments gives NULL, but for the functions that take it for a value", async () => {
  const wrong: string[] = [];
  for (const [name, definition] of builtInFunctions()) {
    if (definition.kind !== "scalar") continue;
    for (const args of randomCallArguments(name, 12, 7)) {
      if ((await valueOf(`${name}(${args.join(", ")})`)) === null) continue;
      for (const [at] of args.entries()) {
        if (takesNull(name, at) || definition.lambdas?.includes(at) || definition.words?.includes(at)) continue;
        const call = `${name}(${args.map((arg, i) => (i === at ? "null" : arg)).join(", ")})`;
        const value = await valueOf(call);
        if (value !== null) wrong.push(`${call}: ${value}`);
        const column = `${name}(${args.map((arg, i) => (i === at ? "column1" : arg)).join(", ")})`;
        const overColumn = await valueOf(`${column} from values (null), ('x') where column1 is null`);
        if (overColumn !== null) wrong.push(`${column} of NULL: ${overColumn}`);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 300_000);

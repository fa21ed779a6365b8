import * as fc from "fast-check";
import { applyPatch, mergePatch } from "../../dashboard/mergePatch";

test("only what changed is in it, arrays as a whole, and what is gone as null", () => {
  const before = { label: "a", now: "1", lags: { readAt: "1", data: [1, 2] }, error: "x" };
  const after = { label: "a", now: "2", lags: { readAt: "2", data: [1, 2] } };
  expect(mergePatch(before, after)).toEqual({ now: "2", lags: { readAt: "2" }, error: null });
  expect(mergePatch(before, { ...before, lags: { ...before.lags, data: [2] } })).toEqual({ lags: { data: [2] } });
  expect(mergePatch(before, structuredClone(before))).toBeUndefined();
});

test("a patch makes the one document of the other", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
  const { document } = fc.letrec((tie) => ({
    document: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof({ maxDepth: 3 }, leaf, tie("document"))),
  }));
  fc.assert(
    fc.property(document as fc.Arbitrary<object>, document as fc.Arbitrary<object>, (before, after) => {
      const patch = mergePatch(before, after);
      const made = patch === undefined ? before : applyPatch(before, patch);
      expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(after)));
    }),
  );
});

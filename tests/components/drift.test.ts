/** How the program tells that something is not as it was left. That it is put right: tests/cli/drift.engine.test.ts. */
import * as pulumi from "@pulumi/pulumi";
import { hasDrifted } from "../../components/builtObjects";
import { driftedExecutes } from "../../components/checkedExecute";
import { dbtModels } from "../../components/contentDigests";
import { Repairs, sameRows } from "../../components/repairs";

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));
const row = (object: string, comment = "c") => ({ object, comment });

test("rows are the same in whatever order of rows and columns", () => {
  expect(sameRows([{ a: "1", b: "2" }, { a: "3" }], [{ a: "3" }, { b: "2", a: "1" }])).toBe(true);
  expect(sameRows([{ a: "1" }], [{ a: "1" }, { a: "1" }])).toBe(false);
  expect(sameRows([{ a: "1" }], [{ a: "2" }])).toBe(false);
  expect(sameRows([], [])).toBe(true);
});

test.each([
  ["nothing differs", [row("VIEWS S.A")], [row("VIEWS S.A")], false],
  ["something is missing", [row("VIEWS S.A")], [], true],
  ["a column differs", [row("VIEWS S.A")], [row("VIEWS S.A", "other")], true],
  ["it is of another kind", [row("VIEWS S.A")], [row("TABLES S.A")], true],
  ["there is more than before", [row("VIEWS S.A")], [row("VIEWS S.A"), row("VIEWS S.B")], false],
  ["the project no longer has it", [row("VIEWS S.OLD")], [], false],
])("what dbt built has drifted where %s", (_, built, present, expected) => {
  expect(hasDrifted(built, present, ["a", "b"])).toBe(expected);
});

test("models and seeds are named as their files", () => {
  const files = [
    "dbt_project.yml",
    "macros/m.sql",
    "models/L1/a.sql",
    "models/L1/a.yml",
    "seeds/codes.csv",
    "models/b.sql",
  ];
  expect(dbtModels(files.map((file) => `${file} 0123456789abcdef`).join("\n"))).toEqual(["a", "b", "codes"]);
});

describe("repairs are counted", () => {
  test("from none for what is new, without a look", async () => {
    const repairs = new Repairs();
    const look = jest.fn(() => pulumi.output(true));
    expect(await valueOf(repairs.count("a", look))).toBe(0);
    expect(look).not.toHaveBeenCalled();
    expect(await valueOf(repairs.outputs())).toEqual({ a: 0 });
  });
  test("one more where it has drifted, the same where it has not; what is declared no more is forgotten", async () => {
    const repairs = new Repairs({ a: 1, b: 2, gone: 3 });
    repairs.count("a", () => pulumi.output(true));
    repairs.count("b", () => pulumi.output(false));
    expect(await valueOf(repairs.outputs())).toEqual({ a: 2, b: 2 });
  });
  test("out of the engine's sight, which would wait for counts that are not known yet", () => {
    expect(Object.keys(new Repairs({ a: 1 }))).toEqual([]);
  });
});

test("a refresh tells which statements hold no more", () => {
  const resources = (state: string) => [
    { urn: "e", type: "snowflake:index/execute:Execute", outputs: { queryResults: [{ state, name: "A" }] } },
    {
      urn: "c",
      type: "workshop:index:CheckedExecute",
      outputs: { executeUrn: "e", expectedQueryResults: [{ name: "A", state: "started" }] },
    },
  ];
  expect(driftedExecutes(resources("started"))).toEqual([]);
  expect(driftedExecutes(resources("suspended"))).toEqual(["e"]);
});

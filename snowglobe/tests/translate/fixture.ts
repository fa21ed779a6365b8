import { NUMBER, VARCHAR, VARIANT } from "../../src/sql/ast/dataType";
import { Harness } from "./harness";

/** The tables that most cases read: T(A, B, C), U(A, D), J(ID, V), and the view W over T. */
export async function openFixture(): Promise<Harness> {
  const harness = await Harness.open();
  await harness.table(
    "T",
    [
      ["A", NUMBER],
      ["B", VARCHAR],
      ["C", { kind: "NUMBER", precision: 10, scale: 2 }],
    ],
    "select * from values (1, 'x', 1.5), (2, 'y', 2.25), (3, null, null), (null, 'x', 10)",
  );
  await harness.table(
    "U",
    [
      ["A", NUMBER],
      ["D", VARCHAR],
    ],
    "select * from values (1, 'one'), (2, 'two'), (2, 'zwei')",
  );
  await harness.table(
    "J",
    [
      ["ID", NUMBER],
      ["V", VARIANT],
    ],
    `select column1, parse_json(column2) from values
       (1, '{"a": [1, 2, {"b": "q"}], "s": "str", "n": null}'), (2, '{"a": []}')`,
  );
  harness.view("W", "select a, count(*) as n from t group by a");
  return harness;
}

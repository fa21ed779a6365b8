import { testBothPaths } from "./bothPaths";
import { openFixture } from "./fixture";
import type { Harness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

describe("PARSE_JSON reads what Snowflake reads", () => {
  testBothPaths(
    () => harness,
    [
      ["parse_json($1)", [`'{"k": 1, "k": 2}'`], "error 100069"],
      ["try_parse_json($1)", [`'{"k": 1, "k": 2}'`], null],
      ["parse_json($1)", [`'{"o": {"k": 1, "k": 2}}'`], "error 100069"],
      ["parse_json($1, 'd')", [`'{"k": 1, "k": 2}'`], '{"k":2}'],
      ["array_size(parse_json($1))", ["'[7, 8, 9, ]'"], "4"],
      ["parse_json($1)", ["'[7, 8, 9, ]'"], "[7,8,9,undefined]"],
      ["parse_json($1)", ["'[1, ,2]'"], "[1,undefined,2]"],
      ["parse_json($1)[1] is null", ["'[1, ,2]'"], "1"],
      ["parse_json($1)[1] is null", ["'[1, null, 2]'"], "0"],
      ["parse_json($1):name.first::string", [`'{ name: { first: "John" } }'`], "John"],
      ["parse_json($1):k::string", ["'{ ''k'': ''x'' }'"], "x"],
      ["parse_json($1)", ["'NULL'"], "null"],
      ["parse_json($1)", ["'  '"], null],
      ["parse_json($1)", ["'1 2'"], "error 100069"],
      ["parse_json($1)", [`'{"a": 1'`], "error 100069"],
      ["parse_json($1)", ["'yes'"], "error 100069"],
      ["to_json(parse_json($1))", [`'{"b":1,"a":2}'`], '{"a":2,"b":1}'],
      ["parse_json($1)", [`'"\\\\u00e9"'`], '"é"'],
      ["check_json($1) is null", ["'{}'"], "1"],
      ["check_json($1) is null", ["'{'"], "0"],
    ],
  );
});

describe("a VARIANT keeps the type of its value", () => {
  testBothPaths(
    () => harness,
    [
      ["typeof(parse_json($1))", ["'1.912e2'"], "DOUBLE"],
      ["parse_json($1)", ["'1.912e2'"], "1.912000000000000e+02"],
      ["typeof(parse_json($1))", ["'123.12'"], "DECIMAL"],
      ["typeof(parse_json($1))", ["'-17'"], "INTEGER"],
      ["typeof(parse_json($1))", ["'null'"], "NULL_VALUE"],
      ["typeof($1::variant)", ["1.5::float"], "DOUBLE"],
      ["to_variant($1)", ["1::float"], "1.000000000000000e+00"],
      ["$1::variant::float", ["0.1::float + 0.2::float"], "0.30000000000000004"],
      ["typeof(to_variant($1))", ["'2024-01-17 19:00:00'::timestamp_ntz"], "TIMESTAMP_NTZ"],
      ["to_variant($1)", ["'2024-01-17 19:00:00'::timestamp_ntz"], '"2024-01-17 19:00:00.000"'],
      ["to_variant($1)::date", ["'2024-01-17'::date"], "19739"],
      ["as_date(to_variant($1))", ["'2024-01-17'::date"], "19739"],
      ["as_date(to_variant($1))", ["'2024-01-17'"], null],
      ["is_double(to_variant($1))", ["1.5::float"], "1"],
      ["is_decimal(to_variant($1))", ["1.5::float"], "0"],
      ["is_decimal(to_variant($1))", ["1.5"], "1"],
      ["[$1][0]::number(38,20)", ["0.12345678901234567891::number(38,20)"], "0.12345678901234567891"],
      ["parse_json($1)::object", ["'5'"], "error 100071"],
      ["parse_json($1)::number", [`'{"a":1}'`], "error 100071"],
      ["to_array(parse_json($1))", ["'5'"], "[5]"],
    ],
  );
});

describe("arrays", () => {
  const numbers = "array_construct(0,1,2,3)";
  const withNulls = "[20, parse_json('null'), 0, null, 10]";
  testBothPaths(
    () => harness,
    [
      ["array_insert($1, $2, 'hello')", [numbers, "2"], '[0,1,"hello",2,3]'],
      ["array_insert($1, $2, 'hello')", [numbers, "5"], '[0,1,2,3,undefined,"hello"]'],
      ["array_insert($1, $2, 'hello')", [numbers, "-1"], '[0,1,2,"hello",3]'],
      ["array_insert($1, $2, 'hello')", [numbers, "-5"], '["hello",undefined,0,1,2,3]'],
      ["array_insert($1, $2, 1)", [numbers, "1000000000"], "error 100082"],
      ["array_remove_at($1, $2)", ["[2, 5, 7]", "0"], "[5,7]"],
      ["array_remove_at($1, $2)", ["[2, 5, 7]", "-1"], "[2,5]"],
      ["array_remove_at($1, $2)", ["[2, 5, 7]", "10"], "[2,5,7]"],
      ["array_remove_at($1, $2)", ["[2, 5, 7]", "-10"], "[2,5,7]"],
      ["array_remove_at($1, $2)", ["[2, 5, 7]", "null::int"], null],
      ["array_contains($1, $2)", ["'hello'::variant", "array_construct('hello', 'hi')"], "1"],
      ["array_contains($1, $2)", ["'hello'", "array_construct('hello', 'hi')"], "error 001044"],
      ["array_contains($1, $2)", ["null::variant", "array_construct('hola', 'bonjour')"], null],
      ["array_contains($1, $2)", ["null::variant", "array_construct('hola', null)"], "1"],
      ["array_contains($1, $2)", ["parse_json('null')", "array_construct('hola', parse_json('null'))"], "1"],
      ["array_contains($1, $2)", ["parse_json('null')", "array_construct('hola', null)"], "0"],
      ["array_sort($1)", [withNulls], "[0,10,20,null,undefined]"],
      ["array_sort($1, false)", [withNulls], "[undefined,null,20,10,0]"],
      ["array_sort($1, true, true)", [withNulls], "[undefined,0,10,20,null]"],
      ["array_sort($1, false, false)", [withNulls], "[null,20,10,0,undefined]"],
      ["array_except($1, $2)", ["['A', 'B', 'B', 'B', 'C']", "['B']"], '["A","B","B","C"]'],
      ["array_except($1, $2)", ["['A', null, null]", "['B', null]"], '["A",undefined]'],
      ["array_except($1, $2)", ["[{'a': 1, 'b': 2}, 1]", "[{'a': 1, 'b': 2}, 3]"], "[1]"],
      ["array_except($1, $2)", ["['A', 'B']", "null::array"], null],
      ["array_intersection($1, $2)", ["['A', 'B', 'B']", "['B', 'B', 'C']"], '["B","B"]'],
      ["array_flatten($1)", ["[[1, 2, 3], [null], [5, 6]]"], "[1,2,3,undefined,5,6]"],
      ["array_flatten($1)", ["[[[1, 2], [3]], [[4], [5]]]"], "[[1,2],[3],[4],[5]]"],
      ["array_flatten($1)", ["[[1, 2, 3], 4, [5, 6]]"], "error 100107"],
      ["array_flatten($1)", ["[[1, 2, 3], null, [5, 6]]"], null],
      ["array_min($1)", [withNulls], "0"],
      ["array_max($1)", ["[1, 20, 3]"], "20"],
      ["array_compact($1)", [withNulls], "[20,0,10]"],
      ["array_append($1, null)", ["[1]"], "[1,undefined]"],
      ["array_slice($1, $2, $3)", [numbers, "-3", "-1"], "[1,2]"],
      ["array_slice($1, $2, $3)", [numbers, "3", "1"], "[]"],
      [
        "arrays_zip($1, $2)",
        ["[1, null, 3]", "['one']"],
        '[{"$1":1,"$2":"one"},{"$1":null,"$2":null},{"$1":3,"$2":null}]',
      ],
      ["arrays_zip($1, $2)", ["[]", "[]"], "[{}]"],
      ["arrays_to_object($1, $2)", ["['b', 'a']", "[1, 2]"], '{"a":2,"b":1}'],
      ["array_generate_range($1, $2)", ["0", "1000000000000"], "error 100082"],
    ],
  );
});

describe("objects", () => {
  const object = "object_construct('a', 1, 'b', 2, 'c', 3)";
  testBothPaths(
    () => harness,
    [
      ["object_pick($1, 'a', 'z')", [object], '{"a":1}'],
      ["object_pick($1, $2)", [object, "array_construct('a', 'b')"], '{"a":1,"b":2}'],
      ["object_construct('b', 1, $1, 2)", ["'a'"], '{"a":2,"b":1}'],
      ["object_construct('a', 1, $1, 2)", ["'a'"], "error 100104"],
      ["object_insert($1, 'aa', 9)", [object], '{"a":1,"aa":9,"b":2,"c":3}'],
      ["object_insert($1, 'a', 9)", [object], "error 100104"],
      ["object_insert($1, 'a', 9, true)", [object], '{"a":9,"b":2,"c":3}'],
      ["object_insert($1, 'd', parse_json('null'))", [object], '{"a":1,"b":2,"c":3,"d":null}'],
      ["object_insert($1, 'd', null)", [object], '{"a":1,"b":2,"c":3}'],
      ["get_path($1, 'o1:o2')", [`parse_json('{"o1": {"o2": "x"}}')`], '"x"'],
      ["get_path(parse_json($1), $2)", [`'{"a": [{"b": 1}]}'`, "'a[0].b'"], "1"],
      ["get_ignore_case(parse_json($1), 'AB')", [`'{"aB": 1}'`], "1"],
      ["json_extract_path_text($1, $2)", [`'{"a": {"b": [1, {"c": "x"}]}}'`, "'a.b[1].c'"], "x"],
      ["json_extract_path_text($1, $2)", [`'{"a": {"b": [1]}}'`, "'a.b'"], "[1]"],
    ],
  );

  it("an aggregated key that comes twice is an error", async () => {
    await expect(
      harness.rows("select object_agg(column1, column2) from values ('a', 1), ('a', 2)"),
    ).rejects.toMatchObject({
      code: "100104",
    });
    expect(await harness.value("select object_agg(column1, column2) from values ('b', 1), ('a', 2)")).toBe(
      '{"a":2,"b":1}',
    );
  });
});

describe("lambda expressions", () => {
  testBothPaths(
    () => harness,
    [
      ["filter($1, a -> a is not null)", ["[1, null, 3, 5, null]"], "[1,3,5]"],
      ["filter($1, a -> a:value >= 50)", ["[{'value': 50}, {'value': 25}]"], '[{"value":50}]'],
      ["filter($1, a -> a > 1)", ["[1, null, 3]"], "[3]"],
      ["transform($1, a int -> a * 2)", ["[1, null]"], "[2,undefined]"],
      ["transform($1, c -> c:value || ' is the number')", ["[{'value': 50}]"], '["50 is the number"]'],
      [
        "transform($1, i -> object_insert(i, 'u', (i:s / i:q)::numeric(10,2)))",
        ["[{'s': 1500, 'q': 3}]"],
        '[{"q":3,"s":1500,"u":500}]',
      ],
      ["transform($1, i -> object_delete(i, 'q'))", ["[{'s': 1500, 'q': 3}]"], '[{"s":1500}]'],
      ["reduce($1, 0, (acc int, val int) -> acc + val)", ["[1, 2]"], "3"],
      ["reduce($1, 0, (acc, val) -> acc + val * val)", ["[1, 2, 3]"], "14"],
      ["reduce($1, 0, (acc, val) -> acc + zeroifnull(val))", ["[1, null, 2, null, 3, 4]"], "10"],
      ["reduce($1, '', (acc, val) -> acc || ' ' || val)", ["['a', 'b', 'c']"], " a b c"],
      ["reduce($1, [], (acc, val) -> array_prepend(acc, val))", ["[1, 2, 3, 4]"], "[4,3,2,1]"],
      ["reduce($1, 7, (acc, val) -> acc + val)", ["[]"], "7"],
    ],
  );
});

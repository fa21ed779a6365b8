import { testBothPaths } from "./bothPaths";
import { openFixture } from "./fixture";
import type { Harness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

const TIMES = "'It was the best of times, it was the worst of times.'";
const NEVERMORE = "'nevermore1, nevermore2, nevermore3.'";
const SWAP = "'\\\\b(\\\\S*)o(\\\\S*)\\\\b', '\\\\2@@\\\\1'";

describe("functions of regular expressions", () => {
  testBothPaths(
    () => harness,
    [
      ["regexp_instr($1, 'the\\\\W+\\\\w+', 1, 2)", [TIMES], "34"],
      ["regexp_instr($1, 'the\\\\W+(\\\\w+)', 1, 2, 0, 'e', 1)", [TIMES], "38"],
      ["regexp_instr($1, 'the\\\\W+(\\\\w+)', 1, 2, 0, 'e')", [TIMES], "38"],
      ["regexp_instr($1, 'the\\\\W+(\\\\w+)', 1, 2, 0, '', 1)", [TIMES], "38"],
      ["regexp_instr($1, 'nevermore\\\\d', 5)", [NEVERMORE], "13"],
      ["regexp_instr($1, 'nevermore\\\\d', 1, 3)", [NEVERMORE], "25"],
      ["regexp_instr($1, 'nevermore\\\\d', 1, 3, 1)", [NEVERMORE], "35"],
      ["regexp_instr($1, 'nevermore', 1, 4)", [NEVERMORE], "0"],
      ["regexp_instr($1, 'b')", ["'éab'"], "3"],
      ["regexp_instr($1, $2)", ["'abc'", "null::varchar"], null],
      ["regexp_substr($1, 'the\\\\W+(\\\\w+)', 1, 2, 'e')", [TIMES], "worst"],
      ["regexp_substr($1, 'the', 1, 9)", [TIMES], null],
      ["regexp_substr($1, 'b', 1, 1, 'e')", ["'abc'"], "b"],
      ["regexp_substr($1, 'a(b)c', 1, 1, 'e', 2)", ["'abc'"], null],
      ["regexp_substr_all($1, 'a[[:digit:]]', 2)", ["'a1_a2a3_a4A5a6'"], '["a2","a3","a4","a6"]'],
      ["regexp_substr_all($1, 'a[[:digit:]]', 1, 3)", ["'a1_a2a3_a4A5a6'"], '["a3","a4","a6"]'],
      ["regexp_substr_all($1, '(a)([[:digit:]])', 1, 1, 'ie')", ["'a1_A5'"], '["a","A"]'],
      ["regexp_extract_all($1, 'A\\\\W+(\\\\w+)', 1, 2, 'e', 1)", ["'A MAN A PLAN A CANAL'"], '["PLAN","CANAL"]'],
      ["regexp_substr_all($1, 'b')", ["'a1'"], "[]"],
      ["regexp_substr_all($1, 'a(b)c', 1, 1, '', 2)", ["'abc'"], null],
      ["regexp_replace($1, 'times', 'days', 1, 2)", [TIMES], "It was the best of times, it was the worst of days."],
      ["regexp_replace($1, '(.*) (.*) (.*)', '\\\\3, \\\\1 \\\\2')", ["'first middle last'"], "last, first middle"],
      ["regexp_replace($1, '()', '*')", ["'abc'"], "*a*b*c*"],
      ["regexp_replace($1, '\\\\(|\\\\)', '')", ["'Customers - (NY)'"], "Customers - NY"],
      [`regexp_replace($1, ${SWAP}, 3)`, ["'Hellooo World'"], "He@@lloo rld@@W"],
      [`regexp_replace($1, ${SWAP}, 3, 3)`, ["'How are you doing today?'"], "How are you doing day@@t?"],
      [
        `regexp_replace($1, ${SWAP}, 3, 3, 'i')`,
        ["'PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS'"],
        "PACK MY BOX WITH FIVE DOZEN R@@LIQU JUGS",
      ],
      ["regexp_count($1, 'SNOW', 1, 'i')", ["'snow'"], "1"],
      ["regexp_count($1, '')", ["'abc'"], "0"],
      ["regexp_count($1, '^.', 1, 'm')", ["'a\\nb'"], "2"],
      ["regexp_count($1, '^.')", ["'a\\nb'"], "1"],
      ["regexp_like($1, '')", ["''"], "1"],
      ["regexp_like($1, 'ABC', 'ci')", ["'abc'"], "1"],
      ["regexp_like($1, 'ABC', 'ic')", ["'abc'"], "0"],
      ["regexp_like($1, 'a.b', 's')", ["'a\\nb'"], "1"],
      ["regexp_like($1, 'a.b')", ["'a\\nb'"], "0"],
      ["$1 rlike 'a.b'", ["'a\\nb'"], "0"],
      ["$1 regexp 'a.b'", ["'a\\nb'"], "0"],
      ["regexp_like($1, $2)", ["'x'", "'(?=x)'"], "error 100048"],
      ["regexp_substr($1, $2)", ["'x'", "'(x'"], "error 100048"],
      ["regexp_substr($1, 'b', $2)", ["'x'", "0"], "error 100047"],
    ],
  );
});

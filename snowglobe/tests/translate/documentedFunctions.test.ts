import { testBothPaths } from "./bothPaths";
import { openFixture } from "./fixture";
import { type Harness, session } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

describe("texts", () => {
  testBothPaths(
    () => harness,
    [
      ["editdistance($1, $2)", ["'Gute nacht'", "'Ich weis nicht'"], "8"],
      ["editdistance($1, $2, 3)", ["'Snowflake'", "'Oracle'"], "3"],
      ["editdistance($1, $2, -1)", ["'Snowflake'", "'Oracle'"], "0"],
      ["chr($1)", ["-1"], "error 100197"],
      ["parse_url($1):parameters", ["'http://a.b:4345/c?USER=1'"], '{"USER":"1"}'],
      ["parse_url($1):host", ["'http://USER:PASS@EXAMPLE.INT:4345/HELLO.PHP?USER=1'"], '"USER:PASS@EXAMPLE.INT"'],
      ["parse_url($1):path", ["'mailto:abc@xyz.com'"], '"abc@xyz.com"'],
      ["parse_url($1, 1)", ["'example.int/hello.php?user=12#nofragment'"], '{"error":"scheme not specified"}'],
      ["parse_url($1, 0)", ["'example.int/hello.php?user=12#nofragment'"], "error 100139"],
      ["soundex($1)", ["'Pfister'"], "P236"],
      ["soundex_p123($1)", ["'Pfister'"], "P123"],
      ["soundex($1)", ["'Marx'"], "M620"],
      ["soundex($1)", ["'I love rock and roll music.'"], "I416"],
      [
        "uuid_string($1, $2)",
        ["'fe971b24-9572-4005-b22f-351e9c09274d'", "'foo'"],
        "dc0b6f65-fca6-5b4b-9d37-ccc3fde1f3e2",
      ],
      ["sha2($1, 224)", ["'a'"], "abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5"],
      ["md5($1)", ["to_binary('61')"], "0cc175b9c0f1b6a831c399e269772661"],
      ["reverse($1)", ["to_binary('CAFEBABE')"], "BEBAFECA"],
      ["substr($1, 2, 2)", ["to_binary('CAFEBABE')"], "FEBA"],
      ["try_base64_decode_string($1)", ["'x'"], null],
      ["base64_decode_string($1)", ["'SGVsbG8='"], "Hello"],
      ["hex_decode_string($1)", ["'zz'"], "error 100115"],
      ["try_hex_decode_string($1)", ["'zz'"], null],
      ["array_to_string($1, $2)", ["['a', 'b']", "'-'"], "a-b"],
    ],
  );
});

describe("dates", () => {
  testBothPaths(
    () => harness,
    [
      ["to_varchar(time_slice($1, 4, 'MONTH', 'START'))", ["'2019-02-28'::date"], "2019-01-01"],
      ["to_varchar(time_slice($1, 4, 'MONTH', 'END'))", ["'2019-02-28'::date"], "2019-05-01"],
      ["to_varchar(time_slice($1, 2, 'WEEK'))", ["'2018-07-31'::date"], "2018-07-23"],
      ["to_varchar(time_slice($1, 2, 'WEEK', 'END'))", ["'2018-08-25'::date"], "2018-09-03"],
      ["to_varchar(time_slice($1, 15, 'YEAR'))", ["'1969-12-31'::date"], "1955-01-01"],
      [
        "to_varchar(time_slice($1, 8, 'HOUR'))",
        ["'2019-02-28T12:34:56.789'::timestamp_ntz"],
        "2019-02-28 08:00:00.000",
      ],
      [
        "to_varchar(timestamp_ntz_from_parts($1, $2))",
        ["'2013-04-05'::date", "'12:00:00'::time"],
        "2013-04-05 12:00:00.000",
      ],
      ["to_varchar(timestamp_from_parts(2013, 4, 5, 12, 0, $1))", ["-3600"], "2013-04-05 11:00:00.000"],
      [
        "to_varchar(timestamp_tz_from_parts(2013, 4, 5, 12, 0, 0, 0, $1))",
        ["'America/Los_Angeles'"],
        "2013-04-05 12:00:00.000 -0700",
      ],
      ["extract('year' from $1)", ["'2024-01-02'::date"], "2024"],
      ["convert_timezone($1, '2024-01-01'::timestamp)", ["'nowhere'"], "error 100055"],
    ],
  );

  const week = (weekStart: number, policy: number): Promise<(string | null)[][]> =>
    harness.rows(
      "select week(d), yearofweek(d), dayofweek(d) from (select '2017-01-01'::date as d)",
      harness.environment({
        session: {
          ...session,
          parameters: new Map([
            ["WEEK_START", weekStart],
            ["WEEK_OF_YEAR_POLICY", policy],
          ]),
        },
      }),
    );

  it("WEEK_START and WEEK_OF_YEAR_POLICY decide about weeks", async () => {
    expect(await week(0, 0)).toEqual([["52", "2016", "0"]]);
    expect(await week(1, 0)).toEqual([["52", "2016", "7"]]);
    expect(await week(1, 1)).toEqual([["1", "2017", "7"]]);
    expect(await week(7, 0)).toEqual([["1", "2017", "1"]]);
  });
});

describe("numbers", () => {
  testBothPaths(
    () => harness,
    [
      ["round(expr => $1, scale => 1)", ["2.56"], "2.6"],
      ["round($1, scale => 1)", ["2.56"], "2.6"],
      ["round($1, 1, 'HALF_AWAY_FROM_ZERO')", ["2.55"], "2.6"],
      ["round($1, 1, 'HALF_TO_EVEN')", ["2.55"], "2.6"],
      ["round($1, digits => 1)", ["2.55"], "error 001111"],
      ["abs(value => $1)", ["1"], "error 000002"],
      ["getbit($1, 1)", ["11"], "1"],
      ["getbit($1, 2)", ["11"], "0"],
      ["width_bucket($1, 200000, 600000, 4)", ["399999.99"], "2"],
      ["width_bucket($1, 200000, 600000, 4)", ["600000"], "5"],
      ["width_bucket($1, 2, 2, 4)", ["1"], "error 100152"],
      ["uniform(1, 10, $1) = uniform(1, 10, $1)", ["5"], "1"],
      ["uniform(1, 3, $1) between 1 and 3", ["random()"], "1"],
      ["length(randstr(5, $1))", ["random()"], "5"],
      ["random($1) = random($1)", ["5"], "1"],
    ],
  );
});

describe("aggregates and windows", () => {
  const values = "from values (10::decimal(10,2)), (20), (25), (30)";
  it.each([
    [`select var_pop(column1) ${values}`, [["54.6875000000"]]],
    ["select kurtosis(column1) from values (10), (10), (20), (25), (30)", [["-2.324218750000"]]],
    ["select regr_count(column1, column2) from values (1, 2), (null, 3)", [["1"]]],
    ["select approx_top_k(column1, 1) from values (1), (2), (2)", [["[[2,2]]"]]],
    ["select array_union_agg(column1) from values ([1, 1, 2]), ([1, 2, 3])", [["[1,1,2,3]"]]],
    ["select min_by(column1, column2, 2) from values ('a', 3), ('b', 1), ('c', 2)", [['["b","c"]']]],
    ["select listagg(column1, ',' || chr(10)) from values ('a'), ('b')", [["a,\nb"]]],
    [
      "select distinct listagg(distinct column1, '-') within group (order by column2 desc) over (partition by 1) from values ('a', 1), ('b', 2), ('b', 2)",
      [["b-a"]],
    ],
    [
      "select distinct array_agg(distinct column1) within group (order by column2) over (partition by 1) from values ('a', 2), ('b', 1)",
      [['["b","a"]']],
    ],
    ["select distinct boolxor_agg(column1) over (partition by 1) from values (true), (false)", [["1"]]],
    ["select ratio_to_report(column1) over () from values (1), (3) order by 1", [["0.250000"], ["0.750000"]]],
    [
      "select conditional_true_event(column1) over (order by column1) from values (0), (0), (13), (13) order by 1",
      [["0"], ["0"], ["1"], ["2"]],
    ],
    [
      "select count(*) from (select hash_agg(column1) as h from values (1), (2) union select hash_agg(column1) from values (2), (1))",
      [["1"]],
    ],
  ])("%s", async (query, expected) => {
    expect(await harness.rows(query)).toEqual(expected);
  });

  it.each([
    ["select ntile(0) over (order by column1) from values (1)", "001044"],
    ["select grouping(1)", "000979"],
    ["select grouping(column1) over (partition by column1) from values (1)", "002079"],
  ])("%s", async (query, code) => {
    await expect(harness.rows(query)).rejects.toMatchObject({ code });
  });
});

import { testBothPaths } from "./bothPaths";
import { openFixture } from "./fixture";
import { type Harness, session } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await openFixture();
});
afterAll(() => harness.close());

describe("texts in the formats that are detected", () => {
  testBothPaths(
    () => harness,
    [
      ["to_varchar($1::timestamp_ntz)", ["'Thu, 21 Dec 2000 16:01:07 +0200'"], "2000-12-21 16:01:07.000"],
      ["to_varchar($1::timestamp_ntz)", ["'Thu, 21 Dec 2000 16:01:07.5'"], "2000-12-21 16:01:07.500"],
      ["to_varchar($1::timestamp_ntz)", ["'Thu, 21 Dec 2000 04:01:07 PM'"], "2000-12-21 16:01:07.000"],
      ["to_varchar($1::timestamp_ntz)", ["'Mon Jul 08 18:09:51 +0000 2013'"], "2013-07-08 18:09:51.000"],
      ["to_varchar($1::timestamp_ntz)", ["'2/18/2008 02:36:48'"], "2008-02-18 02:36:48.000"],
      ["to_varchar($1::timestamp_ntz)", ["'2013-04-28T20'"], "2013-04-28 20:00:00.000"],
      ["to_varchar($1::timestamp_ntz)", ["'2013-04-28 20:57'"], "2013-04-28 20:57:00.000"],
      ["to_varchar($1::timestamp_ntz)", ["'2024-01-17 19:00:00.000 -0800'"], "2024-01-17 19:00:00.000"],
      ["to_varchar($1::timestamp_tz)", ["'2013-04-28T20:57:01.123+07:00'"], "2013-04-28 20:57:01.123 +0700"],
      ["to_varchar($1::timestamp_tz)", ["'2013-04-28 20:57:01-07'"], "2013-04-28 20:57:01.000 -0700"],
      ["to_varchar($1::timestamp_tz)", ["'2013-04-28 20:57+07:00'"], "2013-04-28 20:57:00.000 +0700"],
      ["to_varchar($1::timestamp_tz)", ["'Thu, 21 Dec 2000 04:01:07 PM +0200'"], "2000-12-21 16:01:07.000 +0200"],
      ["to_varchar($1::timestamp_ltz)", ["'2024-01-17T19:00:00Z'"], "2024-01-17 11:00:00.000 -0800"],
      ["to_varchar($1::timestamp_ntz)", ["'1487654321321'"], "2017-02-21 05:18:41.321"],
      ["to_varchar($1::timestamp_ntz)", ["'1487654321'"], "2017-02-21 05:18:41.000"],
      ["to_varchar($1::date)", ["'17-DEC-1980'"], "1980-12-17"],
      ["to_varchar($1::date)", ["'12/17/1980'"], "1980-12-17"],
      ["to_varchar($1::date)", ["'2019/01/02'"], "error 100040"],
      ["to_varchar($1::date)", ["'2024-02-30'"], "error 100040"],
      ["to_varchar($1::time)", ["'04:01 AM'"], "04:01:00"],
      ["to_varchar($1::time(6))", ["'07:57:01.123456789 PM'"], "19:57:01"],
      ["to_varchar($1::time)", ["'20:57'"], "20:57:00"],
      ["to_varchar($1::time)", ["'24:00'"], "error 100108"],
      ["to_varchar($1::timestamp_ntz)", ["'2024-01-01 10:00:60'"], "error 100035"],
      ["try_cast($1 as timestamp)", ["'05/16'"], null],
      ["to_varchar(try_cast($1 as timestamp))", ["'05-Mar-2016'"], "2016-03-05 00:00:00.000"],
      ["try_cast($1 as char(2))", ["'ABCD'"], null],
      ["try_cast($1 as varchar(10))", ["'ABCD'"], "ABCD"],
    ],
  );
});

describe("a type's scale cuts fractions of a second", () => {
  testBothPaths(
    () => harness,
    [
      ["$1::timestamp_ntz(2)", ["'2024-01-01 10:00:00.98765'"], "1704103200.98"],
      ["$1::timestamp_ntz(0)", ["'2024-01-01 10:00:00.98765'::timestamp_ntz"], "1704103200"],
      ["$1::timestamp_tz(0)", ["'2024-01-01 10:00:00.98765 +0100'"], "1704099600 1500"],
      ["$1::timestamp_ntz(0)", ["'1969-12-31 23:59:59.5'"], "-1"],
      ["$1::time(0)", ["'20:57:01.5'"], "75421"],
      ["$1::time(1)", ["'20:57:01.56'::time"], "75421.5"],
    ],
  );
});

describe("texts read by a format", () => {
  testBothPaths(
    () => harness,
    [
      ["to_varchar(to_timestamp_ntz($1, $2))", ["'08:30:00'", "'hh:mi:ss'"], "1970-01-01 08:30:00.000"],
      ["to_varchar(to_date($1, $2))", ["'January 5, 2024'", "'MMMM DD, YYYY'"], "2024-01-05"],
      ["to_varchar(to_date($1, $2))", ["'05-jan-24'", "'DD-MON-YY'"], "2024-01-05"],
      ["to_varchar(to_date($1, $2))", ["'05-JANUARY-1999'", "'DD-MON-YYYY'"], "1999-01-05"],
      ["to_varchar(to_date($1, $2))", ["'3/4/2024'", "'DD/MM/YYYY'"], "2024-04-03"],
      ["to_varchar(to_date($1, $2))", ["'20240102'", "'YYYYMMDD'"], "2024-01-02"],
      ["try_to_date($1, $2)", ["'20241302'", "'YYYYMMDD'"], null],
      ["to_date($1, $2)", ["'20241302'", "'YYYYMMDD'"], "error 100040"],
      ["to_varchar(to_time($1, $2))", ["'1:05 PM'", "'HH12:MI AM'"], "13:05:00"],
      ["to_timestamp($1, $2)", ["'2019-02-2823:59:59 -07:00'", "'YYYY-MM-DD HH24:MI:SS TZH:TZM'"], "error 100035"],
      [
        "to_varchar(to_timestamp($1, $2))",
        ["'2019-02-28 23:59:59.000000000 -07:00'", "'YYYY-MM-DDHH24:MI:SS.FF TZH:TZM'"],
        "2019-02-28 23:59:59.000",
      ],
      [
        "to_varchar(to_timestamp_tz($1, $2))",
        ["'2019-02-28 23:59:59 -0730'", "'YYYY-MM-DD HH24:MI:SS TZHTZM'"],
        "2019-02-28 23:59:59.000 -0730",
      ],
      [
        "to_varchar(to_timestamp($1, $2))",
        ["'2026-01-02T03:04:05 EST'", `'YYYY-MM-DD"T"HH24:MI:SS "EST"'`],
        "2026-01-02 03:04:05.000",
      ],
      ["to_varchar(to_timestamp($1, 3))", ["1487654321321"], "2017-02-21 05:18:41.321"],
      ["to_varchar(to_timestamp($1))", ["1487654321.5"], "2017-02-21 05:18:41.500"],
    ],
  );
});

describe("dates and times printed in a format", () => {
  const moment = "'2026-05-06 17:05:09.123'::timestamp_ntz";
  testBothPaths(
    () => harness,
    [
      ["to_char($1, $2)", [moment, "'hh:mi'"], "17:05"],
      ["to_char($1, $2)", [moment, "'DY, DD MON YYYY HH12:MI:SS AM'"], "Wed, 06 May 2026 05:05:09 PM"],
      [
        "to_char($1, $2)",
        [moment, "'MMMM D/MO/Y H24.H12.ME.S P FF3 FF1 FF9'"],
        "May 6/5/26 17.5.5.9 P 123 1 123000000",
      ],
      ["to_char($1, $2)", [moment, `'"day" DD %d'`], "day 06 %6"],
      ["to_char($1, $2)", ["'2024-01-01 10:00:00 -0730'::timestamp_tz", "'TZHTZM TZH:TZM TZH'"], "-0730 -07:30 -07"],
      ["to_char($1, $2)", ["'10:11:12'::time", "'HH24-MI'"], "10-11"],
      ["to_char($1, $2)", ["'2024-03-01'::date", "'YYYY/MM'"], "2024/03"],
    ],
  );
});

it("the session's input formats act on casts, its century on years of two digits", async () => {
  const environment = harness.environment({
    session: {
      ...session,
      parameters: new Map<string, string | number>([
        ["DATE_INPUT_FORMAT", "DD.MM.YYYY"],
        ["TIME_INPUT_FORMAT", "HH24.MI"],
        ["TIMESTAMP_INPUT_FORMAT", "DD.MM.YY HH24:MI"],
        ["TWO_DIGIT_CENTURY_START", 1980],
      ]),
    },
  });
  const query =
    "select to_varchar('03.04.2024'::date), to_varchar('10.30'::time), to_varchar('01.02.79 10:00'::timestamp), to_varchar('01.02.80 10:00'::timestamp)";
  expect(await harness.rows(query, environment)).toEqual([
    ["2024-04-03", "10:30:00", "2079-02-01 10:00:00.000", "1980-02-01 10:00:00.000"],
  ]);
  await expect(harness.rows("select '2024-04-03'::date", environment)).rejects.toMatchObject({ code: "100040" });
});

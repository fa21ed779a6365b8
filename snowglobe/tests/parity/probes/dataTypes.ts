import { probe, value, type Section } from "../probe";

export const dataTypes: Section = {
  title: "Data types",
  page: "Summary of data types",
  before: [
    `create table kinds (n number, d decimal(10, 2), i bigint, f float, b boolean, v varchar, c char, s string(20), bin binary,
     dt date, tm time, ntz timestamp_ntz, ltz timestamp_ltz(3), tz timestamp_tz, va variant, o object, a array)`,
  ],
  probes: [
    probe(
      "the types of a table's columns",
      `describe table kinds ->> select listagg("type", ' ') from $1`,
      "NUMBER(38,0) NUMBER(10,2) NUMBER(38,0) FLOAT BOOLEAN VARCHAR(16777216) VARCHAR(1) VARCHAR(20) BINARY(8388608) DATE TIME(9) TIMESTAMP_NTZ(9) TIMESTAMP_LTZ(3) TIMESTAMP_TZ(9) VARIANT OBJECT ARRAY",
    ),
    value("99999999999999999999999999999999999999", "99999999999999999999999999999999999999", {
      what: "NUMBER has 38 digits",
      page: "Numeric data types",
    }),
    probe(
      "NUMBER, a value that does not fit",
      "select 12345::number(4, 0)",
      { error: "Number out of representable range" },
      { page: "Numeric data types" },
    ),
    value("1.005::number(10, 2)", "1.01", { what: "NUMBER rounds to its scale", page: "Numeric data types" }),
    value("0.1::float + 0.2::float = 0.3::float", "FALSE", { what: "FLOAT", page: "Numeric data types" }),
    value("'NaN'::float = 'NaN'::float", "TRUE", { what: "NaN equals itself", page: "Numeric data types" }),
    value("1e3", "1000", { what: "a constant with an exponent", page: "Numeric data types" }),
    probe("DECFLOAT", "select 1::decfloat", "1", { page: "Numeric data types" }),
    probe(
      "VARCHAR, a text that does not fit",
      "insert into kinds (s) values ('123456789012345678901')",
      { error: "String '123456789012345678901' is too long and would be truncated" },
      { page: "String & binary data types" },
    ),
    value("'it''s' || $$ a 'b'$$", "it's a 'b'", { what: "text constants", page: "String & binary data types" }),
    value("'a\\tb\\u26c4'", "a\tb⛄", { what: "escapes in text constants", page: "String & binary data types" }),
    value("'a' = 'a '", "FALSE", { what: "trailing blanks count", page: "String & binary data types" }),
    value("'a' = 'A'", "FALSE", { what: "comparison minds upper and lower case", page: "String & binary data types" }),
    value("x'534E4F57'", "534E4F57", { what: "BINARY", page: "String & binary data types" }),
    value("true and null", null, { what: "three-valued logic", page: "Logical data types" }),
    value("'t'::boolean", "TRUE", { what: "BOOLEAN from text", page: "Logical data types" }),
    value("'2024-03-10'::date", "2024-03-10", { what: "DATE", page: "Date & time data types" }),
    value("'08:30:00.25'::time(2)", "08:30:00", { what: "TIME", page: "Date & time data types" }),
    value("'2024-03-10 01:02:03'::timestamp_ntz", "2024-03-10 01:02:03.000", {
      what: "TIMESTAMP_NTZ",
      page: "Date & time data types",
    }),
    value("'2024-03-10 01:02:03 +0200'::timestamp_tz", "2024-03-10 01:02:03.000 +0200", {
      what: "TIMESTAMP_TZ",
      page: "Date & time data types",
    }),
    probe("TIMESTAMP_LTZ", "select '2024-07-01 12:00:00 +0000'::timestamp_ltz", "2024-07-01 14:00:00.000 +0200", {
      before: ["alter session set timezone = 'Europe/Berlin'"],
      page: "Date & time data types",
    }),
    probe(
      "TIMESTAMP is TIMESTAMP_NTZ by default",
      "select system$typeof('2024-01-01'::timestamp) like 'TIMESTAMP_NTZ(9)%'",
      "TRUE",
      {
        before: ["alter session set timezone = 'UTC'"],
        page: "Date & time data types",
      },
    ),
    probe("TIMESTAMP_TYPE_MAPPING", "select system$typeof('2024-01-01'::timestamp) like 'TIMESTAMP_LTZ%'", "TRUE", {
      before: ["alter session set timestamp_type_mapping = 'TIMESTAMP_LTZ'"],
      page: "Parameters",
    }),
    probe("VARIANT", "select typeof(column1::variant) from values (1), (null)", [["INTEGER"], [null]], {
      page: "Semi-structured data types",
    }),
    probe("structured ARRAY", "select [1, 2]::array(number)", [["[1,2]"]], { page: "Structured data types" }),
    probe("VECTOR", "select [1, 2]::vector(int, 2)", { refused: "data type VECTOR" }, { page: "Vector data types" }),
    probe(
      "GEOGRAPHY",
      "select 'POINT(1 2)'::geography",
      { refused: "data type GEOGRAPHY" },
      { page: "Geospatial data types" },
    ),
    probe("the supertype of a CASE", "select system$typeof(iff(true, 1, 1.25))", "NUMBER(3,2)[SB2]", {
      page: "Data type conversion",
    }),
    probe("a number compared with text", "select 10 > '9'", "TRUE", { page: "Data type conversion" }),
  ],
};
